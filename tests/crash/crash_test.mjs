// A process that ends at its n-th commit or network write, for every n: nothing is lost, nothing comes twice.
//
// The same script each time: ten messages of a customer, ten of ours, of many kinds. The server is started again after
// the crash, the provider repeats its webhooks, the client repeats what was not answered, with the same client_id.
// Afterwards the simulator's own log is the judge. `crash_test.mjs --full` takes every n, else every 29th;
// `--from n` begins there.
import { equal, Stage, until } from "../journeys/stage.mjs";
import { judgeSent, persist, settledMessages, taken, watch } from "./judge.mjs";

const kate = "79161234567";
const isFull = process.argv.includes("--full");
const step = isFull ? 1 : 29;
const from = process.argv.includes("--from") ? Number(process.argv[process.argv.indexOf("--from") + 1]) : 1;
const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
const parts = ["a".repeat(4090), "b".repeat(300)];  // longer than the provider takes at once: cut at the blank

// The script of one round: who writes what, in turns.
class Talk {
  constructor(stage) {
    this.stage = stage;
    this.questions = [];
    this.ours = [];
  }

  async ask(message) {
    this.questions.push(message.text ?? message.caption ?? "");
    return await this.stage.write(kate, message);
  }

  async answer(words, body) {
    const whole = { client_id: crypto.randomUUID(), ...body };
    const { id } = await persist(() =>
      this.stage.api("POST", `/api/v1/conversations/${this.conversation.id}/messages`, whole));
    this.ours.push({ id, words });
    return id;
  }

  async upload() {
    return await persist(async () => {
      const reply = await fetch(`${this.stage.okno}/api/v1/uploads?name=plan.png`,
        { method: "POST", body: png, headers: { authorization: `Bearer ${this.stage.token}` } });
      return await reply.json();
    });
  }

  // The provider's id of a message of ours; empty when it was never taken.
  async providerId(id) {
    return await persist(async () => {
      const { items } = await this.stage.api("GET", `/api/v1/conversations/${this.conversation.id}/messages?limit=200`);
      const item = items.find((one) => one.id === id);
      return !["queued", "sending"].includes(item.status) && { id: item.provider_id };
    });
  }

  async play() {
    const { stage } = this;
    const first = await this.ask({ type: "text", text: "first" });
    this.conversation = await persist(async () => (await stage.api("GET", "/api/v1/conversations?view=all")).items[0] ?? false);
    const hello = await this.answer(["hello"], { type: "text", text: "hello" });
    await this.ask({ type: "image", caption: "look" });
    await this.answer(parts, { type: "text", text: parts.join(" ") });
    await stage.write(kate, { type: "edit", message: first, text: "first, corrected" });
    this.questions[0] = "first, corrected";
    const wrong = await this.ask({ type: "text", text: "wrong window" });
    await this.answer(["Kate the plan"],
      { type: "template", template: { name: "answer_ready", language: "en", values: { 1: "Kate", 2: "the plan" } } });
    await stage.write(kate, { type: "delete", message: wrong });
    await this.ask({ type: "voice" });
    const upload = await this.upload();
    await this.answer(["the plan"], { type: "image", upload_id: upload.id, text: "the plan" });
    const { id: ofHello } = await this.providerId(hello);
    if (ofHello) await stage.write(kate, { type: "reaction", message: ofHello, emoji: "👍" });
    const liked = await this.ask({ type: "text", text: "nice" });
    const question = await this.answer(["Shall we?"],
      { type: "interactive", interactive: { body: "Shall we?", buttons: [{ id: "yes", title: "Yes" }, { id: "no", title: "No" }] } });
    const { id: ofQuestion } = await this.providerId(question);
    const isOnPhone = ofQuestion && await until("the question on the phone", async () =>
      (await stage.phone(kate)).some((one) => one.id === ofQuestion));
    await this.ask(isOnPhone ? { type: "press", message: ofQuestion, button: "yes", text: "Yes" } : { type: "text", text: "Yes" });
    const target = await persist(async () => {
      const { items } = await stage.api("GET", `/api/v1/conversations/${this.conversation.id}/messages?limit=200`);
      return items.find((one) => one.provider_id === liked) ?? false;
    });
    await this.answer(["🎉"], { type: "reaction", reaction: { message_id: target.id, emoji: "🎉" } });
    await this.ask({ type: "document", filename: "order.pdf", caption: "the order" });
    await this.answer(["our shop"], { type: "location", location: { latitude: 55.75, longitude: 37.62, name: "our shop" } });
    await this.ask({ type: "text", text: "eight" });
    await this.answer(["a reply"], { type: "text", text: "a reply", reply_to: target.id });
    await this.ask({ type: "text", text: "nine" });
    await this.answer(["last but one"], { type: "text", text: "last but one" });
    await this.ask({ type: "text", text: "ten" });
    await this.answer(["last"], { type: "text", text: "last" });
    this.liked = ofHello && hello;
    this.wrong = wrong;
  }
}

async function judge(stage, talk, items) {
  // Their times have whole seconds, so a repeated webhook's message may stand behind others of the same second.
  const theirs = items.filter((item) => item.direction === "inbound");
  equal(theirs.map((item) => item.text ?? "").sort(), [...talk.questions].sort(), "the customer's messages, once each");
  for (const item of theirs.filter((one) => one.media.length > 0)) equal(item.media[0].state, "ready", `the file of ${item.type}`);
  equal(theirs.filter((item) => item.media.length > 0).map((item) => item.type).sort(), ["audio", "document", "image"], "files");
  equal(theirs.find((item) => item.text === "first, corrected").is_edited, true, "the edit");
  equal(theirs.find((item) => item.provider_id === talk.wrong).is_deleted, true, "the deletion");
  if (talk.liked) equal(items.find((item) => item.id === talk.liked).content.reaction, "👍", "the reaction");
  judgeSent(await taken(stage), talk.ours, items.filter((item) => item.direction === "outbound"));
}

async function round(stage, n) {
  await stage.sim("PATCH", "/settings", { webhooks_in_flight: 1, webhook_timeout_ms: 1000 });
  await stage.sim("PATCH", "/numbers/100", { coexistence: true, pair_limit: false });
  await stage.killOkno();
  await stage.restartOkno({ OKNO_CRASH_AT: String(n) }).catch(() => {});  // it may end before it listens
  const watching = watch(stage);
  try {
    const talk = new Talk(stage);
    await talk.play();
    const items = await settledMessages(stage, talk.conversation, talk.questions.length, { ours: talk.ours });
    await judge(stage, talk, items);
    return watching.crashes;
  } finally {
    watching.isWatching = false;
    await watching.done;
  }
}

let passed = 0;
let failed = 0;
let last = 0;
for (let n = from; ; n += step) {
  const stage = await Stage.open();
  let crashes = 0;
  try {
    crashes = await round(stage, n);
    passed += 1;
    last = crashes > 0 ? n : last;
  } catch (error) {
    failed += 1;
    crashes = 1;
    console.log(`FAILED  at place ${n}\n${error.stack}`);
  } finally {
    await stage.close();
  }
  if (crashes === 0 || failed > 3) break;  // the script has fewer places than n
}
console.log(`the last place at which it ended: ${last}`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
