// The end of the simulator's log: what the business asked, when, and what it was answered.
import { get, make } from "./parts.js";
import { say, timeText } from "./words.js";

const shown = 30;

function line(entry) {
  const what = entry.api_method ? `${entry.api_method}${entry.chat ? " → " + entry.chat : ""}`
    : entry.type ? `${entry.type}${entry.to ? " → " + entry.to : ""}` : entry.path.replace(/^\/v[\d.]+/, "");
  const answer = entry.status === null ? say("noReply") : `${entry.status}${entry.code ? " / " + entry.code : ""}`;
  return make("li" + (entry.status === 200 ? "" : ".bad"), { title: entry.path },
    make("span.num", {}, timeText(entry.time, true)), make("span.grow", {}, what),
    make("span.num", {}, answer + (entry.fault ? " · " + say(entry.fault) : "")));
}

export class Journal {
  constructor(place) {
    this.last = 0;
    this.entries = [];
    this.list = make("ol.journal", { data: { testid: "log-list" } }, make("li", {}, say("logEmpty")));
    place.append(make("h2", {}, say("log")), this.list,
      make("a.file", { href: "/sim/log?limit=1000", target: "_blank", rel: "noopener" }, say("saveLog")));
  }

  async refresh() {
    const { entries, last } = await get(`log?kind=api&after=${this.last}&limit=1000`);
    this.last = last;
    if (!entries.length) return;
    this.entries = [...this.entries, ...entries].slice(-shown);
    this.list.replaceChildren(...this.entries.map(line).reverse());
  }
}
