// The phone as MAX shows it: Start before the first message, buttons under messages, stopping.
import { draw } from "./max_bubble.js";
import { get, icon, make, post } from "./parts.js";
import { Phone } from "./phone.js";
import { say, timeText } from "./words.js";

export class MaxPhone extends Phone {
  build(place) {
    super.build(place);
    this.pictureType = "image";
    place.querySelector(".phone").classList.add("max");
    this.writing = place.querySelector(".ph-in");
    this.begin = make("button.begin", { type: "button", hidden: true, onclick: () => this.write({ type: "start" }) });
    this.block = make("button", { type: "button", title: say("block"), label: say("block"), data: { testid: "phone-block" },
      onclick: () => this.write({ type: "stop" }) }, icon("stop"));
    place.querySelector(".ph-hd").append(this.block);
    this.writing.after(this.begin);
  }

  draw(message) { return draw(message, this.acts()); }

  async refresh() {
    if (!this.customer || !this.number) return;
    const [customer, number] = [this.customer, this.number];
    const view = await get(`max/people/${customer.id}/messages?bot=${number.id}&since=${this.version}`);
    if (customer !== this.customer || number !== this.number) return;
    this.now = view.now;
    this.time.textContent = timeText(view.now);
    this.subtitle.textContent = view.typing ? say("typing") : say("bot");
    const isOpen = view.started && !view.blocked;
    this.writing.hidden = !isOpen;
    this.block.hidden = !isOpen;
    this.begin.hidden = isOpen;
    this.begin.textContent = say(view.blocked ? "restart" : "start");
    this.begin.dataset.testid = view.blocked ? "phone-unblock" : "phone-start";
    if (!view.messages) return;
    this.version = view.version;
    this.redraw(view.messages);
  }

  // One wish to the simulator; what it refuses is said to the person.
  async write(wish) {
    try {
      this.isAtEnd = true;
      await post(`max/people/${this.customer.id}/messages`, { bot: this.number.id, ...wish });
      await this.refresh();
    } catch (error) {
      this.notice(error.message);
    }
  }

  async bytesOf(file) {
    let text = "";
    for (const byte of new Uint8Array(await file.arrayBuffer())) text += String.fromCharCode(byte);
    return { data: btoa(text), mime_type: file.type };
  }

  attachMore() {
    this.offer([["picture", { type: "image" }], ["album", { attachments: ["image", "image"] }], ["sticker", { type: "sticker" }],
      ["voice", { type: "voice" }], ["place", { type: "location" }], ["ownNumber", { type: "contact" }]]);
  }
}

const nameOf = (one) => [one.first_name, one.last_name].filter(Boolean).join(" ");

// What the page asks of a messenger (messengers.js).
export const max = {
  name: "MAX",
  Phone: MaxPhone,
  hasReceipts: false,
  async load() {
    const [{ people }, { bots }] = [await get("max/people"), await get("max/bots")];
    return {
      phones: people.map((one) => ({ ...one, wa_id: String(one.id), name: nameOf(one) })),
      numbers: bots.map((one) => ({ ...one, id: String(one.id), verified_name: one.name })),
    };
  },
  async create(name, phone) {
    const id = 1e6 + Math.floor(Math.random() * 9e8);
    await post("max/people", { id, first_name: name, phone: phone.replace(/\D/g, "") });
    return String(id);
  },
};
