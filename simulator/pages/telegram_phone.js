// The phone as Telegram shows it: Start before the first message, keyboards, blocking.
import { get, icon, make, post } from "./parts.js";
import { Phone } from "./phone.js";
import { draw, keys } from "./telegram_bubble.js";
import { say, timeText } from "./words.js";

export class TelegramPhone extends Phone {
  build(place) {
    super.build(place);
    this.pictureType = "photo";
    place.querySelector(".phone").classList.add("telegram");
    this.writing = place.querySelector(".ph-in");
    this.keyboard = make(".ph-keys", { hidden: true, data: { testid: "phone-keyboard" } });
    this.begin = make("button.begin", { type: "button", hidden: true, onclick: () => this.write({ type: "start" }) });
    this.block = make("button", { type: "button", title: say("block"), label: say("block"), data: { testid: "phone-block" },
      onclick: () => this.write({ type: "block" }) }, icon("stop"));
    place.querySelector(".ph-hd").append(this.block);
    this.writing.after(this.keyboard, this.begin);
  }

  draw(message) { return draw(message, this.acts()); }

  async refresh() {
    if (!this.customer || !this.number) return;
    const [customer, number] = [this.customer, this.number];
    const view = await get(`telegram/people/${customer.id}/messages?bot=${number.id}&since=${this.version}`);
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
    this.keyboard.hidden = !isOpen || !view.keyboard.length;
    this.keyboard.replaceChildren(...keys(view.keyboard, (index) => () => this.write({ type: "press", index }), "phone-key"));
    this.redraw(view.messages);
  }

  // One wish to the simulator; what it refuses is said to the person.
  async write(wish) {
    try {
      this.isAtEnd = true;
      await post(`telegram/people/${this.customer.id}/messages`, { bot: this.number.id, ...wish });
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
    this.offer([["picture", { type: "photo" }], ["album", { type: "album" }], ["sticker", { type: "sticker" }],
      ["voice", { type: "voice" }], ["place", { type: "location" }], ["ownNumber", { type: "contact" }]]);
  }
}
