// The ground of several nodes: PostgreSQL and NATS of their own, which can be killed and paused, and a balancer before
// the nodes that leaves out those that do not answer.
import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Stage, until } from "../journeys/stage.mjs";

export function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

function answers(port) {
  return new Promise((resolve) => {
    const probe = connect(port, "127.0.0.1", () => resolve(true));
    probe.on("connect", () => probe.destroy()).on("error", () => resolve(false));
  });
}

const hasEnded = (child) => child.exitCode !== null || child.signalCode !== null;

// A program that can be killed, paused and started again.
class Program {
  constructor(start) {
    this.start = start;
  }

  async run() {
    this.child = await this.start();
  }

  async kill(signal = "SIGKILL") {
    if (!this.child || hasEnded(this.child)) return;
    const ended = new Promise((resolve) => this.child.on("exit", resolve));
    this.child.kill(signal);
    this.child.kill("SIGCONT");
    await ended;
  }

  pause() {
    this.child.kill("SIGSTOP");
  }

  go() {
    this.child.kill("SIGCONT");
  }
}

// tools/with_postgres.py keeps a server and obeys what it reads: "kill", "start", "pause", "go".
export class Postgres {
  async open() {
    this.keeper = spawn("python3", [new URL("../../tools/with_postgres.py", import.meta.url).pathname, "--keep"],
      { stdio: ["pipe", "pipe", "inherit"] });
    this.lines = [];
    let text = "";
    this.keeper.stdout.on("data", (piece) => {
      text += piece;
      const parts = text.split("\n");
      text = parts.pop();
      this.lines.push(...parts);
    });
    this.server = await this.line();
    const made = spawnSync("psql", ["-q", `${this.server}/postgres`, "-c", "CREATE DATABASE okno"], { encoding: "utf8" });
    if (made.status !== 0) throw new Error(made.stderr);
    this.url = `${this.server}/okno`;
  }

  async line() {
    return await until("the database's keeper", () => this.lines.shift() ?? false, 60_000);
  }

  async order(what) {
    this.keeper.stdin.write(`${what}\n`);
    await this.line();
  }

  async close() {
    const ended = new Promise((resolve) => this.keeper.on("exit", resolve));
    this.keeper.stdin.end();
    await ended;
  }
}

export async function nats() {
  const port = await freePort();
  const program = new Program(async () => {
    const child = spawn("nats-server", ["--addr", "127.0.0.1", "--port", String(port)], { stdio: "ignore" });
    await until("nats-server", () => answers(port));
    return child;
  });
  await program.run();
  return { program, url: `nats://127.0.0.1:${port}` };
}

// One address for all nodes.
class Balancer {
  constructor(nodes) {
    this.nodes = nodes;
    this.open = new Map(nodes.map((node) => [node, new Set()]));
    this.next = 0;
  }

  async listen() {
    this.server = createServer((client) => this.serve(client));
    await new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${this.server.address().port}`;
    this.timer = setInterval(() => this.nodes.forEach((node) => this.look(node)), 250);
  }

  async look(node) {
    const isWell = await fetch(`http://127.0.0.1:${node.port}/healthz`, { signal: AbortSignal.timeout(900) })
      .then((reply) => reply.ok, () => false);
    node.isWell = isWell;
    if (!isWell) for (const socket of this.open.get(node)) socket.destroy();
  }

  serve(client) {
    const well = this.nodes.filter((node) => node.isWell);
    if (well.length === 0) return client.destroy();
    const node = well[(this.next += 1) % well.length];
    const server = connect(node.port, "127.0.0.1");
    const sockets = this.open.get(node);
    for (const [one, other] of [[client, server], [server, client]]) {
      sockets.add(one);
      one.on("error", () => {}).on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }

  close() {
    clearInterval(this.timer);
    this.server.close();
    for (const sockets of this.open.values()) for (const socket of sockets) socket.destroy();
  }
}

// A stage whose server is several nodes.
export class ClusterStage extends Stage {
  static async open({ nodes = 3, hasBus = true } = {}) {
    const stage = new ClusterStage();
    stage.said = "";
    stage.secrets = new Set();
    stage.folder = mkdtempSync(join(tmpdir(), "okno-cluster-"));
    mkdirSync(join(stage.folder, "media"));
    stage.postgres = new Postgres();
    await stage.postgres.open();
    stage.database = stage.postgres.url;
    stage.bus = hasBus ? await nats() : undefined;
    await stage.openSimulator();
    stage.nodes = [];
    for (let i = 0; i < nodes; i += 1) stage.nodes.push(await stage.addNode(i));
    stage.balancer = new Balancer(stage.nodes);
    await stage.balancer.listen();
    await until("the nodes", () => stage.nodes.every((node) => node.isWell));
    stage.okno = stage.balancer.url;
    stage.addUser("maria");
    stage.token = stage.admin("token", "create", "--email", "maria@okno.test", "--name", "cluster").trim();
    await stage.connect();
    return stage;
  }

  async addNode(i) {
    const port = await freePort();
    const folder = join(this.folder, `node${i}`);
    mkdirSync(folder);
    // Every node needs the key of the first.
    if (i > 0) copyFileSync(join(this.folder, "node0", "secret.key"), join(folder, "secret.key"));
    const node = new Program(async () => {
      const child = spawn(process.env.OKNO, ["serve", "--data-dir", folder, "--listen", `127.0.0.1:${port}`, "--log-level", "error"],
        { stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, OKNO_DATABASE: this.database, OKNO_BUS: this.bus?.url ?? "",
          OKNO_MEDIA: join(this.folder, "media"), OKNO_OUTBOUND_ALLOW_PRIVATE: "true", OKNO_PUBLIC_URL: this.balancer?.url ?? "" } });
      await until(`node ${i}`, async () => hasEnded(child) || answers(port), 30_000);
      return child;
    });
    Object.assign(node, { port, folder, isWell: false });
    await node.run();
    return node;
  }

  // A node that the database's absence, or a test, has ended is started again, as systemd would.
  async keepNodes(isOver) {
    while (!isOver()) {
      for (const node of this.nodes) if (!node.isHeld && hasEnded(node.child)) await node.run().catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  admin(...args) {
    return this.adminIn(this.nodes[0].folder, ...args);
  }

  async close() {
    this.balancer?.close();
    for (const node of this.nodes ?? []) await node.kill("SIGTERM");
    await this.bus?.program.kill();
    await this.postgres.close();
    await this.closeSimulator();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
