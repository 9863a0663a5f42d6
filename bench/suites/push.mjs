// From the webhook's leaving to the frame of the live feed: the text tells when it left.
import { createRequire } from "node:module";
import { part } from "../figures.mjs";
import { Installation, secret } from "../installation.mjs";
import { until } from "../programs.mjs";

const { WebSocket } = createRequire(new URL("../../tests/journeys/stage.mjs", import.meta.url))("ws");
export const title = "Push: webhook to frame of the live feed at 1,000/s";

// How late each frame was, in ms; `late` grows as they come. `seen` is told of each message.
export async function listen(one, seen = () => {}) {
  const socket = new WebSocket(`${one.okno.replace("http", "ws")}/api/v1/events`, { headers: { authorization: `Bearer ${one.tokens[1]}` } });
  const feed = { late: [], close: () => socket.close() };
  socket.on("message", (data) => {
    const frame = JSON.parse(data);
    if (frame.type === "message") seen(frame.data);
    const sent = frame.type === "message" && / sent at (\d+)$/.exec(frame.data.text ?? "");
    if (sent) feed.late.push(Date.now() - Number(sent[1]));
  });
  await until("the feed", () => socket.readyState === WebSocket.OPEN, 10);
  return feed;
}

export async function run(bench, results) {
  for (const engine of bench.engines) {
    const one = await Installation.open(bench, { engine });
    const feed = await listen(one);
    const runs = await bench.repeat(async () => {
      feed.late.length = 0;
      const load = await bench.run("webhooks", one.targets, secret, 16, bench.seconds, 1000);
      await until("the last frames", () => feed.late.length >= load.count, 60);
      return { p50: part(feed.late, 0.5), p99: part(feed.late, 0.99), rate: load.per_second };
    });
    feed.close();
    await one.close();
    const words = engine === "sqlite" ? "SQLite" : "PostgreSQL";
    results.add(`${words}: webhooks a second that were reached`, "/s", runs.map((run) => run.rate));
    results.add(`${words}: p50 (whole ms)`, "ms", runs.map((run) => run.p50));
    results.add(`${words}: p99`, "ms", runs.map((run) => run.p99), { goal: { most: 50 } });
  }
}
