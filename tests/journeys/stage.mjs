// A stage for journeys: a real okno, a real simulator and a real Chromium, each on a free port of loopback.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { checkAnswer } from "./contract.mjs";

export const password = "correct horse battery";
export const number = "100";
export const waitLimit = 20_000;

// A database of its own on the server that OKNO_TEST_POSTGRES names (tools/with_postgres.py); empty: everything in files.
export function freshDatabase() {
  const server = process.env.OKNO_TEST_POSTGRES;
  if (!server) return "";
  const name = `journey_${process.pid}_${Math.random().toString(36).slice(2)}`;
  const made = spawnSync("psql", ["-q", `${server}/postgres`, "-c", `CREATE DATABASE ${name}`], { encoding: "utf8" });
  if (made.status !== 0) throw new Error(made.stderr);
  return `${server}/${name}`;
}

// Starts a program and waits for the line in which it says its address. All that it says goes to `hear` too.
function start(program, args, environment = {}, hear = () => {}) {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...environment } });
  child.stdout.on("data", hear);
  child.stderr.on("data", (piece) => {
    hear(piece);
    process.stderr.write(piece);
  });
  const url = new Promise((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (piece) => {
      text += piece;
      const found = /listening on (http:\S+)/.exec(text);
      if (found) resolve(found[1]);
    });
    child.on("exit", (code) => reject(new Error(`${program} ended with ${code}: ${text}`)));
  });
  return { child, url };
}

function ended(child) {
  return new Promise((resolve) => (child.exitCode !== null || child.signalCode ? resolve() : child.on("exit", resolve)));
}

export class Stage {
  // `environment`: of every start of okno.
  static async open(environment = {}) {
    const stage = new this();
    stage.environment = environment;
    stage.said = "";
    stage.secrets = new Set([password, "s3cret", "token-1"]);
    stage.folder = mkdtempSync(join(tmpdir(), "okno-journey-"));
    stage.database = freshDatabase();
    await stage.openSimulator();
    await stage.startOkno("127.0.0.1:0");
    for (const name of ["maria", "anna"]) stage.addUser(name);
    stage.token = stage.makeToken("maria@okno.test");
    await stage.connect();
    return stage;
  }

  async openSimulator() {
    this.simulatorProgram = start(process.env.OKNO_SIM, ["--listen", "127.0.0.1:0", "--retry-base-ms", "50"]);
    this.simulator = await this.simulatorProgram.url;
  }

  // `openFiles`: how many the system lets it have, as `ulimit` takes it ("-n 400", "-S -n 1024").
  async startOkno(listen, environment = {}, openFiles = undefined) {
    const program = openFiles ? ["bash", "-c", `ulimit ${openFiles}; exec "$0" "$@"`, process.env.OKNO] : [process.env.OKNO];
    this.program = start(program[0], [...program.slice(1), "serve", "--data-dir", this.folder, "--listen", listen, "--log-level", environment.OKNO_LOG_LEVEL ?? "error"], { OKNO_DATABASE: this.database, ...this.environment, ...environment },
      (piece) => (this.said += piece));
    this.okno = await this.program.url;
  }

  // Waits until the program has ended by itself.
  async oknoEnded() {
    await ended(this.program.child);
  }

  isOknoRunning() {
    return this.program.child.exitCode === null && this.program.child.signalCode === null;
  }

  // As a power cut would: nothing is finished, nothing is said.
  async killOkno() {
    this.program.child.kill("SIGKILL");
    await ended(this.program.child);
  }

  async restartOkno(environment, openFiles) {
    await this.startOkno(new URL(this.okno).host, environment, openFiles);
  }

  admin(...args) {
    return this.adminIn(this.folder, ...args);
  }

  adminIn(folder, ...args) {
    const input = args.includes("--password-stdin") ? password : undefined;
    const done = spawnSync(process.env.OKNO, ["admin", ...args, "--data-dir", folder],
      { input, encoding: "utf8", env: { ...process.env, OKNO_DATABASE: this.database } });
    if (done.status !== 0) throw new Error(done.stderr);
    return done.stdout;
  }

  makeToken(email) {
    const token = this.admin("token", "create", "--email", email, "--name", "journeys").trim();
    this.secrets.add(token);
    return token;
  }

  // No secret of the journey is in what okno said, however it ended.
  assertNothingLeaked() {
    for (const secret of this.secrets) if (this.said.includes(secret)) throw new Error(`okno said the secret ${secret}:\n${this.said}`);
  }

  addUser(name) {
    this.admin("user", "create", "--workspace", "Yasno", "--email", `${name}@okno.test`, "--name",
      name[0].toUpperCase() + name.slice(1), "--role", name === "maria" ? "owner" : "operator", "--password-stdin");
  }

  // A call to the API with the token; throws what the server refused unless `status` expects it. The answer must be
  // as api/openapi.yaml describes it.
  async api(method, path, body, status) {
    return await this.json(method, this.okno + path, body, { authorization: `Bearer ${this.token}` }, status);
  }

  async sim(method, path, body) {
    return await this.json(method, `${this.simulator}/sim${path}`, body, {});
  }

