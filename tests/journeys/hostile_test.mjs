// Clients that mean harm, or are merely broken, on the wire: whatever they do, others are answered.
// `--full` opens 10,000 connections instead of 2,000 and waits for the real deadlines.
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { WebSocket } from "ws";
import { equal, play, until } from "./stage.mjs";

const isFull = process.argv.includes("--full");
const kate = "79161234567";

// A connection that does only what the journey says. It reads what comes unless it is paused.
class Wire {
  constructor(stage, from = "127.0.0.1") {
    const { hostname, port } = new URL(stage.okno);
    this.socket = connect({ port: Number(port), host: hostname, localAddress: from });
    this.text = "";
    this.isClosed = false;
    this.socket.on("data", (piece) => (this.text += piece.toString("latin1")));
    this.socket.on("error", () => {});
    this.socket.on("close", () => (this.isClosed = true));
    this.isOpen = once(this.socket, "connect");
  }
  status() {
    return Number(/^HTTP\/1\.1 (\d+)/.exec(this.text)?.[1] ?? 0);
  }
  async closed(what) {
    await until(`${what} to be closed`, () => this.isClosed);
    return this.text;
  }
}

async function wire(stage, bytes, from) {
  const one = new Wire(stage, from);
  await one.isOpen;
  if (bytes) one.socket.write(bytes);
  return one;
}

// So many at once that the listening queue holds them.
async function many(count, make) {
  const all = [];
  while (all.length < count)
    all.push(...await Promise.all(Array.from({ length: Math.min(200, count - all.length) }, (_, i) => make(all.length + i))));
  return all;
}

const address = (i) => `127.0.0.${2 + (i % 8)}`;
const upgrade = (stage) => `GET /api/v1/events HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer ${stage.token}\r\nConnection: Upgrade\r\n` +
  "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

async function hook(stage, id, text) {
  const body = JSON.stringify({ object: "whatsapp_business_account", entry: [{ id: "200", changes: [{ field: "messages", value: {
    messaging_product: "whatsapp", metadata: { phone_number_id: "100" }, contacts: [{ profile: { name: "Kate" }, wa_id: kate }],
    messages: [{ from: kate, id, timestamp: String(Math.floor(Date.now() / 1000)), type: "text", text: { body: text } }] } }] }] });
  const signature = `sha256=${createHmac("sha256", "s3cret").update(body).digest("hex")}`;
  return (await fetch(stage.channel.webhook_url, { method: "POST", headers: { "x-hub-signature-256": signature }, body })).status;
}

// A customer writes, an operator reads and answers, and the answer arrives: counted, not timed.
async function othersAreServed(stage, round) {
  await stage.sim("PATCH", "/numbers/100", { pair_limit: false }); // the answers come at any pace
  const words = Array.from({ length: 20 }, (_, i) => `${round} ${i}`);
  await stage.write(kate, `hello ${round}`);
  for (const [i, word] of words.entries()) equal(await hook(stage, `wamid.${round}.${i}`, word), 200, "a webhook");
  const conversation = await stage.conversationWith("Kate");
  await until("what the customer wrote", async () => {
    const { items } = await stage.api("GET", `/api/v1/conversations/${conversation.id}/messages?limit=200`);
    return words.every((word) => items.some((item) => item.text === word));
  });
  await stage.api("POST", `/api/v1/conversations/${conversation.id}/messages`, { client_id: crypto.randomUUID(), type: "text", text: `answer ${round}` });
  await until("the answer", async () => (await stage.phone(kate)).some((message) => JSON.stringify(message).includes(`answer ${round}`)));
  for (const path of ["/healthz", "/readyz", "/"]) equal((await fetch(stage.okno + path)).status < 500, true, path);
}

