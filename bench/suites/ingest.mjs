// Signed webhooks in, acknowledged when they are durable; and how fast the whole burst became conversations.
import { Installation, secret } from "../installation.mjs";

export const title = "Ingest: webhooks verified and durably acknowledged";

const goals = { 64: { per_second: { least: 20_000 }, p99_ms: { most: 10 } } };

async function measureAt(bench, results, one, connections, words, { hasGoals, limit }) {
  const drained = [];
  const runs = await bench.repeat(async () => {
    const run = await bench.run("webhooks", one.targets, secret, connections, bench.seconds);
    if (run.refused > 0) results.note(`${words}, ${connections} connections: ${run.refused} were refused, ${run.count} taken`);
    drained.push(await one.drain());
    return run;
  });
  const wanted = (hasGoals && goals[connections]) || {};
  const name = `${words}, ${connections} ${connections === 1 ? "connection" : "connections"}`;
  const rate = results.add(name, "/s", runs.map((run) => run.per_second), { goal: wanted.per_second, limit });
  results.add(`${name}: p50`, "ms", runs.map((run) => run.p50_ms), { goal: wanted.p50_ms });
  results.add(`${name}: p99`, "ms", runs.map((run) => run.p99_ms), { goal: wanted.p99_ms });
  if (hasGoals && connections === 64 && bench.limits.nginx)
    results.add(`${name}: of nginx`, "of its rate", runs.map((run) => run.per_second / bench.limits.nginx.value), { goal: { least: 0.4 } });
  if (connections === 64)
    results.add(`${words}: into conversations, from the burst's begin to its last`, "/s", runs.map((run, i) => run.count / (run.seconds + drained[i].seconds)));
  return { label: name.replace(" connections", "").replace(" connection", ""), value: rate.value };
}

// The server does nothing else while one is acknowledged.
async function measureIdle(bench, results, one, words) {
  const runs = await bench.repeat(() => bench.run("webhooks", one.targets, secret, 1, bench.seconds, 20));
  const name = `${words}, idle: 20 a second on 1 connection`;
  results.add(`${name}: p50`, "ms", runs.map((run) => run.p50_ms), { goal: { most: 0.5 } });
  results.add(`${name}: p99`, "ms", runs.map((run) => run.p99_ms));
}

export async function run(bench, results) {
  const bars = [];
  const connections = bench.isQuick ? [64] : [1, 64, 256];
  if (bench.engines.includes("sqlite")) {
    const one = await Installation.open(bench);
    await measureIdle(bench, results, one, "SQLite");
    for (const count of connections)
      bars.push(await measureAt(bench, results, one, count, "SQLite", { hasGoals: true, limit: bench.limits.disk }));
    await one.close();
  }
  if (bench.engines.includes("postgres"))
    for (const nodes of [1, 2, 3]) {
      // Channels enough for every node to own some: what is applied belongs to a channel's owner.
      const one = await Installation.open(bench, { engine: "postgres", nodes, channels: 12 });
      const words = `PostgreSQL, ${nodes} ${nodes === 1 ? "node" : "nodes"}`;
      if (nodes === 1) await measureIdle(bench, results, one, words);
      for (const count of nodes === 1 ? connections : [64])
        bars.push(await measureAt(bench, results, one, count, words, { limit: bench.limits[`pgbench${count === 1 ? 1 : 64}`] }));
      await one.close();
    }
  results.plots.push({ name: "ingest", title: "Webhooks acknowledged a second", kind: "bars", unit: "/s", bars });
}
