// The phone of somebody who writes to an account behind a gateway: an ordinary chat, and a switch that blocks the account.
import { frame, link, place, summary } from "./bubble.js";
import { get, icon, make, post } from "./parts.js";
import { Phone } from "./phone.js";
import { say, timeText } from "./words.js";

function attachment(file, type, address) {
  if (type === "image" || type === "sticker") return make("img." + type, { src: address, alt: say(type === "image" ? "picture" : "sticker") });
  if (type === "audio") return make("audio", { src: address, controls: true, preload: "metadata" });
  if (type === "video") return make("video", { src: address, controls: true, preload: "metadata" });
  return link(address, file.name || say("file"));
}

// "FN:..." of a card.
const nameOn = (card) => /^FN:(.*)$/m.exec(card)?.[1] ?? say("contact");

export class GatewayPhone extends Phone {
  build(element) {
    super.build(element);
    this.block = make("button", { type: "button", title: say("blockAccount"), label: say("blockAccount"), data: { testid: "phone-block" },
      onclick: () => this.switchBlock() }, icon("stop"));
    element.querySelector(".ph-hd").append(this.block);
  }

  draw(message) {
    const acts = this.acts();
    const parts = [];
    if (message.reply_to)
      parts.push(make(".quote", {}, make("b", {}, message.reply_to.from_customer ? say("you") : acts.businessName), make("span", {}, summary(message.reply_to))));
    if (message.file) parts.push(attachment(message.file, message.type, `/sim/gateway/people/${this.customer.number}/files/${message.id}?session=${this.number.name}`));
    if (message.location) parts.push(place({ ...message.location, address: message.location.description }));
    parts.push(...message.vcards.map((card) => make(".card", {}, make("b", {}, nameOn(card)))));
    if (message.text) parts.push(make("span.text", {}, message.text));
    return frame(message, acts, parts.length ? parts : [make("i", {}, message.type)], []);
  }

  async refresh() {
    if (!this.customer || !this.number) return;
    const [customer, number] = [this.customer, this.number];
    const view = await get(`gateway/people/${customer.number}/messages?session=${number.name}&since=${this.version}`);
    if (customer !== this.customer || number !== this.number) return;
    this.now = view.now;
    this.time.textContent = timeText(view.now);
    this.isBlocked = view.blocked;
    this.block.ariaPressed = String(view.blocked);
    this.subtitle.textContent = view.typing ? say("typing") : view.blocked ? say("blockedAccount") : "";
    if (view.messages) {
      this.version = view.version;
      this.redraw(view.messages);
    }
    const isWaiting = [...this.log.children].some((row) => row.dataset.direction === "from_business" && row.dataset.status === "delivered");
    if (isWaiting && document.visibilityState === "visible") await post(`gateway/people/${customer.number}/read`, { session: number.name });
  }

  async post(what, body) {
    try {
      await post(`gateway/people/${this.customer.number}/${what}`, { session: this.number.name, ...body });
      await this.refresh();
    } catch (error) {
      this.notice(error.message);
    }
  }

  switchBlock() {
    return this.post("block", { on: !this.isBlocked });
  }

  async bytesOf(file) {
    let text = "";
    for (const byte of new Uint8Array(await file.arrayBuffer())) text += String.fromCharCode(byte);
    return { data: btoa(text), mime_type: file.type, filename: file.name };
  }

  attachMore() {
    this.offer([["picture", { type: "image" }], ["voice", { type: "voice" }], ["sticker", { type: "sticker" }],
      ["place", { type: "location" }], ["contact", { type: "contact" }], ["call", { type: "call" }]]);
  }
}
