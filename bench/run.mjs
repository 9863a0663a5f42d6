// `./dev bench`: what the release build does on this machine, beside the machine's own limit measured in the same run.
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const build = new URL("../build/release/bin/", import.meta.url).pathname;
process.env.OKNO = `${build}okno`;
process.env.OKNO_SIM = `${build}okno-sim`;
const { Stage, until, number } = await import("../tests/journeys/stage.mjs");
const { WebSocket } = createRequire(new URL("../tests/journeys/stage.mjs", import.meta.url))("ws");
const seconds = Number(process.argv[2] ?? 5);

const run = async (...words) => JSON.parse((await promisify(execFile)(`${build}okno-load`, words.map(String))).stdout);
const memory = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;
const say = (what, text) => console.log(`${what.padEnd(52)} ${text}`);

const folder = mkdtempSync(join(tmpdir(), "okno-bench-"));
const disk = await run("disk", folder, 2);
rmSync(folder, { recursive: true });
say("disk: write + fdatasync, one at a time", `${disk.per_second}/s, p50 ${disk.p50_ms} ms, p99 ${disk.p99_ms} ms`);

const stage = await Stage.open();
try {
  const begun = performance.now();
  execFileSync(process.env.OKNO, ["--version"]);
  await stage.killOkno();
  const from = performance.now();
  await stage.restartOkno();
  say("start until it listens", `${(performance.now() - from).toFixed(0)} ms (of it process start ${(from - begun).toFixed(0)} ms or less)`);
  say("memory, idle", `${memory(stage.program.child.pid).toFixed(1)} MB`);

  const { port, pathname } = new URL(stage.channel.webhook_url);
  for (const connections of [1, 64, 256]) {
    const one = await run("webhooks", port, pathname, "s3cret", connections, seconds);
    say(`durable webhooks, ${connections} connections`,
      `${one.per_second}/s (${(one.per_second / disk.per_second).toFixed(2)} of the disk's one at a time), p50 ${one.p50_ms} ms, p99 ${one.p99_ms} ms, refused ${one.refused}`);
  }
  const drained = performance.now();
  const applied = async () => /applied up to (\d+)/.exec(stage.admin("doctor"))[1];
  let before = -1;
  await until.call(null, "the intake to be applied", async () => {
    const now = Number(await applied());
    const same = now === before;
    before = now;
    return same;
  });
  say("all of them in conversations", `${before} after another ${((performance.now() - drained) / 1000).toFixed(1)} s`);

  // From the webhook's leaving to the frame of the feed: the text tells when it left.
  const socket = new WebSocket(`${stage.okno.replace("http", "ws")}/api/v1/events`, { headers: { authorization: `Bearer ${stage.token}` } });
  const late = [];
  socket.on("message", (data) => {
    const frame = JSON.parse(data);
    if (frame.type !== "message") return;
    const sent = / sent at (\d+)$/.exec(frame.data.text ?? "");
    if (sent) late.push(Date.now() - Number(sent[1]));
  });
  await until("the feed", () => socket.readyState === WebSocket.OPEN);
  const paced = await run("webhooks", port, pathname, "s3cret", 16, seconds, 1000);
  await until("the last frames", () => late.length >= paced.count * 0.99);
  late.sort((a, b) => a - b);
  say("kept webhook -> frame of the feed, at 1,000/s", `p50 ${late[late.length >> 1]} ms, p99 ${late[Math.floor(late.length * 0.99)]} ms (whole ms), ${late.length} frames`);
  socket.close();
  say("memory, loaded", `${memory(stage.program.child.pid).toFixed(1)} MB`);

  // Outbound: templates, since these people never wrote to the simulator; to many people, by the simulator's own log.
  for (const rate of [80, 1000]) {
    const people = rate * seconds;
    await stage.sim("POST", "/reset", { keep: "world" });
    await stage.sim("PATCH", `/numbers/${number}`, { messages_per_second: rate + 20, pair_limit: false });
    await stage.api("PATCH", `/api/v1/channels/${stage.channel.id}`, { settings: { messages_per_second: rate }, credentials: { access_token: "token-1" } });
    const { items } = await stage.api("GET", "/api/v1/conversations?view=all&limit=200");
    await stage.sim("POST", "/world", { phones: items.map((item) => ({ wa_id: item.identity.phone.slice(1), name: item.contact.name })) });
    await stage.api("PATCH", `/api/v1/channels/${stage.channel.id}`, { state: "paused" });
    // One token may send 100 a second: many stand for many operators.
    const tokens = Array.from({ length: 20 }, (_, i) =>
      stage.admin("token", "create", "--email", "maria@okno.test", "--name", `bench ${rate} ${i}`).trim());
    const queue = Array.from({ length: people }, (_, i) => items[i % items.length]);
    for (let i = 0; i < queue.length; i += 50)
      await Promise.all(queue.slice(i, i + 50).map((item, k) => stage.json("POST", `${stage.okno}/api/v1/conversations/${item.id}/messages`,
        { client_id: crypto.randomUUID(), type: "template",
          template: { name: "answer_ready", language: "en", values: { 1: "you", 2: `${rate} ${i + k}` } } },
        { authorization: `Bearer ${tokens[(i + k) % tokens.length]}` })));
    await stage.api("PATCH", `/api/v1/channels/${stage.channel.id}`, { state: "connected" });
    const times = await until("all of them at the provider", async () => {
      const found = [];
      for (let after = 0; ;) {
        const page = await stage.sim("GET", `/log?kind=api&after=${after}&limit=5000`);
        found.push(...page.entries.filter((entry) => entry.type === "template").map((entry) => entry.at_ms));
        if (page.entries.length === 0) break;
        after = page.entries.at(-1).n;
      }
      return found.length >= people && found;
    });
    const took = (times.at(-1) - times[0]) / 1000;
    say(`outbound at ${rate}/s set`, `${((times.length - 1) / took).toFixed(1)}/s (${((times.length - 1) / took / rate).toFixed(3)} of the set rate), ${times.length} sent, ${people} wanted`);
  }
} finally {
  await stage.close();
}
