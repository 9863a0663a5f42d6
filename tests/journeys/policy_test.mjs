// The rules of a channel at every route by which something could be sent.
import { checkProblem } from "./contract.mjs";
import { equal, play, Stage, until } from "./stage.mjs";

const kate = "79161234567";
const pixel = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

class RuledStage extends Stage {
  async rule(policy) {
    return await this.api("PATCH", `/api/v1/channels/${this.channel.id}`, { policy });
  }

  // What is refused: code, sentence and field.
  async refused(method, path, body) {
    const reply = await fetch(this.okno + path, {
      method, headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json" }, body: JSON.stringify(body) });
    const text = await reply.text();
    if (reply.ok) throw new Error(`${method} ${path} was not refused: ${text}`);
    return checkProblem(`${method} ${path}`, reply.status, reply.headers, text);
  }

  async conversation() {
    return await this.conversationWith("Kate");
  }

  async answerPath() {
    return `/api/v1/conversations/${(await this.conversation()).id}/messages`;
  }

  async upload() {
    const reply = await fetch(`${this.okno}/api/v1/uploads?name=a.png`,
      { method: "POST", headers: { authorization: `Bearer ${this.token}`, "content-type": "image/png" }, body: pixel });
    return (await reply.json()).id;
  }
}

const text = (more = {}) => ({ client_id: crypto.randomUUID(), type: "text", text: "Good day", ...more });

await play({
  async "a new channel shows its rules, and an admin changes what is named"(stage) {
    const { policy, unofficial } = await stage.api("GET", `/api/v1/channels/${stage.channel.id}`);
    equal(policy, { reply_only: false, broadcasts: true, purposes: ["support", "sales", "research", "notification"], hours: null, fixed: [] }, "rules");
    equal(unofficial, false, "unofficial");
    const hours = { days: [1, 2], from: "09:00", to: "18:00", utc_offset: "+03:00" };
    await stage.rule({ reply_only: true });
    const changed = await stage.rule({ hours });
    equal([changed.policy.reply_only, changed.policy.hours], [true, hours], "after two changes");
    equal((await stage.rule({ hours: null })).policy.hours, null, "hours taken away");
    const wrong = await stage.refused("PATCH", `/api/v1/channels/${stage.channel.id}`, { policy: { purposes: ["spam"] } });
    equal([wrong.code, wrong.field], ["invalid", "policy.purposes"], "an unknown purpose");
  },

  async "an answer, a file and a template are refused by purpose, broadcast and hours, with the way out"(stage) {
    await stage.write(kate, "hello");
    const path = await stage.answerPath();
    const marketing = await stage.refused("POST", path, text({ purpose: "marketing" }));
    equal([marketing.status, marketing.code, marketing.field], [409, "purpose_not_allowed", "purpose"], "marketing");
    equal(/have an admin allow/.test(marketing.detail), true, "the way out");
    const upload = await stage.upload();
    const picture = { client_id: crypto.randomUUID(), type: "image", upload_id: upload, purpose: "marketing" };
    equal((await stage.refused("POST", path, picture)).code, "purpose_not_allowed", "a file");
    await stage.rule({ broadcasts: false });
    equal((await stage.refused("POST", path, text({ broadcast: true }))).code, "broadcast_not_allowed", "a broadcast");
    const { now } = await stage.sim("GET", "/clock");
    const today = new Date(now).getUTCDay() || 7;
    await stage.rule({ hours: { days: [(today + 2) % 7 + 1], from: "00:00", to: "24:00" } });
    equal((await stage.refused("POST", path, text())).code, "outside_hours", "outside the hours");
    equal((await stage.refused("POST", path, text({ purpose: "spam" }))).field, "purpose", "an unknown purpose");
    await stage.rule({ hours: null, purposes: ["support", "marketing"] });
    const sent = await stage.api("POST", path, picture);
    equal([sent.purpose, sent.broadcast], ["marketing", false], "what was sent");
  },

  async "nobody is written to first where the rules forbid it, who wrote is answered"(stage) {
    await stage.rule({ reply_only: true });
    const first = { client_id: crypto.randomUUID(), channel_id: stage.channel.id, phone: "+7 999 000-00-00",
      template: { name: "issue_solved", language: "en", values: {} } };
    const refused = await stage.refused("POST", "/api/v1/conversations", first);
    equal([refused.status, refused.code, refused.field], [409, "reply_only", "channel_id"], "writing first");
    equal((await stage.api("GET", "/api/v1/conversations?view=all")).items, [], "conversations");
    await stage.write(kate, "hello");
    const sent = await stage.api("POST", await stage.answerPath(), text());
    equal(sent.purpose, "support", "purpose by default");
  },

  async "a retry is refused by the rules as they are now"(stage) {
    await stage.write(kate, "hello");
    await stage.sim("POST", "/faults", { kind: "expired_token" });
    const path = await stage.answerPath();
    const sent = await stage.api("POST", path, text({ purpose: "sales" }));
    await until("the refusal", async () =>
      (await stage.api("GET", path)).items.some((one) => one.id === sent.id && one.status === "failed"));
    await stage.rule({ purposes: ["support"] });
    const refused = await stage.refused("POST", `/api/v1/messages/${sent.id}/retry`, { attempt: 1 });
    equal(refused.code, "purpose_not_allowed", "the retry");
  },
}, RuledStage);