  async json(method, url, body, headers, status) {
    const reply = await fetch(url, {
      method,
      headers: { ...headers, ...(body ? { "content-type": "application/json" } : {}) },
      body: body ? JSON.stringify(body) : undefined,
    });
    const text = await reply.text();
    if (url.startsWith(this.okno)) checkAnswer(method, new URL(url).pathname, reply.status, text, reply.headers);
    if (status ? reply.status !== status : !reply.ok) throw new Error(`${method} ${url}: ${reply.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  async connect() {
    await this.sim("POST", "/world", {
      apps: [{ id: "900", app_secret: "s3cret", access_token: "token-1" }],
      wabas: [{ id: "200", app_id: "900", name: "Yasno" }],
      numbers: [{ id: number, waba_id: "200", display_phone_number: "+7 495 000-00-01", verified_name: "Yasno" }],
      templates: [
        { waba_id: "200", name: "answer_ready", language: "en", category: "UTILITY", components: [
          { type: "BODY", text: "Hello {{1}}, your answer about {{2}} is ready." }] }],
      phones: [{ wa_id: "79161234567", name: "Kate" }, { wa_id: "79260000000", name: "Oleg" }],
    });
    this.channel = await this.api("POST", "/api/v1/channels", {
      messenger: "whatsapp", name: "Support",
      settings: { phone_number_id: number, waba_id: "200", base_url: this.simulator },
      credentials: { access_token: "token-1", app_secret: "s3cret" },
    });
    this.secrets.add(this.channel.verify_token).add(new URL(this.channel.webhook_url).pathname.split("/").pop());
    // The real handshake, with the token that the channel shows to its admin.
    await this.sim("PATCH", "/apps/900", { callback_url: this.channel.webhook_url, verify_token: this.channel.verify_token });
  }

  // The customer writes; answers the provider's id of the message.
  async write(phone, message) {
    const body = typeof message === "string" ? { type: "text", text: message } : message;
    return (await this.sim("POST", `/phones/${phone}/messages`, body)).id;
  }

  // What the customer's phone shows, oldest first.
  async phone(phone) {
    return (await this.sim("GET", `/phones/${phone}/messages`)).messages;
  }

  async conversationWith(name) {
    return await until(`a conversation with ${name}`, async () => {
      const { items } = await this.api("GET", "/api/v1/conversations?view=all");
      return items.find((item) => item.contact.name === name);
    });
  }

  async browserFor() {
    this.browser ??= await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-dev-shm-usage"],
    });
    return this.browser;
  }

  // A page of a signed-in operator; what it logs as an error fails the journey.
  async page(name = "maria", options = {}) {
    const context = await (await this.browserFor()).newContext({ viewport: { width: 1440, height: 900 }, locale: "en-GB", ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(waitLimit);
    page.errors = [];
    page.on("pageerror", (error) => page.errors.push(String(error)));
    page.on("console", (line) => {
      if (line.type() === "error" && /Content.Security.Policy|TrustedScript/i.test(line.text())) page.errors.push(line.text());
    });
    await page.goto(this.okno);
    await page.getByTestId("sign-in-email").fill(`${name}@okno.test`);
    await page.getByTestId("sign-in-password").fill(password);
    await page.getByTestId("sign-in-submit").click();
    await page.getByTestId("sign-in-submit").waitFor({ state: "detached" });
    return page;
  }

  async close() {
    await this.browser?.close();
    this.program?.child.kill("SIGTERM");
    if (this.program) await ended(this.program.child);
    await this.closeSimulator();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async closeSimulator() {
    this.simulatorProgram?.child.kill("SIGTERM");
    if (this.simulatorProgram) await ended(this.simulatorProgram.child);
  }
}

// Seconds of a quiet tone as a WAV file in base64: something that a browser really plays.
export function tone(seconds) {
  const rate = 8000;
  const samples = Buffer.alloc(seconds * rate * 2);
  for (let i = 0; i < seconds * rate; i += 1) samples.writeInt16LE(Math.round(2000 * Math.sin((i * 2 * Math.PI * 440) / rate)), i * 2);
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20); // PCM
  head.writeUInt16LE(1, 22); // one channel
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]).toString("base64");
}

// Asks until the answer is true; the limit is only for a journey that fails.
export async function until(what, ask, longest = waitLimit) {
  const limit = Date.now() + longest;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > limit) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

export function equal(actual, expected, what) {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what}: expected ${b}, is ${a}`);
}

// Runs journeys one after another, each on a stage of its own, and ends with the line that the test runner reads.
// `Place` is the kind of stage.
export async function play(journeys, Place = Stage) {
  let failed = 0;
  const wanted = process.argv.slice(2).find((word) => !word.startsWith("--"));
  const chosen = Object.entries(journeys).filter(([name]) => !wanted || name.includes(wanted));
  for (const [name, journey] of chosen) {
    let stage;
    try {
      stage = await Place.open();
      await journey(stage);
      stage.assertNothingLeaked();
      console.log(`ok      ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED  ${name}\n${error.stack}`);
    } finally {
      await stage?.close();
    }
  }
  console.log(`${chosen.length - failed} passed, ${failed} failed`);
  process.exit(failed ? 1 : 0);
}
