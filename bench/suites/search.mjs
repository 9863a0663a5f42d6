// The newest 50 by HTTP, in many messages.
import { timesOf } from "../reading.mjs";

export const title = "Search: the newest 50, through the API";

export async function run(bench, results) {
  const counts = bench.isQuick ? [20_000] : bench.isLarge ? [1_000_000, 10_000_000] : [1_000_000];
  const bars = [];
  for (const engine of bench.engines)
    for (const count of counts) {
      const one = await bench.filledWith(engine, count);
      const where = `${engine === "sqlite" ? "SQLite" : "PostgreSQL"}, ${count.toLocaleString("en")} messages`;
      results.add(`${where}: filled past the API`, "/s", [one.words.messages / one.words.seconds]);
      results.add(`${where}: index made`, "/s", [one.words.messages / one.indexSeconds]);
      const { frequent_word, common_word, rare_word, prefix, two_words, phone } = one.words;
      for (const [what, query] of Object.entries({ "a rare word": rare_word, "a word of 1 %": common_word, "the most frequent word": `${frequent_word} `,
        "three letters": prefix, "two words": two_words, "a phone number": phone })) {
        const times = await timesOf(one, `/api/v1/search?limit=50&q=${encodeURIComponent(query)}`, bench);
        const figure = results.add(`${where}: ${what}`, "ms", times.medians, { goal: { most: count > 1_000_000 ? 200 : 20 } });
        bars.push({ label: `${engine === "sqlite" ? "SQLite" : "PostgreSQL"}${counts.length > 1 ? ` ${count / 1e6} M` : ""}, ${what}`, value: figure.value });
      }
    }
  results.plots.push({ name: "search", title: `Newest 50 of ${counts.at(-1).toLocaleString("en")} messages, ms`, kind: "bars", unit: "ms", bars });
}
