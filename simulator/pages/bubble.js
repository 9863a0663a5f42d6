// Draws one message as WhatsApp does; its parts serve the other messengers too.
import { icon, make } from "./parts.js";
import { say, timeText } from "./words.js";

const kinds = { image: "picture", audio: "voice", video: "video", document: "file", sticker: "sticker",
  location: "place", contacts: "contact",
  photo: "picture", voice: "voice", animation: "video", video_note: "video", venue: "place", contact: "contact" };

// What a quote or an empty bubble says.
export function summary(message) {
  return message.text || (kinds[message.type] ? say(kinds[message.type]) : say("message"));
}

const address = (media) => (media.id ? "/sim/media/" + media.id : "");

export function link(url, text) {
  const isWeb = /^https?:\/\//.test(url);
  return make("a.file", { href: isWeb || url.startsWith("/sim/") ? url : "#", target: "_blank", rel: "noopener noreferrer" }, text);
}

// A file shown by kind; a linked one (Meta would fetch it) as a link.
function attachment(kind, media, onplay) {
  const source = address(media);
  if (!source) return link(media.link ?? "#", `${say(kinds[kind] ?? "file")}: ${media.link ?? ""}`);
  if (kind === "image" || kind === "sticker") return make("img." + kind, { src: source, alt: say(kinds[kind]) });
  if (kind === "audio") return make("audio", { src: source, controls: true, preload: "metadata", onplay });
  if (kind === "video") return make("video", { src: source, controls: true, preload: "metadata" });
  return link(source, media.filename || say("file"));
}

export function place(media) {
  return make(".card", {}, make("b", {}, media.name || say("place")), make("span", {}, media.address ?? ""),
    make("span.quiet", {}, `${media.latitude}, ${media.longitude}`));
}

function cards(contacts) {
  return contacts.map((one) => make(".card", {}, make("b", {}, one.name?.formatted_name ?? ""),
    ...(one.phones ?? []).map((phone) => make("span.quiet", {}, phone.phone ?? ""))));
}

// *bold*, _italic_, ~struck~ and `code`, as WhatsApp writes them.
function formatted(text) {
  const tags = { "*": "b", _: "i", "~": "s", "`": "code" };
  const out = document.createDocumentFragment();
  let last = 0;
  for (const found of text.matchAll(/(?<![\p{L}\p{N}])([*_~`])(?=\S)([^\n]*?\S)\1(?![\p{L}\p{N}])/gu)) {
    out.append(text.slice(last, found.index), make(tags[found[1]], {}, found[2]));
    last = found.index + found[0].length;
  }
  out.append(text.slice(last));
  return out;
}

function ticks(message) {
  if (message.direction !== "from_customer") return null;
  const mark = icon(message.status === "sent" ? "check" : "check2");
  if (message.status === "read") mark.classList.add("seen");
  return mark;
}

function content(message, acts) {
  const parts = [];
  if (message.reply_to) {
    parts.push(make(".quote", {}, make("b", {}, message.reply_to.from_customer ? say("you") : acts.businessName),
      make("span", {}, message.reply_to.type ? summary(message.reply_to) : "…")));
  }
  if (message.header_text) parts.push(make("b.head", {}, message.header_text));
  for (const kind of ["image", "video", "document"])
    if (message["header_" + kind]) parts.push(attachment(kind, message["header_" + kind]));
  if (message.header_location) parts.push(place(message.header_location));
  if (message.type === "location" && message.media) parts.push(place(message.media));
  else if (message.contacts) parts.push(...cards(message.contacts));
  else if (message.media && message.type in kinds) parts.push(attachment(message.type, message.media, () => acts.played(message)));
  else if (!message.text && !message.header_text) parts.push(make("i", {}, message.type));
  if (message.text) parts.push(make("span.text", {}, formatted(message.text)));
  if (message.footer) parts.push(make("span.foot", {}, message.footer));
  return parts;
}

// What can be pressed: {text, icon, act}.
function pressable(message, acts) {
  const press = (wish) => () => acts.press(message, wish);
  const out = (message.action?.buttons ?? []).map((button) => ({ text: button.reply.title, icon: "reply", act: press({ button: button.reply.id }) }));
  const rows = (message.action?.sections ?? []).flatMap((section) => section.rows);
  if (rows.length) out.push({ text: message.action.button, icon: "more", act: () => acts.choose(message, message.action) });
  if (message.interactive === "cta_url")
    out.push({ text: message.action.parameters.display_text, url: message.action.parameters.url });
  if (message.interactive === "contact_request") out.push({ text: say("shareNumber"), icon: "reply", act: press({ index: 0 }) });
  if (message.interactive === "location_request_message")
    out.push({ text: say("sendPlace"), icon: "reply", act: () => acts.sendPlace(message) });
  for (const [index, button] of (message.buttons ?? []).entries()) {
    if (button.type === "quick_reply") out.push({ text: button.text, icon: "reply", act: press({ index }) });
    else out.push({ text: button.text || button.code || say("open"), url: button.url });
  }
  return out;
}

export function button(one) {
  if (one.act) return make("button.pb", { type: "button", onclick: one.act, data: { testid: "phone-button" } }, one.icon ? icon(one.icon) : null, one.text);
  const target = link(one.url ?? "#", one.text);
  target.className = "pb";
  return target;
}

// A whole message: bubble, reactions, buttons and the menu.
export const draw = (message, acts) => frame(message, acts, content(message, acts), pressable(message, acts).map(button));

// `parts` stand in the bubble, `buttons` under it.
export function frame(message, acts, parts, buttons) {
  const isMine = message.direction === "from_customer";
  const bubble = make(".pm" + (isMine ? ".me" : ""), {});
  if (message.deleted) bubble.append(make("i.quiet", {}, say("deleted")));
  else bubble.append(...parts);
  bubble.append(make("span.st", {}, message.edited && !message.deleted ? say("edited") + " " : "", timeText(message.at), ticks(message)));
  const menu = make("button.menu", { type: "button", title: say("more"), label: say("more"), data: { testid: "phone-menu" },
    onclick: (event) => acts.menu(message, event.currentTarget) }, icon("more"));
  const row = make("li.row" + (isMine ? ".mine" : ""),
    { data: { testid: "phone-message", direction: message.direction, status: message.status, id: message.id, type: message.type } },
    make(".line", {}, bubble, message.deleted ? null : menu));
  const emoji = [message.emoji_of_business, message.emoji_of_customer].filter(Boolean).join("");
  if (emoji) row.append(make("span.emoji", { data: { testid: "phone-reaction" } }, emoji));
  if (!isMine && !message.deleted) row.append(...buttons);
  return row;
}
