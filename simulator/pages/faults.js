// The panel of faults: add one, see which are on, clear them.
import { get, make, post, remove } from "./parts.js";
import { say } from "./words.js";

const kinds = ["slow", "429", "500", "timeout_after_accept", "timeout_before_accept", "expired_token", "restricted_number",
  "duplicate_webhook", "reorder_webhooks", "lost_webhook", "hold_webhooks"];

export class Faults {
  constructor(place) {
    this.place = place;
    this.kind = make("select", { label: say("faults"), data: { testid: "fault-kind" } },
      ...kinds.map((kind) => make("option", { value: kind }, say(kind))));
    this.count = make("input", { type: "number", min: 0, value: 1, label: say("times"), title: say("times"), data: { testid: "fault-count" } });
    this.list = make("ul", { data: { testid: "fault-list" } });
    place.append(make("h2", {}, say("faults")), make(".line", {}, this.kind, this.count),
      make("button.btn", { type: "button", onclick: () => this.add(), data: { testid: "fault-add" } }, say("add")), this.list,
      make("button.btn", { type: "button", onclick: () => this.clear(), data: { testid: "fault-clear" } }, say("clear")),
      make("button.btn", { type: "button", onclick: () => post("webhooks/release"), data: { testid: "fault-release" } }, say("release")));
  }

  async add() {
    await post("faults", { kind: this.kind.value, count: Number(this.count.value) });
    await this.refresh();
  }

  async clear() {
    await remove("faults");
    await this.refresh();
  }

  // Answers how many are on.
  async refresh() {
    const { faults } = await get("faults");
    this.list.replaceChildren(...faults.map((fault) => make("li", {}, say(fault.kind), fault.count ? ` × ${fault.count}` : " ∞")));
    return faults.length;
  }
}
