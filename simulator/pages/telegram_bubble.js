// Draws one message as Telegram does: marks by entities, buttons in rows.
import { button, frame, link, place, summary } from "./bubble.js";
import { make } from "./parts.js";
import { say } from "./words.js";

const tags = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "code", blockquote: "q", spoiler: "span.spoiler" };

function wrapped(node, entity, text) {
  if (entity.type === "text_link") return link(entity.url, node);
  if (entity.type === "url") return link(text, node);
  return tags[entity.type] ? make(tags[entity.type], {}, node) : node;
}

// Offsets count UTF-16 units, as those of JavaScript's strings do.
function marked(text, entities) {
  const ends = [0, text.length, ...entities.flatMap((one) => [one.offset, one.offset + one.length])];
  const cuts = [...new Set(ends)].sort((a, b) => a - b);
  const out = document.createDocumentFragment();
  for (const [at, begin] of cuts.slice(0, -1).entries()) {
    const piece = text.slice(begin, cuts[at + 1]);
    const around = entities.filter((one) => one.offset <= begin && one.offset + one.length > begin);
    out.append(around.reduce((node, entity) => wrapped(node, entity, piece), piece));
  }
  return out;
}

function attachment(media) {
  const source = "/sim/telegram/files/" + media.file;
  if (media.kind === "photo" || media.kind === "sticker")
    return make("img." + (media.kind === "photo" ? "image" : "sticker"), { src: source, alt: say(media.kind === "photo" ? "picture" : "sticker") });
  if (media.kind === "voice" || media.kind === "audio") return make("audio", { src: source, controls: true, preload: "metadata" });
  if (media.kind === "document") return link(source, media.file_name || say("file"));
  return make("video", { src: source, controls: true, preload: "metadata" });
}

function content(message, acts) {
  const parts = [];
  if (message.reply_to)
    parts.push(make(".quote", {}, make("b", {}, message.reply_to.from_customer ? say("you") : acts.businessName),
      make("span", {}, message.reply_to.type ? summary(message.reply_to) : "…")));
  if (message.media) parts.push(attachment(message.media));
  if (message.venue) parts.push(place({ ...message.venue.location, name: message.venue.title, address: message.venue.address }));
  else if (message.location) parts.push(place(message.location));
  if (message.contact)
    parts.push(make(".card", {}, make("b", {}, message.contact.first_name), make("span.quiet", {}, message.contact.phone_number)));
  if (message.text) parts.push(make("span.text", {}, marked(message.text, message.entities ?? message.caption_entities ?? [])));
  if (!parts.length) parts.push(make("i", {}, message.type));
  return parts;
}

// Rows of buttons; `act` makes what a press of the n-th does.
export function keys(rows, act, testid) {
  let index = 0;
  return rows.map((row) => make(".keys", {}, ...row.map((one) => {
    const press = act(index++);
    const made = button(one.url ? { text: one.text, url: one.url } : { text: one.text, act: press });
    if (testid) made.dataset.testid = testid;
    return made;
  })));
}

export function draw(message, acts) {
  const rows = keys(message.buttons ?? [], (index) => () => acts.press(message, { index }));
  const row = frame(message, acts, content(message, acts), rows);
  if (message.answer?.text) row.append(make("p.answer", { data: { testid: "phone-answer" } }, message.answer.text));
  return row;
}
