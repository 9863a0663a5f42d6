// The moment of leaving: the window is checked there again, and a provider that is busy is waited for.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { equal, play, until } from "./stage.mjs";

const kate = "79161234567";

// A demo of its own: the only place whose clock can be moved.
async function withDemo(use) {
  const folder = mkdtempSync(join(tmpdir(), "okno-demo-"));
  const child = spawn(process.env.OKNO, ["demo", "--data-dir", folder, "--listen", "127.0.0.1:0", "--simulator-listen", "127.0.0.1:0"],
    { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  let text = "";
  child.stdout.on("data", (piece) => { text += piece; });
  try {
    await until("the demo", () => /Ctrl\+C/.test(text));
    const okno = /The inbox\s+(http:\/\/[^/\s]+)/.exec(text)[1];
    const simulator = /customers' phones\s+(http:\/\/[^/\s]+)/.exec(text)[1];
    const [, email, password] = /Sign in as (\S+) with the password (\S+)/.exec(text);
    const session = await fetch(`${okno}/api/v1/session`, { method: "POST", body: JSON.stringify({ email, password }) });
    const headers = { cookie: session.headers.get("set-cookie").split(";")[0], "x-csrf-token": (await session.json()).csrf_token };
    const call = async (url, method, body) => {
      const reply = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
      if (!reply.ok) throw new Error(`${method} ${url}: ${reply.status} ${await reply.text()}`);
      return await reply.json();
    };
    await use({
      api: (method, path, body) => call(okno + path, method, body),
      sim: (method, path, body) => call(`${simulator}/sim${path}`, method, body),
    });
  } finally {
    child.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

await play({
  async "what waited in a paused channel while the window closed fails as window_closed and never leaves"() {
    await withDemo(async ({ api, sim }) => {
      const [channel] = (await api("GET", "/api/v1/channels")).items;
      const conversation = await until("somebody who may be written to", async () =>
        (await api("GET", "/api/v1/conversations?view=all")).items.find((one) => one.reply_window.verdict === "free_text"));
      await api("PATCH", `/api/v1/channels/${channel.id}`, { state: "paused" });
      const text = "This would be too late";
      const { id } = await api("POST", `/api/v1/conversations/${conversation.id}/messages`, { client_id: crypto.randomUUID(), type: "text", text });
      await sim("POST", "/clock", { advance_ms: 25 * 3600_000 });
      await until("the server's clock", async () =>
        Date.parse((await api("GET", "/api/v1/me")).server_time) > Date.now() + 24 * 3600_000);
      await api("PATCH", `/api/v1/channels/${channel.id}`, { state: "connected" });
      const failed = await until("its failure", async () => {
        const { items } = await api("GET", `/api/v1/conversations/${conversation.id}/messages`);
        return items.find((one) => one.id === id && one.status === "failed");
      });
      equal(failed.error.code, "window_closed", "the reason");
      const { entries } = await sim("GET", "/log?kind=api&limit=10000");
      equal(entries.filter((entry) => (entry.body ?? "").includes(text)), [], "what the provider heard of it");
    });
  },

  async "a provider that asks to slow down is waited for, and everything arrives in order and once"(stage) {
    await stage.sim("PATCH", "/numbers/100", { pair_limit: false });
    await stage.write(kate, "hello");
    const conversation = await stage.conversationWith("Kate");
    await stage.sim("POST", "/faults", { kind: "429", count: 2 });
    const wanted = Array.from({ length: 5 }, (_, i) => `slow ${i}`);
    for (const text of wanted)
      await stage.api("POST", `/api/v1/conversations/${conversation.id}/messages`, { client_id: crypto.randomUUID(), type: "text", text });
    await until("all of them on the phone", async () =>
      (await stage.phone(kate)).filter((one) => one.direction === "from_business").length === wanted.length);
    const { entries } = await stage.sim("GET", "/log?kind=api");
    const sent = entries.filter((entry) => /"slow \d"/.test(entry.body ?? ""));  // refused ones have no type there
    equal(sent.map((entry) => JSON.parse(entry.body).text.body), ["slow 0", "slow 0", ...wanted], "what the provider was asked");
    equal(sent[1].at_ms - sent[0].at_ms >= 900, true, `the wait after the first refusal: ${sent[1].at_ms - sent[0].at_ms} ms`);
    equal(sent[2].at_ms - sent[1].at_ms >= 1800, true, `after the second: ${sent[2].at_ms - sent[1].at_ms} ms`);
  },

  async "a channel that is disconnected with messages in it says so on each of them"(stage) {
    await stage.write(kate, "hello");
    const conversation = await stage.conversationWith("Kate");
    await stage.api("PATCH", `/api/v1/channels/${stage.channel.id}`, { state: "paused" });
    const { id } = await stage.api("POST", `/api/v1/conversations/${conversation.id}/messages`,
      { client_id: crypto.randomUUID(), type: "text", text: "never leaves" });
    await stage.api("DELETE", `/api/v1/channels/${stage.channel.id}`, undefined, 204);
    const { items } = await stage.api("GET", `/api/v1/conversations/${conversation.id}/messages`);
    const message = items.find((one) => one.id === id);
    equal([message.status, message.error.code], ["failed", "channel_gone"], "the message");
  },
});
