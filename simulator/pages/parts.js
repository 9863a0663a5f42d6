// Small things every part of the page uses: elements, icons, calls.

// make("button.send", {title: "Send", onclick: f}, "text", child, ...)
export function make(what, properties = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const element = document.createElement(tag || "div");
  if (classes.length) element.className = classes.join(" ");
  for (const [name, value] of Object.entries(properties)) {
    if (name === "data") Object.assign(element.dataset, value);
    else if (name === "label") element.setAttribute("aria-label", value);
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element[name] = value;
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

const shapes = {
  check: "m4.5 10.5 3.7 3.7L15.5 6",
  check2: "m1.5 10.5 3.5 3.7L12 6M8.7 13.2l1 1L17.5 6",
  clip: "m15.8 9.3-6 6a3.7 3.7 0 0 1-5.3-5.3l6.4-6.4a2.5 2.5 0 0 1 3.5 3.5l-6.3 6.3a1.2 1.2 0 0 1-1.7-1.7l5.5-5.6",
  clock: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 6v4.2l2.7 1.7",
  left: "m12 5-5 5 5 5",
  more: "M5 10h.01M10 10h.01M15 10h.01",
  plus: "M10 4v12M4 10h12",
  reply: "M8 5 3.5 9.5 8 14M3.5 9.5H12a4.5 4.5 0 0 1 4.5 4.5v1.5",
  up: "M10 16V4M5 9l5-5 5 5",
  wifi: "M3 8.5a10 10 0 0 1 14 0M5.5 11.3a6.4 6.4 0 0 1 9 0M8 14a3 3 0 0 1 4 0M10 16.4v.1",
  battery: "M4.5 6.5h9a2 2 0 0 1 2 2v3a2 2 0 0 1-2 2h-9a2 2 0 0 1-2-2v-3a2 2 0 0 1 2-2zM17.5 9v2M5 9.5v1",
  cross: "m5 5 10 10M15 5 5 15",
  stop: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM5 5l10 10",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", "ic");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", shapes[name]);
  svg.append(path);
  return svg;
}

async function call(method, path, body) {
  const options = { method };
  if (body !== undefined) {
    options.headers = { "Content-Type": "application/json" };
    options.body = JSON.stringify(body);
  }
  const reply = await fetch("/sim/" + path, options);
  const answer = await reply.json();
  if (!reply.ok) throw new Error(answer.error ?? reply.statusText);
  return answer;
}

export const get = (path) => call("GET", path);
export const post = (path, body = {}) => call("POST", path, body);
export const patch = (path, body) => call("PATCH", path, body);
export const remove = (path) => call("DELETE", path);

export async function upload(file) {
  const reply = await fetch("/sim/media?filename=" + encodeURIComponent(file.name), {
    method: "POST", headers: { "Content-Type": file.type || "application/octet-stream" }, body: file,
  });
  return (await reply.json()).id;
}
