// Draws one message as MAX does: attachments one below the other, buttons in rows.
import { frame, link, place, summary } from "./bubble.js";
import { make } from "./parts.js";
import { keys } from "./telegram_bubble.js";
import { say } from "./words.js";

const tags = { strong: "b", emphasized: "i", underline: "u", strikethrough: "s", monospaced: "code", quote: "q", heading: "b" };

// Offsets count UTF-16 units, as those of JavaScript's strings do.
function marked(text, markup) {
  const ends = [0, text.length, ...markup.flatMap((one) => [one.from, one.from + one.length])];
  const cuts = [...new Set(ends)].sort((a, b) => a - b);
  const out = document.createDocumentFragment();
  for (const [at, begin] of cuts.slice(0, -1).entries()) {
    const around = markup.filter((one) => one.from <= begin && one.from + one.length > begin);
    const wrap = (node, one) => (one.type === "link" ? link(one.url, node) : tags[one.type] ? make(tags[one.type], {}, node) : node);
    out.append(around.reduce(wrap, text.slice(begin, cuts[at + 1])));
  }
  return out;
}

// The name and the numbers of a card.
function card(part) {
  const lines = (part.vcf_info ?? "").split(/\r?\n/);
  const values = (property) => lines.filter((line) => line.startsWith(property)).map((line) => line.slice(line.indexOf(":") + 1));
  return make(".card", {}, make("b", {}, part.name || values("FN")[0] || say("contact")),
    ...values("TEL").map((number) => make("span.quiet", {}, number)));
}

function attachment(part) {
  const source = part.url && new URL(part.url, location.href).pathname;
  if (part.type === "image" || part.type === "sticker")
    return make("img." + part.type, { src: source, alt: say(part.type === "image" ? "picture" : "sticker") });
  if (part.type === "audio") return make("audio", { src: source, controls: true, preload: "metadata" });
  if (part.type === "video") return make("video", { src: source, controls: true, preload: "metadata" });
  if (part.type === "location") return place(part);
  if (part.type === "contact") return card(part);
  if (part.type === "file") {
    const shown = link("/sim/", part.filename || say("file"));
    shown.href = source;
    return shown;
  }
  return link(part.url ?? "#", part.title || part.type);
}

function content(message, acts) {
  const parts = [];
  if (message.reply_to)
    parts.push(make(".quote", {}, make("b", {}, message.reply_to.from_customer ? say("you") : acts.businessName),
      make("span", {}, summary(message.reply_to))));
  if (message.forwarded) parts.push(make(".quote", {}, make("span", {}, message.forwarded)));
  parts.push(...(message.parts ?? []).map(attachment));
  if (message.text) parts.push(make("span.text", {}, marked(message.text, message.markup ?? [])));
  return parts.length ? parts : [make("i", {}, message.type)];
}

export function draw(message, acts) {
  const rows = keys(message.buttons ?? [], (index) => () => acts.press(message, { index }));
  const row = frame(message, acts, content(message, acts), rows);
  if (message.answer) row.append(make("p.answer", { data: { testid: "phone-answer" } }, message.answer));
  return row;
}
