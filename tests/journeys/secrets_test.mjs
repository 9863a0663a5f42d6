// What okno says and keeps: no token, password, secret, cookie or text of a customer is in its log at any level and in
// any format, nor in what a crash leaves, and no secret lies readable in its files.
import { createHmac } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { WebSocket } from "ws";
import { equal, password, play, until } from "./stage.mjs";

const kate = "79161234567";

async function restart(stage, environment) {
  stage.program.child.kill("SIGTERM");
  await stage.oknoEnded();
  await stage.restartOkno(environment);
}

// Everything that makes okno say something, each with words of its own that must not be said.
async function busyDay(stage) {
  const secret = (word) => {
    stage.secrets.add(word);
    return word;
  };
  const call = (path, { method = "GET", body, raw, headers = {} } = {}) => fetch(stage.okno + path, { method, redirect: "manual",
    headers: { authorization: `Bearer ${stage.token}`, ...headers }, body: raw ?? (body && JSON.stringify(body)) });

  // Signing in, well and badly.
  const signIn = (typed) => call("/api/v1/session", { method: "POST", body: { email: "maria@okno.test", password: typed }, headers: { authorization: "" } });
  equal((await signIn(secret("mistyped-password-417"))).status, 401, "a mistyped password");
  const session = await signIn(password);
  const cookie = session.headers.get("set-cookie").split(";")[0];
  secret(cookie.split("=")[1]);
  const csrf = secret((await session.json()).csrf_token);
  await call("/api/v1/me", { headers: { authorization: `Bearer ${secret("a-wrong-token-417")}` } });
  await call("/api/v1/me", { headers: { authorization: "", cookie: `okno_session=${secret("a-wrong-cookie-417")}` } });
  await call("/api/v1/channels", { method: "POST", body: {}, headers: { authorization: "", cookie, "x-csrf-token": secret("a-wrong-csrf-417") } });

  // Customers and answers, also such as fail.
  await stage.write(kate, secret("customer-words-417"));
  const conversation = await stage.conversationWith("Kate");
  const messages = `/api/v1/conversations/${conversation.id}/messages`;
  const send = (text) => stage.api("POST", messages, { client_id: crypto.randomUUID(), type: "text", text });
  const statusOf = async (id) => (await stage.api("GET", messages)).items.find((item) => item.id === id).status;
  const delivered = await send(secret("operator-words-417"));
  await until("delivery", async () => (await statusOf(delivered.id)) === "delivered");
  await stage.sim("PATCH", `/phones/${kate}`, { fails_with: 131026 });
  const failed = await send(secret("failing-words-417"));
  await until("a failure", async () => (await statusOf(failed.id)) === "failed");
  await stage.sim("PATCH", `/phones/${kate}`, { fails_with: 0 });
  await stage.sim("POST", "/faults", { kind: "timeout_after_accept", count: 1 });
  const unknown = await send(secret("unanswered-words-417"));
  await until("no answer", async () => ["unknown", "sent", "delivered"].includes(await statusOf(unknown.id)));
  await stage.api("POST", `/api/v1/conversations/${conversation.id}/notes`, { client_id: crypto.randomUUID(), text: secret("note-words-417") });
  await stage.api("PUT", `/api/v1/conversations/${conversation.id}/draft`, { text: secret("draft-words-417"), note: "" });
  await call(`/api/v1/search?q=${secret("search-words-417")}`);
  await call(messages, { method: "POST", raw: `{"text":"${secret("broken-words-417")}` });

  // Files and their addresses.
  const upload = await (await call(`/api/v1/uploads?name=${secret("file-name-417")}.txt`, { method: "POST", raw: secret("file-content-417") })).json();
  const link = (await call(`/api/v1/media/${upload.id}`)).headers.get("location");
  equal((await fetch(stage.okno + link)).status, 200, "the file");
  secret(link.split("/").pop());

  // Webhooks: a handshake, a forged and an unreadable one.
  const hook = (body, key) => fetch(stage.channel.webhook_url, { method: "POST", body,
    headers: { "x-hub-signature-256": `sha256=${createHmac("sha256", key).update(body).digest("hex")}` } });
  await fetch(`${stage.channel.webhook_url}?hub.mode=subscribe&hub.verify_token=${secret("a-wrong-verify-token-417")}&hub.challenge=1`);
  await fetch(`${stage.channel.webhook_url}?hub.mode=subscribe&hub.verify_token=${stage.channel.verify_token}&hub.challenge=1`);
  equal((await hook(`{"words":"${secret("forged-words-417")}"}`, "another")).status, 401, "a forged webhook");
  equal((await hook(`{"words":"${secret("unreadable-words-417")}`, "s3cret")).status, 200, "an unreadable webhook");

  // Credentials that change, and a token that the provider refuses.
  await stage.api("PATCH", `/api/v1/channels/${stage.channel.id}`, { credentials: { access_token: secret("dead-token-417") } });
  await call(`/api/v1/channels/${stage.channel.id}/check`, { method: "POST" });
  await call(`/api/v1/channels/${stage.channel.id}/templates`);
  await call(messages, { method: "POST", body: { client_id: crypto.randomUUID(), type: "text", text: secret("unsendable-words-417") } });
  await until("the channel to be broken", async () => (await stage.api("GET", `/api/v1/channels/${stage.channel.id}`)).state === "broken");
  await stage.api("PATCH", `/api/v1/channels/${stage.channel.id}`, { credentials: { access_token: "token-1" } });

  // The live feed.
  const socket = new WebSocket(`${stage.okno.replace("http", "ws")}/api/v1/events?after=0`, { headers: { cookie } });
  await new Promise((resolve) => socket.on("message", resolve));
  socket.close();
  equal((await call("/api/v1/session", { method: "DELETE", headers: { authorization: "", cookie, "x-csrf-token": csrf } })).status, 204, "sign-out");
}

