// Memory and the time to start, empty and with many messages.
import { statSync } from "node:fs";
import { join } from "node:path";
import { Installation, secret } from "../installation.mjs";

export const title = "Footprint: memory and start";

const nameOf = (engine) => (engine === "sqlite" ? "SQLite" : "PostgreSQL");

async function startTimes(bench, one) {
  return await bench.repeat(async () => {
    await one.stopNode(0);
    return await one.startNode(0);
  }, Math.max(3, bench.runs));
}

export async function run(bench, results) {
  for (const engine of bench.engines) {
    const one = await Installation.open(bench, { engine });
    results.add(`${nameOf(engine)}: start until it listens, empty`, "ms", await startTimes(bench, one), { goal: { most: 200 } });
    results.add(`${nameOf(engine)}: memory idle`, "MB", [one.memory()], { goal: { most: 40 } });
    await bench.run("webhooks", one.targets, secret, 64, bench.seconds * 2);
    const { count } = await one.drain();
    results.add(`${nameOf(engine)}: memory loaded (a burst, ${count.toLocaleString("en")} webhooks behind at its end)`, "MB", [one.memory()], { goal: { most: 200 } });
    await one.close();
  }
  const size = bench.isQuick ? 20_000 : 1_000_000;
  for (const engine of bench.engines) {
    const one = await bench.filledWith(engine, size);
    const words = `${nameOf(engine)}, ${size.toLocaleString("en")} messages`;
    results.add(`${words}: memory after its index was made and read`, "MB", [one.memory()], { goal: { most: 200 } });
    results.add(`${words}: start until it listens`, "ms", await startTimes(bench, one), { goal: { most: 200 } });
    results.add(`${words}: memory after the start`, "MB", [one.memory()]);
    results.add(`${words}: bytes of database a message`, "B", [databaseBytes(bench, one) / size]);
    results.add(`${words}: bytes of search index a message`, "B", [sizeOf(one, "search.db") / size]);
  }
}

const sizeOf = (one, name) => ["", "-wal"].reduce((sum, end) => sum + (statSync(join(one.directory(0), name + end), { throwIfNoEntry: false })?.size ?? 0), 0);

export function databaseBytes(bench, one) {
  return one.database ? Number(bench.startedPostgres.ask(one.database, "SELECT pg_database_size(current_database())")) : sizeOf(one, "okno.db");
}
