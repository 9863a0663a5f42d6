// All phones on one page: one of each messenger that has an account and a person, each a page of its own in a frame.
import { messengers } from "./messengers.js";
import { get, make } from "./parts.js";
import { say } from "./words.js";

const pause = 2000;
const wall = document.getElementById("phones");

function frame(key, name) {
  const url = `/?messenger=${key}${location.search.replace("?", "&")}`;
  return make("section.stand", { data: { messenger: key } },
    make("h2", {}, make("a", { href: url, target: "_blank" }, name)), make("iframe", { src: `${url}&bare`, title: name }));
}

async function isThere(one) {
  const { phones, numbers } = await one.load();
  return phones.length > 0 && numbers.length > 0;
}

// What comes later finds its place; a phone that stands stays as it is.
async function refresh() {
  for (const [key, one] of Object.entries(messengers))
    if (!wall.querySelector(`[data-messenger=${key}]`) && await isThere(one)) wall.append(frame(key, one.name));
  const isEmpty = wall.querySelector("section") === null;
  if (isEmpty) wall.replaceChildren(make("p.quiet", {}, say("noWorld")));
  else wall.querySelector("p.quiet")?.remove();
}

(async function live() {
  await get("clock").then(refresh).catch(() => {});
  setTimeout(live, pause);
})();
