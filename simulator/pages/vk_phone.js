// The phone as VK shows it: a community's chat, buttons under messages or below the input, messages forbidden and allowed.
import { draw } from "./max_bubble.js";
import { get, icon, make, post } from "./parts.js";
import { Phone } from "./phone.js";
import { keys } from "./telegram_bubble.js";
import { say, timeText } from "./words.js";

// VK's attachment as the bubble takes it.
function partOf({ type, ...whole }) {
  const one = whole[type] ?? {};
  if (type === "photo") return { type: "image", url: one.sizes?.at(-1)?.url };
  if (type === "graffiti") return { type: "image", url: one.url };
  if (type === "sticker") return { type: "sticker", url: one.images?.at(-1)?.url };
  if (type === "audio_message") return { type: "audio", url: one.link_ogg ?? one.link_mp3 };
  if (type === "doc") return { type: "file", url: one.url, filename: one.title };
  return { type, url: one.url, title: one.title };
}

const quoteOf = (message, person) => ({ text: message.text, type: "text", from_customer: message.from_id === person });
const rowsOf = (keyboard) => (keyboard?.buttons ?? []).map((row) => row.map(({ action }) =>
  ({ text: action.label ?? say(action.type === "location" ? "sendPlace" : "open"), url: action.link })));

function shown(message, person) {
  const isOurs = message.direction === "from_person";
  const place = message.geo?.coordinates;
  return {
    id: message.id,
    direction: isOurs ? "from_customer" : "from_business",
    type: message.attachments?.[0]?.type ?? "text",
    text: message.text,
    status: isOurs || message.is_read ? "read" : "delivered",
    at: new Date(message.date * 1000).toISOString(),
    edited: Boolean(message.update_time),
    reply_to: message.reply_message && quoteOf(message.reply_message, person),
    forwarded: message.fwd_messages?.[0]?.text,
    parts: [...(message.attachments ?? []).map(partOf), ...(place ? [{ type: "location", ...place }] : [])],
    buttons: message.keyboard?.inline ? rowsOf(message.keyboard) : [],
  };
}

class VkPhone extends Phone {
  build(place) {
    super.build(place);
    this.pictureType = "photo";
    place.querySelector(".phone").classList.add("vk");
    this.writing = place.querySelector(".ph-in");
    this.keyboard = make(".ph-keys", { hidden: true, data: { testid: "phone-keyboard" } });
    this.begin = make("button.begin", { type: "button", hidden: true, data: { testid: "phone-start" },
      onclick: () => this.write({ type: "start" }) }, say("getStarted"));
    this.permission = make("button", { type: "button", data: { testid: "phone-block" },
      onclick: () => this.post(this.isAllowed ? "deny" : "allow", {}) }, icon("stop"));
    place.querySelector(".ph-hd").append(this.permission);
    this.writing.after(this.keyboard, this.begin);
  }

  draw(message) { return draw(message, this.acts()); }

  async refresh() {
    if (!this.customer || !this.number) return;
    const [customer, number] = [this.customer, this.number];
    const view = await get(`vk/people/${customer.id}/messages?group=${number.id}`);
    if (customer !== this.customer || number !== this.number) return;
    this.now = view.now;
    this.time.textContent = timeText(view.now);
    this.subtitle.textContent = say(view.is_typing ? "typing" : view.is_blacklisted ? "blockedAccount" : "community");
    this.isAllowed = view.is_allowed;
    this.permission.title = say(view.is_allowed ? "denyMessages" : "allowMessages");
    this.permission.setAttribute("aria-label", this.permission.title);
    this.begin.hidden = view.messages.length > 0;
    const standing = view.messages.findLast((one) => one.keyboard && !one.keyboard.inline);
    const rows = rowsOf(standing?.keyboard);
    const json = JSON.stringify([standing?.id, rows]);
    if (this.keyboard.dataset.shown !== json) {
      this.keyboard.dataset.shown = json;
      this.keyboard.hidden = rows.length === 0;
      this.keyboard.replaceChildren(...keys(rows, (index) => () => this.write({ type: "press", message: standing.id, index }), "phone-key"));
    }
    this.redraw(view.messages.map((message) => shown(message, customer.id)));
    const isWaiting = view.messages.some((one) => one.direction === "from_group" && !one.is_read);
    if (isWaiting && !this.inPocket && document.visibilityState === "visible") await post(`vk/people/${customer.id}/read`, { to: number.id });
  }

  // One wish to the simulator; what it refuses is said to the person.
  async post(what, body) {
    try {
      this.isAtEnd = true;
      await post(`vk/people/${this.customer.id}/${what}`, { to: this.number.id, ...body });
      await this.refresh();
    } catch (error) {
      this.notice(error.message);
    }
  }

  write(wish) {
    return this.post("messages", { ...wish, ...(wish.caption ? { text: wish.caption } : {}), ...(wish.type === "document" ? { type: "doc" } : {}) });
  }

  async bytesOf(file) {
    let text = "";
    for (const byte of new Uint8Array(await file.arrayBuffer())) text += String.fromCharCode(byte);
    return { data: btoa(text), mime_type: file.type };
  }

  attachMore() {
    this.offer([["picture", { type: "photo" }], ["album", { attachments: ["photo", "photo"] }], ["file", { type: "doc" }], ["voice", { type: "voice" }],
      ["sticker", { type: "sticker" }], ["place", { type: "location" }]]);
  }
}

const nameOf = (one) => [one.first_name, one.last_name].filter(Boolean).join(" ");

// What the page asks of a messenger (messengers.js).
export const vk = {
  name: "VK",
  Phone: VkPhone,
  hasReceipts: true,
  async load() {
    const [{ people }, { groups }] = [await get("vk/people"), await get("vk/groups")];
    return {
      phones: people.map((one) => ({ ...one, wa_id: String(one.id), name: nameOf(one) })),
      numbers: groups.map((one) => ({ ...one, id: String(one.id), verified_name: one.name })),
    };
  },
  async create(name) {
    const id = 1e6 + Math.floor(Math.random() * 9e8);
    await post("vk/people", { id, first_name: name });
    return String(id);
  },
};
