// Stored webhooks into conversations, alone: no server, no load beside it.
import { measure } from "../programs.mjs";

export const title = "Normalise: stored webhooks into conversations, nothing beside it";

export async function run(bench, results) {
  const count = bench.isQuick ? 5000 : 20_000;
  for (const engine of bench.engines) {
    const runs = await bench.repeat(async () => {
      const database = engine === "postgres" ? (await bench.postgres()).freshDatabase() : null;
      const run = await measure(bench.normalise, database ? [count, 1000, database] : [count, 1000]);
      if (database) bench.startedPostgres.dropDatabase(database);
      return run;
    });
    const words = engine === "sqlite" ? "SQLite" : "PostgreSQL";
    results.command(`normalise_bench ${count} 1000${engine === "sqlite" ? "" : " DATABASE"}`);
    results.add(`${words}: into conversations`, "/s", runs.map((run) => run.per_second), { goal: { least: engine === "sqlite" ? 15_000 : 10_000 } });
    results.add(`${words}: processor of Okno for each`, "us", runs.map((run) => run.processor_us_each));
  }
}
