// What the suites share: options, programs, the limits of this run, the databases, and the large installations.
import { rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { Results } from "./figures.mjs";
import { Installation, owner } from "./installation.mjs";
import { describeMachine } from "./machine.mjs";
import { Postgres } from "./postgres.mjs";
import { measure, start, until } from "./programs.mjs";

const root = new URL("../", import.meta.url).pathname;

export class Bench {
  constructor({ quick, large, nats, runs, seconds, engine, soak, bin }) {
    this.isQuick = quick;
    this.isLarge = large;
    this.hasNats = nats;
    this.runs = Number(runs ?? (quick ? 1 : 3));
    this.seconds = Number(seconds ?? (quick ? 1 : 4));
    this.engines = engine ? [engine] : ["sqlite", "postgres"];
    this.soakMinutes = Number(soak ?? 60);
    const folder = `${bin ?? `${root}build/release/bin`}/`;
    for (const [name, program] of Object.entries({ okno: "okno", simulator: "okno-sim", load: "okno-load", fill: "okno-fill", normalise: "normalise_bench",
      dispatch: "dispatch_bench" }))
      this[name] = folder + program;
    this.root = root;
    this.opened = new Set();  // installations, of the suite in hand
    this.filled = new Map();
    this.machine = describeMachine(this);
  }

  begin(name, title) {
    console.log(`\n${title}`);
    return (this.results = new Results(name, title));
  }

  // okno-load, with its command in the report.
  async run(...words) {
    this.results.command(`okno-load ${words.map((word) => String(word).replaceAll(/\d+(\/hooks\/)[^=]+/g, "PORT$1KEY")).join(" ")}`);
    return await measure(this.load, words);
  }

  // `measureOnce` as often as wanted: what each run gave.
  async repeat(measureOnce, runs = this.runs) {
    const out = [];
    for (let i = 0; i < runs; i += 1) out.push(await measureOnce(i));
    return out;
  }

  async postgres() {
    return (this.startedPostgres ??= await Postgres.start(root));
  }

  // NATS between the nodes, when it is wanted: its setting.
  async bus() {
    if (!this.hasNats) return {};
    if (!this.nats) {
      const port = await freePort();
      this.nats = start("nats-server", ["-a", "127.0.0.1", "-p", port, "-l", "/dev/null"]);
      this.nats.url = `nats://127.0.0.1:${port}`;
      await until("NATS", () => isListening(port), 10);
    }
    return { OKNO_BUS: this.nats.url };
  }

  // An installation with so many conversations of one message each, filled once in a run and started with its index
  // made. `words` tells what there is to find.
  async filledWith(engine, count) {
    const key = `${engine} ${count}`;
    if (!this.filled.has(key)) {
      const one = await Installation.open(this, { engine, channels: 2 });
      await one.stopNode(0);
      one.words = await measure(this.fill, [one.directory(0), one.database || "files", count, count, owner]);
      // What came past the feed is indexed only with a new index. And the tables' statistics, as its own housekeeping
      // would have made them by now.
      if (one.database) this.startedPostgres.ask(one.database, "DELETE FROM search_documents; DELETE FROM search_workspaces");
      if (one.database) this.startedPostgres.ask(one.database, "ANALYZE");
      for (const end of ["", "-wal", "-shm"]) rmSync(join(one.directory(0), `search.db${end}`), { force: true });
      const began = performance.now();
      await one.startNode(0);
      await until("the search index", () => one.finds("firstofall lastofall".split(" ")), 120 + count / 1000);
      one.indexSeconds = (performance.now() - began) / 1000;
      this.filled.set(key, one);
      this.opened.delete(one);
    }
    return this.filled.get(key);
  }

  // What a suite that broke off has left.
  async closeOpened() {
    for (const one of [...this.opened]) await one.close();
  }

  async close() {
    for (const one of this.filled.values()) await one.close();
    if (this.nats) {
      this.nats.kill("SIGTERM");
      await this.nats.ended;
    }
    await this.startedPostgres?.stop();
  }
}

const isListening = (port) => new Promise((resolve) => {
  const socket = connect(port, "127.0.0.1", () => {
    socket.destroy();
    resolve(true);
  });
  socket.on("error", () => resolve(false));
});

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
