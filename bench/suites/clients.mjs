// Thousands of WebSocket clients: what each costs idle, and how many frames a second reach them.
import { readFileSync } from "node:fs";
import { Installation, secret } from "../installation.mjs";
import { start } from "../programs.mjs";

export const title = "Clients: WebSockets of the live feed";

export async function run(bench, results) {
  const count = bench.isQuick ? 1000 : 10_000;
  for (const engine of bench.isQuick ? bench.engines.slice(0, 1) : bench.engines) {
    const one = await Installation.open(bench, { engine });
    const before = one.memory();
    const { port } = new URL(one.okno);
    results.command(`okno-load clients PORT TOKENS ${count} 120`);
    const begun = performance.now();
    const clients = start(bench.load, ["clients", port, one.tokens.join(","), count, 120], { stdin: "pipe" });
    await clients.line(/"connected": (\d+)/);
    const took = (performance.now() - begun) / 1000;
    const words = `${engine === "sqlite" ? "SQLite" : "PostgreSQL"}, ${count.toLocaleString("en")} clients`;
    const idle = one.memory();
    results.add(`${words}: connected`, "/s", [count / took]);
    results.add(`${words}: memory idle`, "MB", [idle], { goal: { most: 150 } });
    results.add(`${words}: memory a client`, "KB", [((idle - before) * 1024) / count]);
    // More than can be delivered, so that the feed is what limits.
    await bench.run("webhooks", one.targets, secret, 8, bench.seconds * 2, 200_000 / count);
    await one.drain();
    const fed = one.memory();
    await quiet(clients.pid);
    clients.stdin.end();
    await clients.ended;
    const { frames, per_second: rate, closed } = JSON.parse(clients.said.trim().split("\n").at(-1));
    results.add(`${words}: deliveries (${frames.toLocaleString("en")} in all)`, "/s", [rate], { goal: { least: 80_000 } });
    results.add(`${words}: closed by the server`, "clients", [closed], { goal: { most: 0 } });
    results.add(`${words}: memory while they are fed`, "MB", [fed]);
    await one.close();
  }
}

// Until the readers have read for a second what still came: their processor time stands still.
async function quiet(pid) {
  const ticks = () => readFileSync(`/proc/${pid}/stat`, "utf8").split(" ").slice(13, 15).reduce((sum, one) => sum + Number(one), 0);
  for (let before = -1, rounds = 0; rounds < 60 && ticks() - before > 2; rounds += 1) {
    before = ticks();
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
