// How evenly messages leave, in which order and how often: by the simulator's own log, which is not ours.
import { randomUUID } from "node:crypto";
import { Installation } from "../installation.mjs";
import { measure, until } from "../programs.mjs";

export const title = "Outbound: pacing, order and once only, by the simulator's log";

const phoneOf = (n) => `7917${1_000_000 + n}`;
const template = (words) => ({ name: "answer_ready", language: "en", values: { 1: "you", 2: words } });

// The share of sends that meets each fault; half of the time-outs come after the provider took the message. The refusal
// names the person (131056): one that names the channel (130429) makes Okno slow the channel down, as the provider asks.
const trouble = [{ kind: "429", code: 131056, every: 20, count: 0 }, { kind: "timeout_before_accept", every: 40, count: 0 },
  { kind: "timeout_after_accept", every: 40, count: 0 }];

async function prepare(one, rate, people) {
  await one.sim("POST", "/reset", { keep: "world" });
  const phones = Array.from({ length: people }, (_, i) => ({ wa_id: phoneOf(i), name: `Person ${i}` }));
  for (let i = 0; i < people; i += 500) await one.sim("POST", "/world", { phones: phones.slice(i, i + 500) });
  for (const { id, number } of one.channels) {
    await one.sim("PATCH", `/numbers/${number}`, { messages_per_second: rate * 2, pair_limit: false });
    await one.api("PATCH", `/api/v1/channels/${id}`, { settings: { messages_per_second: rate }, credentials: { access_token: "token-1" } });
    await one.api("PATCH", `/api/v1/channels/${id}`, { state: "paused" });
  }
}

async function queue(one, wanted, people) {
  for (let i = 0; i < wanted.length; i += 50)
    await Promise.all(wanted.slice(i, i + 50).map(({ channel, n }, k) => one.api("POST", "/api/v1/conversations",
      { client_id: randomUUID(), channel_id: channel.id, phone: `+${phoneOf(n % people)}`, template: template(`number ${n}`) },
      one.tokens[k % one.tokens.length])));
}

// What the provider was asked to send, as it came; `seen` is told of each.
async function followLog(one, seen, isDone, seconds) {
  let after = 0;
  await until("every message at the provider", async () => {
    for (;;) {
      const page = await one.sim("GET", `/log?kind=api&after=${after}&limit=5000`);
      if (page.entries.length === 0) return isDone();
      after = page.entries.at(-1).n;
      page.entries.filter(isOurs).forEach(seen);
    }
  }, seconds);
}

// What a fault refused before it was read has no type: the text tells.
const numberIn = (entry) => Number(/number (\d+)/.exec(entry.body)?.[1] ?? NaN);
const isOurs = (entry) => !Number.isNaN(numberIn(entry));

// Counts what must not happen: a message that the provider took twice, one that a later one overtook.
function check(entries) {
  const taken = entries.filter((entry) => entry.status === 200 || entry.fault === "timeout_after_accept");
  const once = new Set(taken.map((entry) => `${entry.number} ${numberIn(entry)}`));
  const last = new Map();
  let overtaken = 0;
  for (const entry of taken) {
    const lane = `${entry.number} ${entry.to}`;
    if (numberIn(entry) < (last.get(lane) ?? -1)) overtaken += 1;
    last.set(lane, numberIn(entry));
  }
  return { twice: taken.length - once.size, overtaken };
}

// Attempts a second of each channel. With faults the end is left out: it is the waiting for the last time-outs.
function ratesOf(entries, isTroubled) {
  const times = new Map();
  for (const entry of entries) times.set(entry.number, [...(times.get(entry.number) ?? []), entry.at_ms]);
  return [...times.values()].map((all) => {
    const most = isTroubled ? all.slice(0, Math.floor(all.length * 0.8)) : all;
    return (most.length - 1) / ((most.at(-1) - most[0]) / 1000);
  });
}

