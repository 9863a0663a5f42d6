// What this machine and other programs on it do: every other figure of the run stands beside these.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median } from "../figures.mjs";
import { startNginx } from "../nginx.mjs";

// As many a second as the idle server is asked: every processor, and the disk, sleeps between two of them.
const idleRate = 20;

export const title = "Limits of this machine, measured in this run";

export async function run(bench, results) {
  bench.limits = {};
  const folder = mkdtempSync(join(tmpdir(), "okno-bench-"));
  const disk = await bench.repeat(() => bench.run("disk", folder, Math.min(2, bench.seconds)));
  const paced = await bench.repeat(() => bench.run("disk", folder, Math.min(2, bench.seconds), idleRate));
  rmSync(folder, { recursive: true });
  results.commands = [`okno-load disk FOLDER ${Math.min(2, bench.seconds)}`];
  const log = disk.map((one) => one.per_second);
  bench.limits.disk = { name: "raw log", value: median(log) };
  results.add("raw log: write + fdatasync, one at a time", "/s", log);
  results.add("raw log: p99", "ms", disk.map((one) => one.p99_ms));
  results.add(`raw log at ${idleRate} a second: p50`, "ms", paced.map((one) => one.p50_ms));

  const nginx = await startNginx(`${bench.root}build/nginx`);
  if (nginx) {
    const bare = await bench.repeat(() => bench.run("webhooks", `${nginx.port}/hooks/none=100`, "s3cret", 64, bench.seconds));
    await nginx.stop();
    bench.limits.nginx = { name: "nginx", value: median(bare.map((one) => one.per_second)) };
    results.add("nginx `return 200`, one worker, 64 connections", "/s", bare.map((one) => one.per_second));
  } else {
    results.note("nginx: Debian's package is not to be had, not measured");
  }

  if (bench.engines.includes("postgres")) {
    const postgres = await bench.postgres();
    for (const clients of [1, 64]) {
      const rows = await bench.repeat(() => postgres.pgbench(clients, Math.max(2, bench.seconds), (text) => results.command(text)));
      bench.limits[`pgbench${clients}`] = { name: `pgbench with ${clients}`, value: median(rows.map((one) => one.per_second)) };
      results.add(`pgbench, the same row, ${clients} ${clients === 1 ? "connection" : "connections"}`, "/s", rows.map((one) => one.per_second));
    }
  }
}
