// An hour (or as long as told) of steady work; fails when something grows that should not.
import { randomUUID } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import { median, part } from "../figures.mjs";
import { Installation, secret } from "../installation.mjs";
import { start, until } from "../programs.mjs";
import { listen } from "./push.mjs";

export const title = "Soak: steady work, sampled each minute";

const perSecond = 200;  // webhooks
const answersPerSecond = 10;
const readers = 200;

// An operator's answers, into conversations that are open, one after another in turn.
function answer(one) {
  const worker = { failed: 0, sent: 0, ended: null, isEnding: false };
  const failed = (error) => {
    worker.failed += 1;
    console.log(`  an answer failed: ${error.message} ${error.cause ?? ""}`);
  };
  const { number } = one.channels[0];
  const round = async () => {
    const { items } = await one.api("GET", "/api/v1/conversations?view=waiting&limit=50", undefined, one.tokens[2]);
    for (const { id } of items) {
      if (worker.isEnding) return;
      const begun = performance.now();
      await one.api("POST", `/api/v1/conversations/${id}/messages`, { client_id: randomUUID(), type: "text", text: `answer of ${number}` }, one.tokens[2])
        .then(() => { worker.sent += 1; }, failed);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, 1000 / answersPerSecond - (performance.now() - begun))));
    }
    if (items.length === 0) await new Promise((resolve) => setTimeout(resolve, 200));
  };
  worker.ended = (async () => {
    while (!worker.isEnding) await round().catch(failed);
  })();
  return worker;
}

// Everybody writes once, so that the provider lets them be answered: it knows nothing of what the load says.
async function openWindows(one) {
  const people = Array.from({ length: 1000 }, (_, i) => ({ wa_id: `7916${String(i).padStart(7, "0")}`, name: `Customer ${i}` }));
  await one.sim("POST", "/world", { phones: people });
  for (const { wa_id } of people) await one.sim("POST", `/phones/${wa_id}/messages`, { type: "text", text: "hello" });
  await until("everybody's first message", async () => (await one.sim("GET", "/settled")).settled);
  await one.drain();
}

async function gauge(one, name) {
  return Number(new RegExp(`okno_${name} (\\d+)`).exec(await (await fetch(`${one.okno}/metrics`)).text())?.[1] ?? 0);
}

// Of a database in files: its write-ahead logs in MB.
function logsOf(one) {
  const size = (name) => statSync(join(one.directory(0), `${name}.db-wal`)).size;
  return ["intake", "okno", "search"].reduce((sum, name) => sum + size(name), 0) / 2 ** 20;
}

// The second quarter beside the last: the first fills caches.
function checkGrowth(results, samples, what, unit, slack) {
  const values = samples.map((sample) => sample[what]);
  const quarter = Math.max(1, Math.floor(values.length / 4));
  const before = median(values.slice(quarter, quarter * 2));
  const after = median(values.slice(-quarter));
  const most = before * slack.times + slack.plus;
  results.add(`${what.replaceAll("_", " ")}: last quarter (second quarter ${before.toFixed(1)})`, unit, [after], { goal: { most } });
}

async function soak(bench, results, engine) {
  const one = await Installation.open(bench, { engine });
  await one.sim("PATCH", `/numbers/${one.channels[0].number}`, { pair_limit: false });
  await openWindows(one);
  const minutes = bench.soakMinutes;
  const clients = start(bench.load, ["clients", new URL(one.okno).port, one.tokens.join(","), readers, minutes * 60 + 120], { stdin: "pipe" });
  await clients.line(/"connected"/);
  const refused = new Set();
  const feed = await listen(one, ({ id, status }) => { if (status === "failed" || status === "unknown") refused.add(id); });
  const load = start(bench.load, ["webhooks", one.targets, secret, 16, minutes * 60, perSecond]);
  results.command(`okno-load webhooks PORT/hooks/KEY=100 ${secret} 16 ${minutes * 60} ${perSecond}`);
  const operator = answer(one);
  const samples = [];
  let frames = 0;
  for (let minute = 1; minute <= minutes; minute += 1) {
    await new Promise((resolve) => setTimeout(resolve, 60_000));
    const late = feed.late.splice(0);
    frames += late.length;
    samples.push({ minute, memory: one.memory(), webhooks_waiting: await one.waiting(), messages_in_flight: await gauge(one, "messages_in_flight"),
      latency_p50: part(late, 0.5), latency_p99: part(late, 0.99), frames: late.length,
      ...(engine === "sqlite" && { logs: logsOf(one) }) });
    console.log(`  ${JSON.stringify(samples.at(-1))}`);
  }
  operator.isEnding = true;
  await operator.ended;
  const code = await load.ended;
  const taken = code === 0 ? JSON.parse(load.said.trim()) : { count: 0, refused: 0 };
  await one.drain();
  await until("the last frames", () => frames + feed.late.length >= taken.count, 60).catch(() => {});
  frames += feed.late.length;
  clients.stdin.end();
  await clients.ended;
  const { closed } = JSON.parse(clients.said.trim().split("\n").at(-1));
  feed.close();
  await one.close();
  const words = engine === "sqlite" ? "SQLite" : "PostgreSQL";
  results.note(`${words}: ${minutes} minutes, ${taken.count} webhooks, ${operator.sent} answers, ${readers} readers of the feed; a sample a minute`);
  results.add(`${words}: webhooks refused`, "webhooks", [taken.refused + (code === 0 ? 0 : 1)], { goal: { most: 0 } });
  results.add(`${words}: webhooks that the feed did not tell of`, "webhooks", [taken.count - frames], { goal: { most: 0 } });
  results.add(`${words}: readers that were closed`, "readers", [closed], { goal: { most: 0 } });
  results.add(`${words}: answers that failed`, "answers", [operator.failed + refused.size], { goal: { most: 0 } });
  if (engine === "sqlite")
    results.add(`${words}: write-ahead logs, the most`, "MB", [Math.max(...samples.map((sample) => sample.logs))], { goal: { most: 300 } });
  if (samples.length >= 4) {
    checkGrowth(results, samples, "memory", "MB", { times: 1.1, plus: 8 });
    checkGrowth(results, samples, "webhooks_waiting", "webhooks", { times: 2, plus: 200 });
    checkGrowth(results, samples, "messages_in_flight", "messages", { times: 2, plus: 50 });
    checkGrowth(results, samples, "latency_p99", "ms", { times: 2, plus: 20 });
  } else {
    results.note("Growth shows from 4 minutes on.");
  }
  for (const [what, unit] of [["memory", "MB"], ["latency_p99", "ms"]])
    results.plots.push({ name: `soak-${engine}-${what}`, title: `${words}: ${what.replace("_", " ")} by minute`, kind: "lines", unit,
      lines: { [words]: samples.map((sample) => ({ x: sample.minute, y: sample[what] })) } });
}

export async function run(bench, results) {
  for (const engine of bench.engines) await soak(bench, results, engine);
  if (results.figures.some((figure) => figure.met === false)) throw new Error("something grew or failed: see the figures");
}
