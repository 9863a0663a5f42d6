// How each cost grows with what is stored: the same questions to 10,000, 100,000 and 1,000,000 conversations.
import { secret } from "../installation.mjs";
import { timesOf } from "../reading.mjs";
import { databaseBytes } from "./footprint.mjs";

export const title = "Growth: the same work with 10, 100 and 1,000 thousand conversations";

export async function run(bench, results) {
  const sizes = bench.isQuick ? [5000, 20_000] : [10_000, 100_000, 1_000_000];
  const costs = new Map();  // of each engine and kind: a point a size
  const add = (engine, size, what, unit, runs) => {
    const words = engine === "sqlite" ? "SQLite" : "PostgreSQL";
    const figure = results.add(`${words}, ${size.toLocaleString("en")}: ${what}`, unit, runs);
    const key = `${what}, ${unit}`;
    if (!costs.has(key)) costs.set(key, new Map());
    costs.get(key).set(words, [...(costs.get(key).get(words) ?? []), { x: size, y: figure.value }]);
  };
  for (const engine of bench.engines)
    for (const size of sizes) {
      const one = await bench.filledWith(engine, size);
      const list = await timesOf(one, "/api/v1/conversations?limit=50&view=all", bench);
      add(engine, size, "list", "ms", list.medians);
      add(engine, size, "unread list", "ms", (await timesOf(one, "/api/v1/conversations?limit=50&view=unread", bench)).medians);
      const { id } = list.answer.items[0];
      add(engine, size, "one conversation's messages", "ms", (await timesOf(one, `/api/v1/conversations/${id}/messages?limit=50`, bench)).medians);
      add(engine, size, "search, a word of 1 %", "ms", (await timesOf(one, `/api/v1/search?limit=50&q=${encodeURIComponent(one.words.common_word)}`, bench)).medians);
      add(engine, size, "start", "ms", await bench.repeat(async () => {
        await one.stopNode(0);
        return await one.startNode(0);
      }));
      add(engine, size, "bytes a message", "B", [databaseBytes(bench, one) / size]);
      const burst = await bench.run("webhooks", one.targets, secret, 64, bench.seconds);
      const rest = await one.drain();
      add(engine, size, "webhooks acknowledged, 64 connections", "/s", [burst.per_second]);
      add(engine, size, "into conversations, from the burst's begin to its last", "/s", [burst.count / (burst.seconds + rest.seconds)]);
      add(engine, size, "memory", "MB", [one.memory()]);
    }
  for (const [what, lines] of costs)
    results.plots.push({ name: `growth-${what.replaceAll(/[^a-z]+/gi, "-").toLowerCase()}`, title: what, kind: "lines", unit: what.split(", ").at(-1), logarithmic: true, lines: Object.fromEntries(lines) });
}
