// The phone as Messenger and Instagram show it: Get Started before the first message, templates, quick replies.
import { button, frame, link, place, summary } from "./bubble.js";
import { get, icon, make, post } from "./parts.js";
import { Phone } from "./phone.js";
import { say, timeText } from "./words.js";

function attachment({ type, payload = {}, title, url }) {
  const source = payload.url ?? url;
  if (type === "location") return place({ latitude: payload.coordinates.lat, longitude: payload.coordinates.long });
  if (type === "template") return make("span.text", {}, payload.text ?? payload.elements?.map((one) => one.title).join("\n") ?? "");
  if (type === "like_heart") return make("span.text", {}, "❤️");
  if (!source) return make("i", {}, type);
  if (["image", "sticker", "story_mention"].includes(type)) return make("img." + (type === "sticker" ? "sticker" : "image"), { src: source, alt: say("picture") });
  if (type === "audio") return make("audio", { src: source, controls: true, preload: "metadata" });
  if (type === "video") return make("video", { src: source, controls: true, preload: "metadata" });
  const name = title ?? payload.title ?? (type === "file" ? decodeURIComponent(source.split("/").pop()) : source);
  const made = link("#", name || say("file"));
  made.href = source;
  return made;
}

function content(message, acts) {
  const parts = [];
  if (message.reply_to)
    parts.push(make(".quote", {}, make("b", {}, message.reply_to.from_customer ? say("you") : acts.businessName),
      make("span", {}, message.reply_to.type ? summary(message.reply_to) : "…")));
  parts.push(...(message.attachments ?? []).map(attachment));
  if (message.text) parts.push(make("span.text", {}, message.text));
  return parts.length ? parts : [make("i", {}, message.type)];
}

// Buttons of a template; quick replies stand there until the person writes something.
function pressable(message, acts, isNewest) {
  const buttons = (message.attachments ?? []).flatMap((one) => one.payload?.buttons ?? []);
  const made = buttons.map((one) => button(one.type === "web_url" ? { text: one.title, url: one.url }
    : { text: one.title, act: () => acts.press(message, { button: one.title }) }));
  const replies = isNewest ? message.quick_replies ?? [] : [];
  return [...made, ...replies.map((one, index) => button({ text: one.title ?? say("shareNumber"), act: () => acts.press(message, { index }) }))];
}

export class MetaPhone extends Phone {
  build(place) {
    super.build(place);
    this.writing = place.querySelector(".ph-in");
    this.begin = make("button.begin", { type: "button", hidden: true, data: { testid: "phone-start" }, onclick: () => this.write({ type: "start" }) },
      say("getStarted"));
    this.block = make("button", { type: "button", title: say("blockAccount"), label: say("blockAccount"), data: { testid: "phone-block" },
      onclick: () => this.write({ type: "block" }) }, icon("stop"));
    place.querySelector(".ph-hd").append(this.block);
    this.writing.after(this.begin);
  }

  redraw(messages) {
    this.newest = messages.at(-1)?.id;
    super.redraw(messages.map((one) => ({ ...one, newest: one.id === this.newest })));
  }

  show(customer, number) {
    const looks = this.log.closest(".phone").classList;
    for (const object of ["page", "instagram"]) looks.toggle(object, number?.object === object);
    super.show(customer, number);
  }

  draw(message) { return frame(message, this.acts(), content(message, this.acts()), pressable(message, this.acts(), message.newest)); }

  async refresh() {
    if (!this.customer || !this.number) return;
    const customer = this.customer;
    const view = await get(`meta/people/${customer.id}/messages?since=${this.version}`);
    if (customer !== this.customer) return;
    this.now = view.now;
    this.time.textContent = timeText(view.now);
    this.subtitle.textContent = view.typing ? say("typing") : say("official");
    this.block.hidden = view.blocked;
    this.begin.hidden = view.started || !view.get_started;
    if (view.messages) {
      this.version = view.version;
      this.redraw(view.messages);
    }
    const isWaiting = [...this.log.children].some((row) => row.dataset.direction === "from_business" && row.dataset.status !== "read");
    if (isWaiting && !this.inPocket && document.visibilityState === "visible") await post(`meta/people/${customer.id}/read`);
  }

  // One wish to the simulator; what it refuses is said to the person.
  async write(wish) {
    try {
      this.isAtEnd = true;
      await post(`meta/people/${this.customer.id}/messages`, { ...wish, type: wish.type === "document" ? "file" : wish.type });
      await this.refresh();
    } catch (error) {
      this.notice(error.message);
    }
  }

  async bytesOf(file) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    let text = "";
    for (const byte of bytes) text += String.fromCharCode(byte);
    return { data: btoa(text), mime_type: file.type };
  }

  attachMore() {
    this.offer([["picture", { type: "image" }], ["voice", { type: "voice" }], ["file", { type: "file" }], ["sticker", { type: "sticker" }],
      ["place", { type: "location" }], ["openLink", { type: "open_link", ref: "PHONE-1" }]]);
  }
}
