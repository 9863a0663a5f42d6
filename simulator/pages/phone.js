// The phone: header, messages, input. Asks the simulator every half second for what is new.
import { draw, summary } from "./bubble.js";
import { get, icon, make, post, upload } from "./parts.js";
import { dayText, say, timeText } from "./words.js";

const emoji = ["👍", "❤️", "😂", "😮", "😢", "🙏"];
const places = [{ latitude: 55.7558, longitude: 37.6173, name: "Café Pushkin", address: "Tverskoy blvd 26A" },
  { latitude: 55.7337, longitude: 37.5881 }];
const editLimit = 15 * 60 * 1000;

export class Phone {
  constructor(place, notice) {
    this.notice = notice;
    this.customer = null;
    this.number = null;
    this.version = 0;
    this.drawn = new Map();  // message id -> {json, element}
    this.replyTo = null;
    this.editing = null;
    this.inPocket = false;
    this.pictureType = "image";
    this.build(place);
  }

  build(place) {
    this.time = make("span.num");
    this.avatar = make("span.av");
    this.title = make("b");
    this.subtitle = make("p.quiet");
    this.log = make("ol.ph-log", { data: { testid: "phone-log" }, onscroll: () => {
      this.isAtEnd = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 40;
    } });
    for (const grown of ["load", "loadedmetadata"]) this.log.addEventListener(grown, () => this.follow(), true);
    this.aim = make(".aim", { hidden: true });
    this.input = make("textarea", { rows: 1, placeholder: say("write"), label: say("write"), data: { testid: "phone-text" },
      onkeydown: (event) => this.key(event), oninput: () => this.grow() });
    this.files = make("input", { type: "file", multiple: true, title: say("attach"), label: say("attach"), data: { testid: "phone-attach" },
      onchange: () => this.sendFiles() });
    const sending = make("button.send", { type: "button", title: say("send"), label: say("send"), data: { testid: "phone-send" },
      onclick: () => this.send() }, icon("up"));
    const more = make("button.plus", { type: "button", title: say("attachMore"), label: say("attachMore"), data: { testid: "phone-more" },
      onclick: () => this.attachMore() }, icon("plus"));
    place.append(make(".phone", {}, make(".screen", {},
      make(".ph-st", {}, this.time, make("span", {}, icon("wifi"), icon("battery"))),
      make(".ph-hd", {}, icon("left"), this.avatar, make(".grow", {}, this.title, this.subtitle)),
      this.log, this.aim,
      make(".ph-in", {}, more, make("label.box", {}, this.input, make("span.clip", {}, icon("clip"), this.files)), sending))));
  }

  show(customer, number) {
    if (customer?.wa_id === this.customer?.wa_id && number?.id === this.number?.id) return;
    this.customer = customer;
    this.number = number;
    this.version = 0;
    this.isAtEnd = true;
    this.drawn.clear();
    this.log.replaceChildren();
    this.aimAt(null, null);
    this.title.textContent = number?.verified_name || number?.display_phone_number || "";
    this.avatar.textContent = this.title.textContent.split(/\s+/).map((word) => word[0]).slice(0, 2).join("").toUpperCase();
    this.refresh();
  }

  async refresh() {
    if (!this.customer || !this.number) return;
    const [customer, number] = [this.customer, this.number];
    const view = await get(`phones/${customer.wa_id}/messages?number=${number.id}&since=${this.version}`);
    if (customer !== this.customer || number !== this.number) return;
    this.now = view.now;
    this.time.textContent = timeText(view.now);
    this.subtitle.textContent = view.typing ? say("typing") : say("official");
    if (view.messages) {
      this.version = view.version;
      this.redraw(view.messages);
    }
    const isWaiting = [...this.log.children].some((row) => row.dataset.direction === "from_business" && row.dataset.status === "delivered");
    if (isWaiting && !this.inPocket && document.visibilityState === "visible")
      await post(`phones/${customer.wa_id}/read`, { to: number.id });
  }

  redraw(messages) {
    const rows = [];
    let day = "";
    for (const message of messages) {
      if (dayText(message.at) !== day) {
        day = dayText(message.at);
        rows.push(make("li.ph-day", {}, day));
      }
      const json = JSON.stringify(message);
      const known = this.drawn.get(message.id);
      if (known?.json !== json) this.drawn.set(message.id, { json, element: this.draw(message) });
      rows.push(this.drawn.get(message.id).element);
    }
    this.log.replaceChildren(...rows);
    this.follow();
  }

  draw(message) { return draw(message, this.acts()); }

  // Stays at the end unless the person has scrolled up; pictures grow after they were drawn.
  follow() {
    if (this.isAtEnd) this.log.scrollTop = this.log.scrollHeight;
  }

  acts() {
    return {
      businessName: this.title.textContent,
      press: (message, wish) => this.write({ type: "press", message: message.id, ...wish }),
      played: (message) => message.direction === "from_business" && message.status !== "played" && this.post("played", { message: message.id }),
      sendPlace: (message) => this.write({ type: "location", location: places[this.drawn.size % places.length], reply_to: message.id }),
      choose: (message, action) => this.choose(message, action),
      menu: (message, at) => this.menu(message, at),
    };
  }

