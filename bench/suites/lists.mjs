// The list of conversations by HTTP, at every filter, its first page and its hundredth.
import { pathOfPage, timesOf } from "../reading.mjs";

export const title = "Lists: 50 conversations, through the API";

export async function run(bench, results) {
  const counts = bench.isQuick ? [20_000] : bench.isLarge ? [1_000_000, 10_000_000] : [1_000_000];
  const deep = bench.isQuick ? 5 : 100;
  const bars = [];
  for (const engine of bench.engines)
    for (const count of counts) {
      const one = await bench.filledWith(engine, count);
      const [large, small] = one.channels;
      const words = engine === "sqlite" ? "SQLite" : "PostgreSQL";
      const where = `${words}, ${count.toLocaleString("en")} conversations`;
      for (const [what, filter] of Object.entries({ all: "view=all", "waiting (2 %)": "view=waiting", "unread (2 %)": "view=unread",
        "the large channel (99 %)": `view=all&channel_id=${large.id}`, "the small channel (1 %)": `view=all&channel_id=${small.id}`,
        "waiting in the small channel (0.02 %)": `view=waiting&channel_id=${small.id}` })) {
        const path = `/api/v1/conversations?limit=50&${filter}`;
        const first = await timesOf(one, path, bench);
        const figure = results.add(`${where}: ${what}`, "ms", first.medians, { goal: { most: 20 } });
        bars.push({ label: `${words}, ${what}`, value: figure.value });
        const far = first.medians[0] > 1000 ? null : await pathOfPage(one, path, deep);
        if (far) results.add(`${where}: ${what}, page ${deep}`, "ms", (await timesOf(one, far, bench)).medians, { goal: { most: 20 } });
      }
    }
  results.plots.push({ name: "lists", title: "First page of the list, ms", kind: "bars", unit: "ms", bars });
}