async function send(one, { rate, seconds, isTroubled }) {
  // Lanes enough: a message that nobody answers holds its person's for 8 s.
  const people = Math.max(200, Math.min(2000, rate * 2));
  await prepare(one, rate, people);
  const channels = one.channels;
  const wanted = Array.from({ length: rate * seconds * channels.length }, (_, i) => ({ channel: channels[i % channels.length], n: Math.floor(i / channels.length) }));
  await queue(one, wanted, people);
  if (isTroubled) for (const fault of trouble) await one.sim("POST", "/faults", fault);
  for (const { id } of channels) await one.api("PATCH", `/api/v1/channels/${id}`, { state: "connected" });
  const entries = [];
  const ended = new Set();  // sent, or of unknown fate: Okno does not try those again
  await followLog(one, (entry) => {
    entries.push(entry);
    if (entry.status === 200 || entry.status === null) ended.add(`${entry.number} ${numberIn(entry)}`);
  }, () => ended.size >= wanted.length, seconds * 6 + 200);  // a refusal that names the person is waited out 1, 4, 16, 64 s
  const rates = ratesOf(entries, isTroubled);
  return { slowest: Math.min(...rates), fastest: Math.max(...rates), ...check(entries), attempts: entries.length, wanted: wanted.length };
}

// Queued messages to a provider that answers at once, without a server: what Okno itself takes for each.
async function measureAlone(bench, results, engine) {
  const count = bench.isQuick ? 5000 : 20_000;
  const runs = await bench.repeat(async () => {
    const database = engine === "postgres" ? (await bench.postgres()).freshDatabase() : null;
    const run = await measure(bench.dispatch, [count, 2000, ...(database ? [database] : [])]);
    if (database) bench.startedPostgres.dropDatabase(database);
    return run;
  });
  const words = engine === "sqlite" ? "SQLite" : "PostgreSQL";
  results.command(`dispatch_bench ${count} 2000${engine === "sqlite" ? "" : " DATABASE"}`);
  results.add(`${words}: alone`, "/s", runs.map((run) => run.per_second), { goal: { least: 5000 } });
  results.add(`${words}: processor of Okno for each`, "us", runs.map((run) => run.processor_us_each));
}

export async function run(bench, results) {
  for (const engine of bench.engines) await measureAlone(bench, results, engine);
  const engines = bench.isQuick ? bench.engines.slice(0, 1) : bench.engines;
  for (const engine of engines)
    for (const { count, rate } of [{ count: 12, rate: 80 }, { count: 1, rate: 1000 }]) {
      const one = await Installation.open(bench, { engine, channels: count });
      for (const isTroubled of [false, true]) {
        const seconds = isTroubled ? Math.max(6, bench.seconds) : bench.seconds;
        // PostgreSQL once: the pace is made above the database.
        const runs = await bench.repeat(() => send(one, { rate, seconds, isTroubled }), isTroubled || engine === "postgres" ? 1 : Math.min(2, bench.runs));
        const words = `${engine === "sqlite" ? "SQLite" : "PostgreSQL"}, ${count} x ${rate}/s${isTroubled ? ", 5 % of 429 and 5 % of time-outs" : ""}`;
        results.add(`${words}: slowest channel`, "/s", runs.map((run) => run.slowest), { limit: { name: "the set rate", value: rate } });
        results.add(`${words}: fastest channel`, "/s", runs.map((run) => run.fastest), { limit: { name: "the set rate", value: rate } });
        results.add(`${words}: farthest from the set rate`, "%", runs.map((run) =>
          100 * Math.max(Math.abs(run.slowest / rate - 1), Math.abs(run.fastest / rate - 1))), { goal: { most: 1 } });
        results.add(`${words}: sent twice`, "messages", runs.map((run) => run.twice), { goal: { most: 0 }, value: Math.max(...runs.map((run) => run.twice)) });
        results.add(`${words}: out of order`, "messages", runs.map((run) => run.overtaken), { goal: { most: 0 }, value: Math.max(...runs.map((run) => run.overtaken)) });
      }
      await one.close();
    }
}
