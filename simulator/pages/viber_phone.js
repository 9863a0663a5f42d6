// The phone as Viber shows it: the chat is opened first, a keyboard stands below, the person may unsubscribe.
import { get, icon, make, post } from "./parts.js";
import { Phone } from "./phone.js";
import { draw, keys } from "./viber_bubble.js";
import { say, timeText } from "./words.js";

export class ViberPhone extends Phone {
  build(place) {
    super.build(place);
    this.pictureType = "picture";
    place.querySelector(".phone").classList.add("viber");
    this.writing = place.querySelector(".ph-in");
    this.keyboard = make(".ph-keys", { hidden: true, data: { testid: "phone-keyboard" } });
    this.begin = make("button.begin", { type: "button", hidden: true, data: { testid: "phone-start" },
      onclick: () => this.write({ type: "open" }) }, say("start"));
    this.leave = make("button", { type: "button", data: { testid: "phone-block" },
      onclick: () => this.write({ type: this.isSubscribed ? "unsubscribe" : "subscribe" }) }, icon("stop"));
    place.querySelector(".ph-hd").append(this.leave);
    this.writing.after(this.keyboard, this.begin);
  }

  draw(message) { return draw(message, this.acts()); }

  async refresh() {
    if (!this.customer || !this.number) return;
    const [customer, number] = [this.customer, this.number];
    const view = await get(`viber/people/${encodeURIComponent(customer.key)}/messages?bot=${encodeURIComponent(number.uri)}&since=${this.version}`);
    if (customer !== this.customer || number !== this.number) return;
    this.now = view.now;
    this.time.textContent = timeText(view.now);
    this.subtitle.textContent = say(view.can_write ? "bot" : "noWebhook");
    this.isSubscribed = view.subscribed;
    this.writing.hidden = !view.open;
    this.begin.hidden = view.open;
    this.leave.hidden = !view.open;
    this.leave.title = say(view.subscribed ? "unsubscribe" : "subscribe");
    this.leave.setAttribute("aria-label", this.leave.title);
    if (!view.messages) return;
    this.version = view.version;
    this.keyboard.hidden = !view.open || !view.keyboard.length;
    this.keyboard.replaceChildren(...keys(view.keyboard, (index) => () => this.write({ type: "press", index }), "phone-key"));
    this.redraw(view.messages);
    if (document.visibilityState === "visible" && view.messages.some((one) => one.status === "delivered"))
      await post(`viber/people/${encodeURIComponent(customer.key)}/seen`, { to: number.uri });
  }

  // One wish to the simulator; what it refuses is said to the person.
  async write(wish) {
    try {
      this.isAtEnd = true;
      await post(`viber/people/${encodeURIComponent(this.customer.key)}/messages`, { to: this.number.uri, ...wish,
        ...(wish.caption ? { text: wish.caption } : {}), ...(wish.type === "document" ? { type: "file" } : {}) });
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

  // Nothing is quoted, changed or taken back here.
  menu() {}

  attachMore() {
    this.offer([["picture", { type: "picture" }], ["video", { type: "video" }], ["voice", { type: "voice" }], ["file", { type: "file" }],
      ["sticker", { type: "sticker" }], ["place", { type: "location" }], ["ownNumber", { type: "contact" }]]);
  }
}
