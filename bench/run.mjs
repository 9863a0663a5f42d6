// `./dev bench`: what the release build does on this machine, beside the machine's own limits measured in the same run,
// and each figure beside its goal: "x 1.20" is a fifth better than the goal.
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startNginx } from "./nginx.mjs";

const root = new URL("../", import.meta.url).pathname;
const build = `${root}build/release/bin/`;
process.env.OKNO = `${build}okno`;
process.env.OKNO_SIM = `${build}okno-sim`;
const { Stage, until } = await import("../tests/journeys/stage.mjs");
const { outbound } = await import("./outbound.mjs");
const { WebSocket } = createRequire(new URL("../tests/journeys/stage.mjs", import.meta.url))("ws");
const seconds = Number(process.argv[2] ?? 5);

const run = async (...words) => JSON.parse((await promisify(execFile)(`${build}okno-load`, words.map(String))).stdout);
const memory = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;
const say = (what, text, goals = "") => console.log(`${what.padEnd(46)} ${text.padEnd(62)} ${goals}`.trimEnd());
// How far beyond the goal a figure is, above 1 where it is met.
const atLeast = (value, goal, unit) => `goal >= ${goal}${unit}: x ${(value / goal).toFixed(2)}${value >= goal ? "" : " MISSED"}`;
const atMost = (value, goal, unit) => `goal <= ${goal}${unit}: x ${(goal / value).toFixed(2)}${value <= goal ? "" : " MISSED"}`;

const folder = mkdtempSync(join(tmpdir(), "okno-bench-"));
const disk = await run("disk", folder, 2);
rmSync(folder, { recursive: true });
say("disk: write + fdatasync, one at a time", `${disk.per_second}/s, p50 ${disk.p50_ms} ms, p99 ${disk.p99_ms} ms`);

const nginx = await startNginx(`${root}build/nginx`);
const bare = nginx && await run("webhooks", nginx.port, "/hooks/none", "s3cret", 64, seconds);
await nginx?.stop();
say("nginx `return 200`, one worker, 64 connections",
  bare ? `${bare.per_second}/s, p50 ${bare.p50_ms} ms, p99 ${bare.p99_ms} ms` : "Debian's package is not to be had: not measured");

async function webhooks(stage) {
  const { port, pathname } = new URL(stage.channel.webhook_url);
  for (const connections of [1, 64, 256]) {
    const one = await run("webhooks", port, pathname, "s3cret", connections, seconds);
    const goals = { 1: [atMost(one.p50_ms, 0.5, " ms p50")],
      64: [atLeast(one.per_second, 20_000, "/s"), atMost(one.p99_ms, 10, " ms p99")] }[connections] ?? [];
    if (connections === 64 && bare) goals.push(`${atLeast(one.per_second / bare.per_second, 0.4, " of nginx")}`);
    say(`durable webhooks, ${connections} connections`,
      `${one.per_second}/s (${(one.per_second / disk.per_second).toFixed(2)} of the disk's), p50 ${one.p50_ms} ms, p99 ${one.p99_ms} ms, refused ${one.refused}`,
      goals.join(", "));
  }
}

// How many webhooks were kept, and how far they are applied.
const applied = (stage) => Number(/applied up to (\d+)/.exec(stage.admin("doctor"))[1]);

async function normalisation(stage) {
  const kept = Number(/okno_webhooks_total\{[^}]*kept[^}]*\} (\d+)/.exec(await (await fetch(`${stage.okno}/metrics`)).text())[1]);
  const already = applied(stage);
  const begun = performance.now();
  await until("the intake to be applied", () => applied(stage) >= kept);
  const rate = (kept - already) / ((performance.now() - begun) / 1000);
  say("into conversations, the rest of the burst", `${rate.toFixed(0)}/s, ${kept - already} of ${kept} were left`,
    kept - already > 20_000 ? atLeast(rate, 15_000, "/s") : "");
}

// From the webhook's leaving to the frame of the feed: the text tells when it left.
async function feed(stage) {
  const { port, pathname } = new URL(stage.channel.webhook_url);
  const socket = new WebSocket(`${stage.okno.replace("http", "ws")}/api/v1/events`, { headers: { authorization: `Bearer ${stage.token}` } });
  const late = [];
  socket.on("message", (data) => {
    const frame = JSON.parse(data);
    const sent = frame.type === "message" && / sent at (\d+)$/.exec(frame.data.text ?? "");
    if (sent) late.push(Date.now() - Number(sent[1]));
  });
  await until("the feed", () => socket.readyState === WebSocket.OPEN);
  const paced = await run("webhooks", port, pathname, "s3cret", 16, seconds, 1000);
  await until("the last frames", () => late.length >= paced.count);
  socket.close();
  late.sort((a, b) => a - b);
  const p99 = late[Math.floor(late.length * 0.99)];
  say("webhook -> frame of the feed, at 1,000/s", `p50 ${late[late.length >> 1]} ms, p99 ${p99} ms (whole ms), ${late.length} frames`,
    atMost(p99, 50, " ms p99"));
}

const stage = await Stage.open();
try {
  execFileSync(process.env.OKNO, ["--version"]);  // its pages are in memory, as on a machine that started it before
  await stage.killOkno();
  const from = performance.now();
  await stage.restartOkno();
  const start = performance.now() - from;
  say("start until it listens", `${start.toFixed(0)} ms`, atMost(start, 200, " ms"));
  const idle = memory(stage.program.child.pid);
  say("memory, idle", `${idle.toFixed(1)} MB`, atMost(idle, 40, " MB"));
  await webhooks(stage);
  await normalisation(stage);
  await feed(stage);
  const loaded = memory(stage.program.child.pid);
  say("memory, loaded", `${loaded.toFixed(1)} MB`, atMost(loaded, 200, " MB"));
  await stage.killOkno();
  const again = performance.now();
  await stage.restartOkno();
  const full = performance.now() - again;
  say("start with all of that", `${full.toFixed(0)} ms`, atMost(full, 200, " ms"));
  for (const wanted of [{ count: 1, rate: 80 }, { count: 1, rate: 1000 }, { count: 12, rate: 80 }]) {
    const { count, rate } = wanted;
    const out = await outbound(stage, { ...wanted, seconds });
    const off = Math.max(Math.abs(out.slowest / rate - 1), Math.abs(out.fastest / rate - 1));
    say(`outbound, ${count} ${count === 1 ? "channel" : "channels"} at ${rate}/s set`,
      `${out.slowest.toFixed(1)} to ${out.fastest.toFixed(1)}/s, ${out.sent} sent of ${out.wanted}`,
      atMost(off * 100, 1, " % off"));
  }
} finally {
  await stage.close();
}