function filesOf(folder) {
  return readdirSync(folder, { recursive: true }).map((name) => join(folder, name)).filter((file) => statSync(file).isFile());
}

const logs = (format, level) => ({ OKNO_LOG_LEVEL: level, OKNO_LOG_FORMAT: format });

const logsOfEverything = Object.fromEntries(["text", "json"].map((format) => [
  `a log of everything, as ${format}, holds no secret and no words of anybody`,
  async (stage) => {
    await restart(stage, logs(format, "debug"));
    await busyDay(stage);
    equal(stage.said.split("\n").filter((line) => line.includes("request")).length > 30, true, `it was logged:\n${stage.said}`);
    stage.secrets.add(kate);
    stage.assertNothingLeaked();
  },
]));

await play({
  ...logsOfEverything,

  async "a stranger's address writes no line of its own into the log, and who signs in or is refused is noted"(stage) {
    for (const format of ["text", "json"]) {
      stage.said = "";
      await restart(stage, logs(format, "debug"));
      await fetch(`${stage.okno}/api/v1/x%0A2026-01-01T00:00:00.000Z%20error%20%20forged%0D%1B[2J`);
      const token = stage.makeToken("anna@okno.test");
      await fetch(`${stage.okno}/api/v1/channels`, { method: "POST", headers: { authorization: `Bearer ${token}` }, body: "{}" });
      for (const typed of [password, "a wrong password"])
        await fetch(`${stage.okno}/api/v1/session`, { method: "POST", body: JSON.stringify({ email: "maria@okno.test", password: typed }) });
      await until("the log", () => stage.said.includes("sign-in refused"));
      equal([/^[^\n]*error  forged/m.test(stage.said) && /^2026-01-01/m.test(stage.said), stage.said.includes("\x1b"), stage.said.includes("\r")],
        [false, false, false], stage.said);
      for (const event of ["signed in", "sign-in refused: wrong", "refused: only an admin"]) equal(stage.said.includes(event), true, event);
    }
  },

  async "a server that is aborted in the midst of its work says no secret while it ends"(stage) {
    await restart(stage, logs("text", "debug"));
    await busyDay(stage);
    stage.program.child.kill("SIGABRT");
    await stage.oknoEnded();
    stage.assertNothingLeaked();
    await stage.restartOkno(logs("text", "debug"));
    equal((await fetch(`${stage.okno}/readyz`)).status, 200, "and starts again");
    stage.assertNothingLeaked();
  },

  async "secrets lie sealed or hashed in the files of the data directory"(stage) {
    await busyDay(stage);
    const tokens = [...stage.secrets].filter((secret) => /^[\w-]{43}$/.test(secret)); // of the session and the API
    equal(tokens.length >= 2, true, "tokens");
    const secrets = [...tokens, stage.token, stage.channel.verify_token, "token-1", "s3cret", "dead-token-417", password, "mistyped-password-417"];
    for (const file of filesOf(stage.folder)) {
      const bytes = readFileSync(file);
      for (const secret of secrets) equal(bytes.includes(secret), false, `${secret} in ${file}`);
    }
    equal(statSync(join(stage.folder, "secret.key")).mode & 0o077, 0, "the key is its owner's alone");
  },

  async "no answer of the API shows a credential, whoever asks"(stage) {
    for (const path of ["/api/v1/channels", `/api/v1/channels/${stage.channel.id}`, "/api/v1/me", "/metrics", "/healthz", "/readyz"]) {
      const text = await (await fetch(stage.okno + path, { headers: { authorization: `Bearer ${stage.token}` } })).text();
      for (const secret of ["token-1", "s3cret", password, stage.token]) equal(text.includes(secret), false, `${secret} in ${path}`);
    }
  },
});
