// An Okno to measure: one node on files, or some on one PostgreSQL, with the simulator as the provider.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runNow, start, until } from "./programs.mjs";

const password = "correct horse battery";
export const secret = "s3cret";
export const owner = "maria@okno.test";

const folders = new Set();
process.on("exit", () => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

export class Installation {
  // `engine`: sqlite or postgres. `channels`: how many numbers are connected.
  static async open(bench, { engine = "sqlite", nodes = 1, channels = 1, environment = {} } = {}) {
    const one = new Installation();
    bench.opened.add(one);
    Object.assign(one, { bench, engine, environment, nodes: [], channels: [] });
    one.folder = mkdtempSync(join(tmpdir(), "okno-bench-"));
    folders.add(one.folder);
    one.database = engine === "postgres" ? (await bench.postgres()).freshDatabase() : "";
    one.simulatorProgram = start(bench.simulator, ["--listen", "127.0.0.1:0", "--retry-base-ms", "50"]);
    one.simulator = (await one.simulatorProgram.line(/listening on (http:\S+)/))[1];
    await one.startNode(0);
    one.admin("user", "create", "--workspace", "Yasno", "--email", owner, "--name", "Maria", "--role", "owner", "--password-stdin");
    one.tokens = one.makeTokens(20);
    await one.sim("POST", "/world", {
      apps: [{ id: "900", app_secret: secret, access_token: "token-1" }], wabas: [{ id: "200", app_id: "900", name: "Yasno" }],
      templates: [{ waba_id: "200", name: "answer_ready", language: "en", category: "UTILITY", components: [
        { type: "BODY", text: "Hello {{1}}, your answer about {{2}} is ready." }] }] });
    for (let i = 0; i < channels; i += 1) await one.connect(String(100 + i));
    // A node knows the channels that are there when it starts.
    for (let i = 1; i < nodes; i += 1) await one.startNode(i);
    if (nodes > 1) await one.shareOut();
    return one;
  }

  // Until no node owns more than its part of the 64 partitions, and all are owned.
  async shareOut() {
    const owners = () => this.bench.startedPostgres.ask(this.database,
      "SELECT count(*) FROM partitions WHERE owner <> '' GROUP BY owner").split("\n").map(Number);
    await until("the partitions to be shared out", () => {
      const parts = owners();
      return Math.max(...parts) <= Math.ceil(64 / this.nodes.length) && parts.reduce((sum, part) => sum + part, 0) === 64;
    }, 60);
  }

  // A token has a limit of requests a second: many stand for many operators.
  makeTokens(count) {
    return Array.from({ length: count }, (_, i) => this.admin("token", "create", "--email", owner, "--name", `bench ${i}`).trim());
  }

  async connect(number) {
    await this.sim("POST", "/world", { numbers: [{ id: number, waba_id: "200", display_phone_number: `+7 495 000-0${number}`, verified_name: "Yasno" }] });
    const channel = await this.api("POST", "/api/v1/channels", {
      messenger: "whatsapp", name: `Channel ${number}`, settings: { phone_number_id: number, waba_id: "200", base_url: this.simulator },
      credentials: { access_token: "token-1", app_secret: secret } });
    const { pathname } = new URL(channel.webhook_url);
    // The provider's own webhooks (statuses) go to the first channel's address: one application has one.
    if (this.channels.length === 0)
      await this.sim("PATCH", "/apps/900", { callback_url: `${this.okno}${pathname}`, verify_token: channel.verify_token });
    this.channels.push({ id: channel.id, number, pathname });
  }

  directory(i) {
    return join(this.folder, `node${i + 1}`);
  }

  // Started again only when all is applied.
  async startNode(i) {
    mkdirSync(this.directory(i), { recursive: true, mode: 0o700 });
    // Nodes share the key that seals the credentials, and the files.
    if (i > 0 && !existsSync(join(this.directory(i), "secret.key")))
      copyFileSync(join(this.directory(0), "secret.key"), join(this.directory(i), "secret.key"));
    const shared = this.engine === "postgres" ? { OKNO_MEDIA: join(this.folder, "media") } : {};
    if (shared.OKNO_MEDIA) mkdirSync(shared.OKNO_MEDIA, { recursive: true });
    const known = this.nodes[i]?.url;
    const begun = performance.now();
    const child = start(this.bench.okno, ["serve", "--data-dir", this.directory(i), "--listen", known ? new URL(known).host : "127.0.0.1:0", "--log-level", "error"],
      { environment: { OKNO_DATABASE: this.database, OKNO_CONNECTIONS_PER_ADDRESS: "20000", ...shared, ...await this.bench.bus(), ...this.environment } });
    const url = (await child.line(/listening on (http:\S+)/))[1];
    this.nodes[i] = { child, url };
    const took = performance.now() - begun;
    // The counter of webhooks begins anew with the process, the position does not.
    if (known && this.engine === "sqlite") this.keptBefore = this.appliedUpTo();
    return took;  // ms
  }

  async stopNode(i) {
    this.nodes[i].child.kill("SIGTERM");
    await this.nodes[i].child.ended;
  }

  get okno() {
    return this.nodes[0].url;
  }

  admin(...words) {
    return runNow(this.bench.okno, ["admin", ...words, "--data-dir", this.directory(0)],
      { input: words.includes("--password-stdin") ? password : undefined, environment: { OKNO_DATABASE: this.database } });
  }

  async json(method, url, body, headers = {}) {
    const reply = await fetch(url, { method, headers: { ...headers, ...(body ? { "content-type": "application/json" } : {}) },
      body: body ? JSON.stringify(body) : undefined });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${method} ${url}: ${reply.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  api(method, path, body, token = this.tokens[0]) {
    return this.json(method, this.okno + path, body, { authorization: `Bearer ${token}` });
  }

  sim(method, path, body) {
    return this.json(method, `${this.simulator}/sim${path}`, body);
  }

  // What okno-load takes: every channel in turn, at every node in turn.
  get targets() {
    const count = Math.max(this.nodes.length, this.channels.length);
    return Array.from({ length: count }, (_, i) => {
      const { pathname, number } = this.channels[i % this.channels.length];
      return `${new URL(this.nodes[i % this.nodes.length].url).port}${pathname}=${number}`;
    }).join(",");
  }

  // Webhooks that are acknowledged and not yet in conversations.
  async waiting() {
    if (this.engine === "postgres") return Number(this.bench.startedPostgres.ask(this.database, "SELECT count(*) FROM intake"));
    const kept = Number(/okno_webhooks_total\{[^}]*kept[^}]*\} (\d+)/.exec(await (await fetch(`${this.okno}/metrics`)).text())?.[1] ?? 0);
    return Math.max(0, (this.keptBefore ?? 0) + kept - this.appliedUpTo());
  }

  appliedUpTo() {
    return Number(/applied up to (\d+)/.exec(this.admin("doctor"))[1]);
  }

  // Waits until all is applied; {count, seconds} of what was left.
  async drain(seconds = 120) {
    const begun = performance.now();
    const count = await this.waiting();
    await until("the intake to be applied", async () => (await this.waiting()) === 0, seconds);
    return { count, seconds: (performance.now() - begun) / 1000 };
  }

  // Whether each of the words is in a message that the search finds.
  async finds(words) {
    for (const word of words) if ((await this.api("GET", `/api/v1/search?q=${word}`)).items.length === 0) return false;
    return true;
  }

  // Resident memory of a node in MB.
  memory(i = 0) {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.nodes[i].child.pid}/status`, "utf8"))[1]) / 1024;
  }

  async close() {
    this.bench.opened.delete(this);
    for (const { child } of [...this.nodes, { child: this.simulatorProgram }]) {
      child?.kill("SIGTERM");
      await child?.ended;
    }
    if (this.database) this.bench.startedPostgres.dropDatabase(this.database);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
