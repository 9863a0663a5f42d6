// A PostgreSQL of the benchmark's own, as durable as its defaults make it, and what pgbench says of it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runNow, start } from "./programs.mjs";

// One row of the table `intake`, with the bytes of a webhook of ours; a commit each.
const insertOfTheSameRow = `INSERT INTO raw_intake (workspace_id, channel_id, partition, received_at, proof, raw) VALUES
  ('0190a5d0-0000-7000-8000-000000000001', '0190a5d0-0000-7000-8000-000000000002', 7, 1795000000000, '', repeat('x', 620)::bytea);\n`;
const sameTable = `CREATE TABLE raw_intake (workspace_id uuid NOT NULL, number bigint GENERATED ALWAYS AS IDENTITY,
  channel_id uuid NOT NULL, partition bigint NOT NULL, received_at bigint NOT NULL, proof text COLLATE "C" NOT NULL,
  raw bytea NOT NULL, PRIMARY KEY (workspace_id, number)); CREATE INDEX ON raw_intake (partition, number);`;

export class Postgres {
  static async start(root) {
    const postgres = new Postgres();
    postgres.child = start("python3", [`${root}tools/with_postgres.py`, "--durable", "sh", "-c", 'echo "$OKNO_TEST_POSTGRES"; cat >/dev/null'],
      { stdin: "pipe", endsWithInput: true });
    postgres.url = (await postgres.child.line(/postgresql:\S+/))[0];
    postgres.databases = 0;
    return postgres;
  }

  freshDatabase() {
    const name = `bench_${(this.databases += 1)}`;
    runNow("psql", ["-q", `${this.url}/postgres`, "-c", `CREATE DATABASE ${name}`]);
    return `${this.url}/${name}`;
  }

  dropDatabase(url) {
    runNow("psql", ["-q", `${this.url}/postgres`, "-c", `DROP DATABASE IF EXISTS ${url.split("/").at(-1)} WITH (FORCE)`]);
  }

  ask(database, statement) {
    return runNow("psql", ["-qtA", database, "-c", statement]).trim();
  }

  // Commits of one such row a second, over `clients` connections.
  pgbench(clients, seconds, tell) {
    const database = this.freshDatabase();
    const folder = mkdtempSync(join(tmpdir(), "okno-pgbench-"));
    const script = join(folder, "insert.sql");
    writeFileSync(script, insertOfTheSameRow);
    runNow("psql", ["-q", database, "-c", sameTable]);
    const words = ["-n", "-M", "prepared", "-f", "insert.sql", "-c", clients, "-j", Math.min(2, clients), "-T", seconds];
    tell(`pgbench ${words.join(" ")} DATABASE`);
    const said = runNow("pgbench", words.map((word) => (word === "insert.sql" ? script : word)).concat(database));
    rmSync(folder, { recursive: true });
    this.dropDatabase(database);
    return { per_second: Number(/tps = ([\d.]+)/.exec(said)[1]), ms: Number(/latency average = ([\d.]+)/.exec(said)[1]) };
  }

  async stop() {
    this.child.stdin.end();
    await this.child.ended;
  }
}