  // One wish to the simulator; what it refuses is said to the person.
  async post(what, body) {
    try {
      await post(`phones/${this.customer.wa_id}/${what}`, { to: this.number.id, ...body });
      await this.refresh();
    } catch (error) {
      this.notice(error.message);
    }
  }

  write(wish) { return this.post("messages", wish); }

  async send() {
    const text = this.input.value.trim();
    if (!text || !this.customer) return;
    const wish = this.editing ? { type: "edit", message: this.editing.id, text } : { type: "text", text };
    if (this.replyTo) wish.reply_to = this.replyTo.id;
    this.input.value = "";
    this.grow();
    this.aimAt(null, null);
    this.isAtEnd = true;
    await this.write(wish);
  }

  async sendFiles() {
    const caption = this.input.value.trim();
    const files = [...this.files.files];
    this.files.value = "";
    for (const [index, file] of files.entries()) {
      const kinds = { image: file.type === "image/webp" ? "sticker" : this.pictureType, video: "video", audio: "voice" };
      const wish = { type: kinds[file.type.split("/")[0]] ?? "document", ...await this.bytesOf(file), filename: file.name };
      if (index === 0 && caption) wish.caption = caption;
      if (this.replyTo) wish.reply_to = this.replyTo.id;
      await this.write(wish);
    }
    if (caption) this.input.value = "";
    this.aimAt(null, null);
  }

  async bytesOf(file) { return { media_id: await upload(file) }; }

  // What people send without a file of their own at hand.
  attachMore() {
    this.offer([
      ["voice", { type: "voice" }], ["picture", { type: "image" }], ["place", { type: "location", location: places[0] }],
      ["contact", { type: "contacts", contacts: [{ name: { formatted_name: "Oleg Gromov", first_name: "Oleg" }, phones: [{ phone: "+7 916 555-01-02", type: "CELL" }] }] }],
      ["poll", { type: "unsupported", what: "poll_creation" }]]);
  }

  // A sheet of wishes by name; the chosen one is sent.
  offer(wishes) {
    const sheet = make("dialog.sheet", { data: { testid: "phone-sheet" }, onclose: () => sheet.remove() },
      ...wishes.map(([word, wish]) => make("button", { type: "button", data: { testid: "phone-add-" + word }, onclick: () => {
        sheet.close();
        this.isAtEnd = true;
        this.write(this.replyTo ? { ...wish, reply_to: this.replyTo.id } : wish);
        this.aimAt(null, null);
      } }, say(word))),
      make("button", { type: "button", onclick: () => sheet.close() }, say("cancel")));
    this.log.parentElement.append(sheet);
    sheet.showModal();
  }

  key(event) {
    if (event.key === "Escape") this.aimAt(null, null);
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.send();
  }

  grow() {
    this.input.rows = Math.min(4, this.input.value.split("\n").length);
  }

  // Shows what the next text will answer or change.
  aimAt(replyTo, editing) {
    if (this.editing && !editing) this.input.value = "";
    this.replyTo = replyTo;
    this.editing = editing;
    const message = replyTo ?? editing;
    this.aim.hidden = !message;
    if (!message) return;
    this.aim.replaceChildren(make("span.grow", {}, make("b", {}, editing ? say("editing") : say("reply")), " ", summary(message)),
      make("button", { type: "button", title: say("cancel"), label: say("cancel"), onclick: () => this.aimAt(null, null) }, icon("cross")));
    if (editing) this.input.value = editing.text ?? "";
    this.input.focus();
  }

  menu(message, at) {
    const close = () => sheet.close();
    const item = (word, name, act) => make("button", { type: "button", data: { testid: "phone-" + name }, onclick: () => { close(); act(); } }, say(word));
    const isMine = message.direction === "from_customer";
    const isFresh = new Date(this.now) - new Date(message.at) < editLimit;
    const sheet = make("dialog.sheet", { data: { testid: "phone-sheet" }, onclose: () => sheet.remove() },
      make(".emojis", {}, ...emoji.map((one) => make("button", { type: "button", label: one, data: { testid: "phone-react" }, onclick: () => {
        close();
        this.write({ type: "reaction", message: message.id, emoji: message.emoji_of_customer === one ? "" : one });
      } }, one))),
      item("reply", "reply", () => this.aimAt(message, null)),
      isMine && isFresh && message.text ? item("edit", "edit", () => this.aimAt(null, message)) : null,
      isMine ? item("remove", "delete", () => this.write({ type: "delete", message: message.id })) : null,
      item("cancel", "cancel", () => at.focus()));
    this.log.parentElement.append(sheet);
    sheet.showModal();
  }

  choose(message, action) {
    const rows = action.sections.flatMap((section) => [
      section.title ? make("h3", {}, section.title) : null,
      ...section.rows.map((row) => make("button", { type: "button", data: { testid: "phone-row" }, onclick: () => {
        sheet.close();
        this.write({ type: "press", message: message.id, button: row.id });
      } }, make("b", {}, row.title), make("span.quiet", {}, row.description ?? "")))]);
    const sheet = make("dialog.sheet", { onclose: () => sheet.remove() }, ...rows,
      make("button", { type: "button", onclick: () => sheet.close() }, say("cancel")));
    this.log.parentElement.append(sheet);
    sheet.showModal();
  }
}
