// What a server tells the other nodes over NATS, and what it does when another tells it. A stranger on the same subject
// plays the other node.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { connect, createServer } from "node:net";
import { WebSocket } from "ws";
import { equal, play, until } from "./stage.mjs";

const subject = "okno.main.hints";

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function startNats(port) {
  const child = spawn("nats-server", ["--addr", "127.0.0.1", "--port", String(port)], { stdio: "ignore" });
  await until("nats-server", () => new Promise((resolve) => {
    const probe = connect(port, "127.0.0.1", () => resolve(true));
    probe.on("connect", () => probe.destroy()).on("error", () => resolve(false));
  }));
  return async () => {
    child.kill("SIGKILL");
    await new Promise((resolve) => (child.exitCode !== null || child.signalCode ? resolve() : child.on("exit", resolve)));
  };
}

// Another node, as the protocol of NATS has it: lines of text.
function otherNode(port) {
  const socket = connect(port, "127.0.0.1");
  const heard = [];
  let text = "";
  socket.on("data", (piece) => {
    text += piece;
    if (text.includes("PING\r\n")) socket.write("PONG\r\n");
    for (const [, line] of text.matchAll(/MSG \S+ \d+ \d+\r\n(\{.*\})\r\n/g)) heard.push(JSON.parse(line));
    text = text.slice(text.lastIndexOf("\n", text.length - 2) + 1);
  });
  socket.on("error", () => {});
  socket.write(`CONNECT {"verbose":false,"echo":false,"protocol":1}\r\nSUB ${subject} 1\r\n`);
  const say = (hint) => {
    const line = JSON.stringify(hint);
    socket.write(`PUB ${subject} ${Buffer.byteLength(line)}\r\n${line}\r\n`);
  };
  return { say, end: () => socket.destroy(), hints: () => new Set(heard.map((one) => one.hint)), heard };
}

const hashOf = ({ cookie }) => createHash("sha256").update(cookie.split("=")[1]).digest("hex").slice(0, 32);

async function restart(stage, environment) {
  stage.program.child.kill("SIGTERM");
  await stage.oknoEnded();
  await stage.restartOkno(environment);
}

const isConnected = async (stage) => (await (await fetch(`${stage.okno}/metrics`)).text()).includes("okno_bus_connected 1");

async function signIn(stage) {
  const reply = await fetch(`${stage.okno}/api/v1/session`,
    { method: "POST", body: JSON.stringify({ email: "maria@okno.test", password: "correct horse battery" }) });
  return { cookie: reply.headers.get("set-cookie").split(";")[0], csrf: (await reply.json()).csrf_token };
}

await play({
  async "other nodes hear of webhooks, messages, channels and ended sessions, and a page closes when they say so"(stage) {
    const port = await freePort();
    const stopNats = await startNats(port);
    await restart(stage, { OKNO_BUS: `nats://127.0.0.1:${port}` });
    await until("the bus", () => isConnected(stage));
    const node = otherNode(port);
    await stage.write("79161234567", "hello");
    const conversation = await stage.conversationWith("Kate");
    await stage.api("POST", `/api/v1/conversations/${conversation.id}/messages`, { client_id: crypto.randomUUID(), type: "text", text: "hi" });
    await stage.api("PATCH", `/api/v1/channels/${stage.channel.id}`, { name: "Help" });
    await until("the hints", () => ["intake", "changes", "outbox", "channels"].every((hint) => node.hints().has(hint)));
    const session = await signIn(stage);
    const page = new WebSocket(`${stage.okno.replace("http", "ws")}/api/v1/events`, { headers: { cookie: session.cookie } });
    let code = 0;
    page.on("close", (why) => (code = why));
    await new Promise((resolve) => page.once("message", resolve));
    node.say({ hint: "session_ended", session: "another" });
    node.say({ hint: "nonsense" });
    const bye = await fetch(`${stage.okno}/api/v1/session`, { method: "DELETE", headers: { cookie: session.cookie, "x-csrf-token": session.csrf } });
    equal(bye.status, 204, "signed out");
    const ended = await until("the ended session", () => node.heard.find((one) => one.hint === "session_ended"));
    await until("the closed page", () => code === 4401);
    equal(ended.session, hashOf(session), "the session by its hash");
    const elsewhere = await signIn(stage);
    const other = new WebSocket(`${stage.okno.replace("http", "ws")}/api/v1/events`, { headers: { cookie: elsewhere.cookie } });
    code = 0;
    other.on("close", (why) => (code = why));
    await new Promise((resolve) => other.once("message", resolve));
    node.say({ hint: "session_ended", session: hashOf(elsewhere) });
    await until("the page that another node closed", () => code === 4401);
    node.end();
    await stopNats();
  },

  async "without NATS all goes on, and when it comes the server is on the bus"(stage) {
    const port = await freePort();
    await restart(stage, { OKNO_BUS: `nats://127.0.0.1:${port}` });
    equal(await isConnected(stage), false, "nobody there");
    await stage.write("79161234567", "hello");
    await stage.conversationWith("Kate");
    const stopNats = await startNats(port);
    await until("the bus", () => isConnected(stage));
    await stopNats();
    await until("that it is lost", async () => !(await isConnected(stage)));
    await stage.write("79260000000", "still here");
    await stage.conversationWith("Oleg");
  },
});
