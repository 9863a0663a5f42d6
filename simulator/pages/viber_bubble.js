// Draws one message as Viber does: picture with caption, card, place, buttons in rows.
import { button, frame, link, place } from "./bubble.js";
import { make } from "./parts.js";
import { say } from "./words.js";

const plain = (text) => text.replace(/<[^>]*>/g, "").replaceAll("&lt;", "<").replaceAll("&amp;", "&");

function attachment(media) {
  if (media.kind === "picture" || media.kind === "sticker")
    return make("img." + (media.kind === "picture" ? "image" : "sticker"), { src: media.url, alt: say(media.kind) });
  if (media.kind === "video") return make("video", { src: media.url, controls: true, preload: "metadata" });
  return link(media.url, media.file_name || say("file"));
}

function content(message) {
  const parts = [];
  if (message.media) parts.push(attachment(message.media));
  if (message.location) parts.push(place({ latitude: message.location.lat, longitude: message.location.lon }));
  if (message.contact)
    parts.push(make(".card", {}, make("b", {}, message.contact.name ?? ""), make("span.quiet", {}, message.contact.phone_number ?? "")));
  if (message.url) parts.push(link(message.url, message.url));
  if (message.text) parts.push(make("span.text", {}, message.text));
  if (!parts.length) parts.push(make("i", {}, message.type));
  return parts;
}

// Rows of buttons; `act` makes what a press of the n-th does.
export function keys(rows, act, testid) {
  let index = 0;
  return rows.map((row) => make(".keys", {}, ...row.map((one) => {
    const press = act(index++);
    const made = button(one.url ? { text: plain(one.text), url: one.url } : { text: plain(one.text), act: press });
    if (testid) made.dataset.testid = testid;
    return made;
  })));
}

export function draw(message, acts) {
  const rows = keys(message.buttons ?? [], (index) => () => acts.press(message, { index }));
  return frame(message, acts, content(message), rows);
}