await play({
  async "idle connections, slow heads, slow bodies and feeds that read nothing hold up nobody"(stage) {
    // As a service is started: the server takes the hard limit itself.
    stage.program.child.kill("SIGTERM");
    await stage.oknoEnded();
    await stage.restartOkno({}, "-S -n 1024");
    const idle = await many(isFull ? 10_000 : 2_000, (i) => wire(stage, "", address(i)));
    const heads = await many(200, (i) => wire(stage, "GET /api/v1/me HTTP/1.1\r\nHost: t\r\nX-Slow: ", address(i)));
    const bodies = await many(200, (i) => wire(stage, `POST /hooks/${i} HTTP/1.1\r\nHost: t\r\nContent-Length: 100000\r\n\r\n{`, address(i)));
    const uploads = await many(50, (i) => wire(stage, `POST /api/v1/uploads HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer ${stage.token}\r\n` +
      "Content-Length: 10000000\r\n\r\nabc", address(i)));
    const feeds = await many(50, (i) => wire(stage, upgrade(stage), address(i)));
    await until("the feeds", () => feeds.every((one) => one.status() === 101));
    for (const one of feeds) one.socket.pause();
    const drip = setInterval(() => [...heads, ...bodies].forEach((one) => one.socket.write("x")), 500);
    try {
      for (const round of ["first", "second", "third"]) await othersAreServed(stage, round);
    } finally {
      clearInterval(drip);
      for (const one of [...idle, ...heads, ...bodies, ...uploads, ...feeds]) one.socket.destroy();
    }
    await othersAreServed(stage, "after");
  },

  async "a server that may open few files refuses the newest connections and goes on with the rest"(stage) {
    stage.program.child.kill("SIGTERM");
    await stage.oknoEnded();
    await stage.restartOkno({}, "-n 400");
    const kept = await wire(stage, "GET /healthz HTTP/1.1\r\nHost: t\r\n\r\n");
    await until("an answer", () => kept.status() === 200);
    const crowd = await many(600, (i) => wire(stage, "", address(i)));
    await until("refusals", () => crowd.filter((one) => one.isClosed).length >= 400);
    equal(crowd.filter((one) => one.isClosed).every((one) => one.status() === 503 && /retry-after/i.test(one.text)), true, "each is told");
    kept.text = "";
    const body = "{}";
    kept.socket.write(`POST ${new URL(stage.channel.webhook_url).pathname} HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n` +
      `X-Hub-Signature-256: sha256=${createHmac("sha256", "s3cret").update(body).digest("hex")}\r\n\r\n${body}`);
    await until("the webhook's answer", () => kept.status() === 200);
    for (const one of crowd) one.socket.destroy();
    await until("room", async () => (await fetch(`${stage.okno}/healthz`)).status === 200);
    await othersAreServed(stage, "after");
  },

  async "heads that are too long, too many or no HTTP are refused, and the connection is closed"(stage) {
    const line = "X-Flood: y\r\n";
    const floods = [
      ["many headers", `GET / HTTP/1.1\r\nHost: t\r\n${line.repeat(5_000)}\r\n`, [431]],
      ["a long header", `GET / HTTP/1.1\r\nHost: t\r\nX: ${"y".repeat(1 << 20)}\r\n\r\n`, [431]],
      ["a long address", `GET /${"y".repeat(100_000)} HTTP/1.1\r\nHost: t\r\n\r\n`, [400, 431]],
      ["a cookie of 1 MiB", `GET /api/v1/me HTTP/1.1\r\nHost: t\r\nCookie: okno_session=${"y".repeat(1 << 20)}\r\n\r\n`, [431]],
      ["no HTTP", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", [400]],
      ["another protocol", "EHLO okno.test\r\n\r\n", [400]],
      ["two lengths", "POST /hooks/x HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", [400]],
      ["a length and chunks", "POST /hooks/x HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", [400]],
      ["chunks and a length", "POST /hooks/x HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", [400]],
      ["a length with a sign", "POST /hooks/x HTTP/1.1\r\nHost: t\r\nContent-Length: +5\r\n\r\nhello", [400]],
      ["a blank before the colon", "POST /hooks/x HTTP/1.1\r\nHost: t\r\nContent-Length : 5\r\n\r\nhello", [400]],
      ["chunks of no size", "POST /hooks/x HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", [400]],
    ];
    for (const [what, bytes, expected] of floods)
      for (const one of await many(20, (i) => wire(stage, Buffer.from(bytes, "latin1"), address(i)))) {
        await one.closed(what);
        equal(expected.includes(one.status()), true, `${what}: ${one.text.slice(0, 200)}`);
        equal(one.text.split("HTTP/1.1 ").length, 2, `${what} is one request`);
      }
    await othersAreServed(stage, "after");
  },

  async "bodies that never end are cut at their limit, whoever sends them"(stage) {
    const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;
    for (const path of [new URL(stage.channel.webhook_url).pathname, "/api/v1/session", "/nowhere"]) {
      const one = await wire(stage, `POST ${path} HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n`);
      for (let i = 0; i < 200 && !one.status(); i += 1) {
        one.socket.write(chunk);
        await new Promise((resolve) => setImmediate(resolve));
      }
      await until("an answer", () => one.status() !== 0);
      equal(one.status(), 413, path);
      one.socket.destroy();
    }
    await othersAreServed(stage, "after");
  },

  async "10,000 requests in one go are answered one after another, and who leaves without reading breaks nothing"(stage) {
    const ask = "GET /healthz HTTP/1.1\r\nHost: t\r\n\r\n";
    const eager = await wire(stage, ask.repeat(10_000));
    await until("all answers", () => eager.text.split("HTTP/1.1 200").length - 1 === 10_000);
    eager.socket.destroy();
    for (const one of await many(200, (i) => wire(stage, ask.repeat(50), address(i)))) one.socket.resetAndDestroy();
    await othersAreServed(stage, "after");
  },

  async "feeds that do not read, and feeds that vanish, keep nothing from those that do"(stage) {
    const deaf = await many(30, (i) => wire(stage, upgrade(stage), address(i)));
    await until("the feeds", () => deaf.every((one) => one.status() === 101));
    for (const one of deaf.slice(0, 20)) one.socket.pause();
    for (const one of deaf.slice(20)) one.socket.resetAndDestroy();
    const frames = [];
    const reader = new WebSocket(`${stage.okno.replace("http", "ws")}/api/v1/events`, { headers: { authorization: `Bearer ${stage.token}` } });
    reader.on("message", (data) => frames.push(JSON.parse(data)));
    await until("hello", () => frames.length > 0);
    for (let i = 0; i < 100; i += 1) equal(await hook(stage, `wamid.feed.${i}`, `${i} ${"long ".repeat(700)}`), 200, "a webhook");
    await until("all of it", () => frames.filter((frame) => frame.type === "message").length === 100);
    equal(frames.filter((frame) => frame.type === "message").map((frame) => frame.data.text.split(" ")[0]), Array.from({ length: 100 }, (_, i) => String(i)), "in order");
    reader.close();
    for (const one of deaf) one.socket.destroy();
    await othersAreServed(stage, "after");
  },

  ...(isFull && {
    async "every client that does not do its part is cut by its real deadline"(stage) {
      const begun = await Promise.all([
        wire(stage, ""), wire(stage, "GET / HTTP/1.1\r\nX-Slow: "), wire(stage, "POST /hooks/x HTTP/1.1\r\nHost: t\r\nContent-Length: 9\r\n\r\n{"),
        wire(stage, `POST /api/v1/uploads HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer ${stage.token}\r\nContent-Length: 1000000\r\n\r\nabc`),
        wire(stage, upgrade(stage)),
      ]);
      const drip = setInterval(() => begun[1].socket.write("x"), 1000);
      await until("the deadlines", () => begun.every((one) => one.isClosed), 100_000);
      clearInterval(drip);
      await othersAreServed(stage, "after");
    },
  }),
});
