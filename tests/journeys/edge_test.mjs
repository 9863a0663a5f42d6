// The edge without a browser: webhooks of every kind of wrongness, sign-in, retries, the live feed.
import { createHmac } from "node:crypto";
import { spawnSync } from "node:child_process";
import { WebSocket } from "ws";
import { equal, play, until } from "./stage.mjs";

const kate = "79161234567";

const sign = (body, secret = "s3cret") => `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;

async function hook(stage, body, signature = sign(body)) {
  const reply = await fetch(stage.channel.webhook_url, {
    method: "POST",
    headers: { "x-hub-signature-256": signature, "content-type": "application/json" },
    body,
  });
  return reply.status;
}

function webhook(messages, number = "100") {
  return JSON.stringify({ object: "whatsapp_business_account", entry: [{ id: "200", changes: [{ field: "messages", value: {
    messaging_product: "whatsapp", metadata: { display_phone_number: "74950000001", phone_number_id: number },
    contacts: [{ profile: { name: "Kate" }, wa_id: kate }], messages } }] }] });
}

const text = (id, body) => ({ from: kate, id, timestamp: String(Math.floor(Date.now() / 1000)), type: "text", text: { body } });

async function setAside(stage) {
  return (await stage.api("GET", `/api/v1/channels/${stage.channel.id}/set-aside`)).items;
}

async function texts(stage) {
  const conversation = await stage.conversationWith("Kate");
  const { items } = await stage.api("GET", `/api/v1/conversations/${conversation.id}/messages?limit=200`);
  return items.map((item) => item.text).reverse();
}

// Frames of the live feed, as they come.
function feed(stage, after) {
  const query = after === undefined ? "" : `?after=${after}`;
  const socket = new WebSocket(`${stage.okno.replace("http", "ws")}/api/v1/events${query}`,
    { headers: { authorization: `Bearer ${stage.token}` } });
  const frames = [];
  socket.on("message", (data) => frames.push(JSON.parse(data)));
  return { socket, frames };
}

async function send(stage, conversation, body, status) {
  return await stage.api("POST", `/api/v1/conversations/${conversation.id}/messages`,
    { client_id: crypto.randomUUID(), type: "text", ...body }, status);
}

async function statusOf(stage, conversation, id) {
  const { items } = await stage.api("GET", `/api/v1/conversations/${conversation.id}/messages`);
  return items.find((item) => item.id === id);
}

await play({
  async "a webhook with a wrong signature, an unknown address or too many bytes is refused and nothing is kept"(stage) {
    const body = webhook([text("wamid.X", "forged")]);
    equal(await hook(stage, body, sign(body, "other")), 401, "wrong secret");
    equal(await hook(stage, body, ""), 401, "no signature");
    equal((await fetch(`${stage.okno}/hooks/nobody`, { method: "POST", body })).status, 404, "unknown channel");
    equal(await hook(stage, "x".repeat(5 << 20)), 413, "too large");
    equal((await stage.api("GET", "/api/v1/conversations?view=all")).items, [], "conversations");
    equal(await setAside(stage), [], "set aside");
  },

  async "a signed body that cannot be read is kept, shown to the admin, and never stops the next"(stage) {
    const bad = ["{", "[".repeat(5000), '{"entry": 7}', "\xff\xfe", webhook([{ id: "wamid.1", type: "text" }])];
    for (const body of bad) equal(await hook(stage, Buffer.from(body, "latin1")), 200, body.slice(0, 20));
    equal(await hook(stage, webhook([text("wamid.2", "a\\ud800b \\u0000c".replaceAll("\\\\", "\\"))]
    )), 200, "odd characters");
    equal(await hook(stage, webhook([text("wamid.3", "good")])), 200, "a good one");
    await until("the good one", async () => (await texts(stage)).includes("good"));
    const kept = await setAside(stage);
    equal(kept.length >= 3, true, `set aside: ${kept.map((one) => one.reason)}`);
    await stage.api("POST", `/api/v1/channels/${stage.channel.id}/set-aside/${kept[0].n}/replay`, undefined, 202);
  },

  async "one body with 10,000 messages, repeated four times, makes 10,000 messages in their order"(stage) {
    const messages = Array.from({ length: 10_000 }, (_, i) => text(`wamid.M${i}`, `n${i}`));
    const body = webhook(messages);
    for (let i = 0; i < 4; i += 1) equal(await hook(stage, body), 200, "taken");
    await until("the last", async () => (await stage.conversationWith("Kate")).last_message.text === "n9999");
    const conversation = await stage.conversationWith("Kate");
    const seen = [];
    for (let cursor = ""; cursor !== null; ) {
      const page = await stage.api("GET", `/api/v1/conversations/${conversation.id}/messages?limit=200${cursor && `&before=${cursor}`}`);
      seen.push(...page.items.map((item) => item.text));
      cursor = page.next_cursor;
    }
    equal(seen.length, 10_000, "messages");
    equal(seen.reverse(), messages.map((one) => one.text.body), "order");
  },

  async "a message that failed is sent again by Retry, as its second attempt, and only from its last one"(stage) {
    await stage.write(kate, "hello");
    const conversation = await stage.conversationWith("Kate");
    await stage.sim("PATCH", `/phones/${kate}`, { fails_with: 131026 });
    const message = await send(stage, conversation, { text: "first try" });
    const failed = await until("the failure", async () => {
      const one = await statusOf(stage, conversation, message.id);
      return one.status === "failed" && one;
    });
    await stage.sim("PATCH", `/phones/${kate}`, { fails_with: 0 });
    const again = await stage.api("POST", `/api/v1/messages/${message.id}/retry`, { attempt: failed.attempt });
    equal(again.attempt, 2, "attempt");
    await until("its arrival", async () => (await statusOf(stage, conversation, message.id)).status === "delivered");
    const refused = await stage.api("POST", `/api/v1/messages/${message.id}/retry`, { attempt: 1 }, 409);
    equal(refused.code, "not_last_attempt", "the old attempt");
  },

  async "an answer that never came leaves the message unknown; it is not sent again until somebody confirms"(stage) {
    await stage.write(kate, "hello");
    const conversation = await stage.conversationWith("Kate");
    // Accepted and never answered, and its statuses are lost too: nobody can tell.
    await stage.sim("POST", "/faults", { kind: "timeout_after_accept", count: 1 });
    await stage.sim("POST", "/faults", { kind: "lost_webhook", count: 0, match: { what: "status" } });
    const message = await send(stage, conversation, { text: "did it arrive?" });
    await until("unknown", async () => (await statusOf(stage, conversation, message.id)).status === "unknown");
    const refused = await stage.api("POST", `/api/v1/messages/${message.id}/retry`, { attempt: 1 }, 409);
    equal(refused.code, "confirm_unknown", "without the confirmation");
    const log = await stage.sim("GET", "/log?kind=api");
    equal(log.entries.filter((entry) => entry.type === "text").length, 1, "times it was sent");
    const settled = await stage.api("POST", `/api/v1/messages/${message.id}/settle`, { outcome: "sent" });
    equal(settled.status, "sent", "as the operator said");
  },

  async "a paused channel sends nothing, what is taken back never leaves, and resuming sends the rest at once"(stage) {
    await stage.write(kate, "hello");
    const conversation = await stage.conversationWith("Kate");
    await stage.api("PATCH", `/api/v1/channels/${stage.channel.id}`, { state: "paused" });
    const message = await send(stage, conversation, { text: "waits" });
    await stage.api("PATCH", `/api/v1/channels/${stage.channel.id}`, { state: "connected" });
    await until("its leaving", async () => (await statusOf(stage, conversation, message.id)).status === "delivered");
    await stage.api("PATCH", `/api/v1/channels/${stage.channel.id}`, { state: "paused" });
    const second = await send(stage, conversation, { text: "taken back" });
    await stage.api("DELETE", `/api/v1/messages/${second.id}`, undefined, 204);
    await stage.api("PATCH", `/api/v1/channels/${stage.channel.id}`, { state: "connected" });
    const third = await send(stage, conversation, { text: "third" });
    await until("the third", async () => (await statusOf(stage, conversation, third.id)).status === "delivered");
    equal((await stage.phone(kate)).filter((one) => one.direction === "from_business").map((one) => one.text),
      ["waits", "third"], "on the phone");
  },

  async "what waits in a channel that is disconnected fails and says why, and the number can be connected again"(stage) {
    await stage.write(kate, "hello");
    const conversation = await stage.conversationWith("Kate");
    await stage.api("PATCH", `/api/v1/channels/${stage.channel.id}`, { state: "paused" });
    const message = await send(stage, conversation, { text: "too late" });
    await stage.api("DELETE", `/api/v1/channels/${stage.channel.id}`, undefined, 204);
    const failed = await statusOf(stage, conversation, message.id);
    equal([failed.status, failed.error.code], ["failed", "channel_gone"], "the message");
    equal((await fetch(stage.channel.webhook_url, { method: "POST", body: "{}" })).status, 404, "its webhook address");
    await stage.connect();
  },

  async "the same client_id sends once; another body under it is refused"(stage) {
    await stage.write(kate, "hello");
    const conversation = await stage.conversationWith("Kate");
    const client_id = crypto.randomUUID();
    const first = await send(stage, conversation, { client_id, text: "once" }, 201);
    const second = await send(stage, conversation, { client_id, text: "once" }, 200);
    equal(second.id, first.id, "the same message");
    equal((await send(stage, conversation, { client_id, text: "other" }, 409)).code, "client_id_reused", "another body");
  },

  async "the feed resumes where it was cut: nothing is missed, nothing comes twice, order holds"(stage) {
    await stage.write(kate, "hello");
    await stage.conversationWith("Kate");
    const first = feed(stage);
    const hello = await until("hello", () => first.frames[0]);
    equal(hello.type, "hello", "the first frame");
    first.socket.close();
    const messages = Array.from({ length: 500 }, (_, i) => text(`wamid.F${i}`, `f${i}`));
    for (const one of messages) equal(await hook(stage, webhook([one])), 200, "taken");
    const second = feed(stage, hello.seq);
    await until("the last", () => second.frames.some((frame) => frame.data?.text === "f499"));
    const seen = second.frames.filter((frame) => frame.type === "message").map((frame) => frame.data.text);
    equal(seen, messages.map((one) => one.text.body), "messages of the feed");
    const numbers = second.frames.filter((frame) => frame.seq && frame.type !== "hello").map((frame) => frame.seq);
    equal(numbers, [...numbers].sort((a, b) => a - b), "numbers");
    second.socket.close();
    const old = feed(stage, 10_000_000);
    await until("resync", () => old.frames.some((frame) => frame.type === "resync"));
    old.socket.close();
  },

  async "messages leave at the channel's rate and in order, once each, by the simulator's own log"(stage) {
    await stage.sim("PATCH", "/numbers/100", { pair_limit: false });
    await stage.api("PATCH", `/api/v1/channels/${stage.channel.id}`,
      { settings: { messages_per_second: 20 }, credentials: { access_token: "token-1" } });
    await stage.write(kate, "hello");
    const conversation = await stage.conversationWith("Kate");
    const wanted = Array.from({ length: 40 }, (_, i) => `p${String(i).padStart(2, "0")}`);
    for (const one of wanted) await send(stage, conversation, { text: one });
    const sent = await until("all of them", async () => {
      const { entries } = await stage.sim("GET", "/log?kind=api");
      const ours = entries.filter((entry) => entry.type === "text");
      return ours.length >= 40 && ours;
    });
    equal(sent.map((entry) => JSON.parse(entry.body).text.body), wanted, "order, once each");
    const times = sent.map((entry) => entry.at_ms);
    for (let i = 20; i < times.length; i += 1)
      equal(times[i] - times[i - 20] >= 900, true, `20 messages in ${times[i] - times[i - 20]} ms`);
  },

  async "a stranger is told apart: no session, wrong password, no CSRF token, an operator who is no admin"(stage) {
    equal((await fetch(`${stage.okno}/api/v1/me`)).status, 401, "nobody");
    const signIn = (password) => fetch(`${stage.okno}/api/v1/session`,
      { method: "POST", body: JSON.stringify({ email: "anna@okno.test", password }) });
    equal((await signIn("wrong password")).status, 401, "wrong password");
    const good = await signIn("correct horse battery");
    const cookie = good.headers.get("set-cookie").split(";")[0];
    const me = await good.json();
    const done = (headers) => fetch(`${stage.okno}/api/v1/channels`, { method: "POST", headers: { cookie, ...headers }, body: "{}" });
    equal((await (await done({})).json()).code, "csrf_failed", "without the token");
    equal((await (await done({ "x-csrf-token": me.csrf_token })).json()).code, "forbidden", "an operator");
    equal((await fetch(`${stage.okno}/api/v1/session`, { method: "DELETE", headers: { cookie, "x-csrf-token": me.csrf_token } })).status, 204, "sign-out");
    equal((await fetch(`${stage.okno}/api/v1/me`, { headers: { cookie } })).status, 401, "after it");
    for (let i = 0; i < 12; i += 1) await signIn("wrong password");
    equal((await signIn("correct horse battery")).status, 429, "after many tries");
  },

  async "wrong requests are answered with what is wrong and where"(stage) {
    await stage.write(kate, "hello");
    const conversation = await stage.conversationWith("Kate");
    const messages = `/api/v1/conversations/${conversation.id}/messages`;
    equal((await stage.api("POST", messages, { type: "text", text: "x" }, 422)).field, "client_id", "no client_id");
    equal((await send(stage, conversation, { text: "" }, 422)).field, "text", "no text");
    equal((await send(stage, conversation, { type: "poll" }, 422)).field, "type", "unknown type");
    equal((await send(stage, conversation, { type: "template", template: { name: "none", language: "en", values: {} } }, 422)).code,
      "template_unknown", "unknown template");
    equal((await stage.api("GET", "/api/v1/conversations?view=mine", undefined, 422)).field, "view", "unknown view");
    equal((await stage.api("GET", "/api/v1/conversations?cursor=x", undefined, 422)).field, "cursor", "cursor");
    equal((await stage.api("GET", "/api/v1/conversations/00000000-0000-7000-8000-000000000000", undefined, 404)).code, "not_found", "id");
    const twice = await stage.api("POST", "/api/v1/channels", { messenger: "whatsapp", name: "Again",
      settings: { phone_number_id: "100", waba_id: "200" }, credentials: { access_token: "a", app_secret: "b" } }, 409);
    equal(twice.code, "channel_taken", "the same number again");
    const raw = await fetch(stage.okno + messages, { method: "POST", headers: { authorization: `Bearer ${stage.token}` }, body: "{\"a\":" });
    equal([raw.status, (await raw.json()).code], [400, "bad_request"], "broken JSON");
  },

  async "writing first: a template to a number that never wrote, whose answer lands in the same conversation"(stage) {
    const wanted = { client_id: crypto.randomUUID(), channel_id: stage.channel.id, phone: "8 (926) 000-00-00",
      template: { name: "answer_ready", language: "en", values: { 1: "Oleg", 2: "the bill" } } };
    const conversation = await stage.api("POST", "/api/v1/conversations", wanted, 201);
    equal((await stage.api("POST", "/api/v1/conversations", wanted, 200)).id, conversation.id, "repeated");
    await until("it on the phone", async () => (await stage.phone("79260000000")).length === 1);
    await stage.write("79260000000", "thanks");
    const answered = await stage.conversationWith("Oleg");
    equal(answered.id, conversation.id, "the conversation");
    equal(answered.reply_window.verdict, "free_text", "the window");
  },

  async "search finds messages by another form of the word, by the customer's number and by operators"(stage) {
    await stage.write(kate, "Потеряли ключи от лицензии, помогите");
    await stage.write(kate, { type: "image", caption: "вот снимок экрана" });
    await stage.write("79260000000", "Здравствуйте!");
    const find = async (q) => (await stage.api("GET", `/api/v1/search?q=${encodeURIComponent(q)}`)).items;
    const texts = async (q) => (await find(q)).map((item) => item.message.text);
    await until("the index", async () => (await find("здравствуйте")).length === 1);
    equal(await texts("ключ"), ["Потеряли ключи от лицензии, помогите"], "another form");
    equal(await texts("has:file экраны"), ["вот снимок экрана"], "with a file");
    equal((await find("8 916 123-45-67")).length > 0, true, "by number");
    equal((await find("8 916 123-45-67"))[0].conversation.contact.name, "Kate", "whose number");
    equal((await stage.api("GET", "/api/v1/search?q=before:yesterday", undefined, 422)).code, "invalid", "a wrong operator");
    for (const hostile of ["\"", "NEAR(", "*", "-", "(((", "x".repeat(3000)]) await find(hostile);
  },

  async "a data directory in use is refused in words, and admin commands work beside the server"(stage) {
    const second = spawnSync(process.env.OKNO, ["serve", "--data-dir", stage.folder, "--listen", "127.0.0.1:0"], { encoding: "utf8" });
    equal(second.status, 1, "exit code");
    equal(/in use by another Okno/.test(second.stderr), true, second.stderr);
    equal(/storage: readable/.test(stage.admin("doctor")), true, "doctor");
  },
});
