// Backup under load and restore: the simulator's own log says that nothing acknowledged is lost and nothing leaves twice.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocket } from "ws";
import { equal, play, until } from "./stage.mjs";

const [kate, oleg, ivan] = ["79161234567", "79260000000", "79030000000"];

// Runs beside the load of the same process; answers {code, out, error}.
function okno(...args) {
  return oknoWith({}, ...args);
}

function oknoWith(environment, ...args) {
  const child = spawn(process.env.OKNO, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...environment } });
  const done = { out: "", error: "" };
  child.stdout.on("data", (piece) => (done.out += piece));
  child.stderr.on("data", (piece) => (done.error += piece));
  return new Promise((resolve) => child.on("close", (code) => resolve({ ...done, code })));
}

async function good(...args) {
  const done = await okno(...args);
  equal([done.code, done.error], [0, ""], `${args.join(" ")}: ${done.out}${done.error}`);
  return done.out;
}

async function refused(words, ...args) {
  const done = await okno(...args);
  equal([done.code, done.out, words.test(done.error)], [1, "", true], `${args.join(" ")}: ${done.code} ${done.out}${done.error}`);
}

async function stop(stage) {
  stage.program.child.kill("SIGTERM");
  await stage.oknoEnded();
}

// Folders of one journey; removed whatever becomes of it.
async function inFolder(work) {
  const path = mkdtempSync(join(tmpdir(), "okno-backup-"));
  try {
    await work(path);
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

// A new data directory with the key of another.
function withKey(path, source) {
  mkdirSync(path, { mode: 0o700 });
  copyFileSync(join(source, "secret.key"), join(path, "secret.key"));
  return path;
}

const send = (stage, conversation, text) => stage.api("POST", `/api/v1/conversations/${conversation.id}/messages`,
  { client_id: crypto.randomUUID(), type: "text", text });

async function messages(stage, conversation) {
  const all = [];
  for (let cursor = ""; cursor !== null; ) {
    const page = await stage.api("GET", `/api/v1/conversations/${conversation.id}/messages?limit=200${cursor && `&before=${cursor}`}`);
    all.push(...page.items);
    cursor = page.next_cursor;
  }
  return all.reverse();
}

async function log(stage, kind) {
  return (await stage.sim("GET", `/log?kind=${kind}&limit=100000`)).entries;
}

// What the provider was asked to send, in its order: also what it refused or never answered.
async function asked(stage, isTaken = () => true) {
  const entries = await log(stage, "api");
  return entries.filter((one) => one.type === "text" && isTaken(one)).map((one) => JSON.parse(one.body).text.body);
}

const taken = (stage) => asked(stage, (one) => one.wamid);

// Customers' messages that the server acknowledged.
async function acknowledged(stage) {
  const entries = await log(stage, "webhook");
  return entries.filter((one) => one.status === 200).flatMap((one) => one.updates.filter((what) => what.what === "message").map((what) => what.id));
}

// A customer and an operator write without pause until told to stop.
function talk(stage, phone, conversation) {
  let isOver = false;
  const run = async () => {
    for (let i = 1; !isOver; i += 1) {
      await stage.write(phone, `question ${i} of ${phone}`);
      await send(stage, conversation, `answer ${i} to ${phone}`);
    }
  };
  const running = run();
  return { stop: () => ((isOver = true), running) };
}

async function lastSeq(stage) {
  return (await frames(stage, "", (all) => all.length > 0))[0].seq;
}

// What the live feed sends to a page that saw everything up to `after`.
async function frames(stage, query, isEnough) {
  const socket = new WebSocket(`${stage.okno.replace("http", "ws")}/api/v1/events${query}`, { headers: { authorization: `Bearer ${stage.token}` } });
  const all = [];
  socket.on("message", (text) => all.push(JSON.parse(text)));
  await until(`the feed ${query}`, () => isEnough(all));
  socket.terminate();
  return all;
}

await play({
  async "a backup under load loses nothing that was acknowledged, and after its restore nothing is sent twice"(stage) {
    await inFolder(async (folder) => {
      const [backup, target] = [join(folder, "backup"), join(folder, "data")];
      await stage.sim("POST", "/phones", { wa_id: ivan, name: "Ivan" });
      await stage.sim("PATCH", "/numbers/100", { pair_limit: false });
      for (const phone of [kate, oleg, ivan]) await stage.write(phone, { type: "image", caption: `hello from ${phone}`, data: Buffer.from(phone).toString("base64"), mime_type: "image/png" });
      const [withKate, withOleg, withIvan] = [await stage.conversationWith("Kate"), await stage.conversationWith("Oleg"), await stage.conversationWith("Ivan")];
      await send(stage, withIvan, "secret of Ivan");
      await until("Ivan's answer", async () => (await stage.phone(ivan)).some((one) => one.text === "secret of Ivan"));
      await until("the files", async () => (await messages(stage, withIvan)).every((one) => one.media.every((file) => file.state === "ready")));

      // Answers to Oleg wait when the backup is made and leave after it.
      await stage.sim("POST", "/faults", { kind: "500", count: 0, match: { to: oleg } });
      const talks = [talk(stage, kate, withKate), talk(stage, oleg, withOleg)];
      await until("load", async () => (await taken(stage)).length > 5 && (await messages(stage, withOleg)).some((one) => one.status === "queued"));
      const before = await acknowledged(stage);
      const waiting = (await messages(stage, withOleg)).filter((one) => one.status === "queued" && one.direction === "outbound").map((one) => one.text);
      equal([before.length > 5, waiting.length > 0], [true, true], "there is something to lose");
      const told = await good("admin", "backup", backup, "--data-dir", stage.folder);
      equal(/secret.key is not in it/.test(told), true, told);
      equal(existsSync(join(backup, "secret.key")), false, "the key");
      equal([statSync(backup).mode & 0o777, statSync(join(backup, "okno.db")).mode & 0o777], [0o700, 0o600], "modes");
      await stage.sim("DELETE", "/faults");
      await until("an answer that waited", async () => (await taken(stage)).includes(waiting[0]));
      const erased = await good("admin", "erase", "--workspace", "Yasno", "--phone", `+${ivan}`, "--data-dir", stage.folder);
      equal(/1 contacts, 1 conversations, 2 messages/.test(erased), true, erased);
      await Promise.all(talks.map((one) => one.stop()));
      const seen = await lastSeq(stage);
      await refused(/in use by another Okno/, "admin", "restore", backup, "--replace", "--data-dir", stage.folder);
      await stop(stage);

      await refused(/secret.key is missing/, "admin", "restore", backup, "--data-dir", target);
      copyFileSync(join(stage.folder, "secret.key"), join(target, "secret.key"));
      const tampered = join(folder, "tampered");
      cpSync(backup, tampered, { recursive: true });
      writeFileSync(join(tampered, "intake.db"), "x", { flag: "r+" });
      await refused(/tampered\/intake.db is not the file/, "admin", "restore", tampered, "--data-dir", target);
      const restored = await good("admin", "restore", backup, "--data-dir", target, "--erasures", join(stage.folder, "erasures.log"));
      equal(/1 people who were erased since are erased again/.test(restored), true, restored);
      await refused(/has databases already/, "admin", "restore", backup, "--data-dir", target);

      const old = await asked(stage);
      stage.folder = target;
      await stage.restartOkno();
      const channel = await stage.api("GET", `/api/v1/channels/${stage.channel.id}`);
      equal([channel.state, /^Restored from a backup of .* UTC: look through/.test(channel.state_reason)], ["paused", true], channel.state_reason);
      const all = [...(await messages(stage, withKate)), ...(await messages(stage, withOleg))];
      const questions = all.filter((one) => one.direction === "inbound").map((one) => one.text);
      equal(questions, [...new Set(questions)], "customers' messages, once each");
      const written = [...(await stage.phone(kate)), ...(await stage.phone(oleg))].filter((one) => before.includes(one.id));
      equal(written.length, before.length - 1, "all but Ivan's");
      for (const one of written) equal(questions.includes(one.text ?? one.caption), true, `${one.text ?? one.caption} was acknowledged before the backup`);
      const ours = all.filter((one) => one.direction === "outbound");
      equal(ours.filter((one) => ["queued", "sending"].includes(one.status)).length, 0, "messages that would leave");
      for (const text of waiting) {
        const one = ours.find((message) => message.text === text);
        equal([one?.status, /^It waited to leave when the backup of/.test(one?.error?.message)], ["unknown", true], `${text}: ${JSON.stringify(one?.error)}`);
      }
      equal((await stage.api("GET", "/api/v1/conversations?view=all")).items.some((one) => one.contact.name === "Ivan"), false, "Ivan's conversation");
      await until("the search made anew", async () => (await stage.api("GET", "/api/v1/search?q=hello")).items.length === 2);
      equal((await stage.api("GET", "/api/v1/search?q=secret")).items.length, 0, "Ivan's words");
      const feed = await frames(stage, `?after=${seen}`, (got) => got.length > 1);
      equal(feed.slice(0, 2).map((one) => one.type), ["hello", "resync"], "what an open page is told");

      await stage.api("PATCH", `/api/v1/channels/${stage.channel.id}`, { state: "connected" });
      await send(stage, withKate, "after the restore");
      await until("a new answer", async () => (await stage.phone(kate)).some((one) => one.text === "after the restore"));
      await until("quiet", async () => (await stage.sim("GET", "/settled")).settled);
      equal((await asked(stage)).slice(old.length), ["after the restore"], "what left after the restore");
      const words = await taken(stage);
      equal(words, [...new Set(words)], "what the provider took, once each");
      equal(readFileSync(join(target, "erasures.log"), "utf8").trim().split("\n").length, 1, "the ledger goes on");
    });
  },

  async "pruning is held as long as whoever asked for it lives, and other commands are answered meanwhile"(stage) {
    const holder = connect(join(stage.folder, "okno.sock"));
    holder.write(`${JSON.stringify({ command: "begin_backup", hold: true })}\n`);
    await new Promise((resolve) => holder.once("data", resolve));
    const isHeld = async () => (await good("admin", "doctor", "--data-dir", stage.folder)).includes("backup: runs");
    equal(await isHeld(), true, "while it lives");
    holder.destroy();
    await until("the end of the hold", async () => !(await isHeld()));
    await inFolder(async (folder) => {
      await good("admin", "backup", join(folder, "one"), "--data-dir", stage.folder);
      equal(await isHeld(), false, "after a backup");
      await stop(stage);
      await good("admin", "backup", join(folder, "two"), "--data-dir", stage.folder);
      equal(existsSync(join(folder, "two", "manifest.json")), true, "of a stopped server");
      await refused(/not empty/, "admin", "backup", join(folder, "two"), "--data-dir", stage.folder);
      await stage.restartOkno();
    });
  },

  async "a restore that is killed at any of its steps is run again and ends the same, and no server starts before"(stage) {
    for (const text of ["one", "two"]) await stage.write(kate, { type: "image", caption: text, data: Buffer.from(text).toString("base64"), mime_type: "image/png" });
    const conversation = await stage.conversationWith("Kate");
    await until("the files", async () => {
      const all = await messages(stage, conversation);
      return all.length === 2 && all.every((one) => one.media.every((file) => file.state === "ready"));
    });
    await inFolder(async (folder) => {
      const backup = join(folder, "backup");
      await good("admin", "backup", backup, "--data-dir", stage.folder);
      await stop(stage);
      const old = join(folder, "old");  // what is replaced
      await good("admin", "restore", backup, "--data-dir", withKey(old, stage.folder));
      let step = 1;
      for (let isKilled = true; isKilled; step += 1) {
        const target = join(folder, `target-${step}`);
        cpSync(old, target, { recursive: true });
        const restore = ["admin", "restore", backup, "--replace", "--data-dir", target];
        const first = await oknoWith({ OKNO_CRASH_AT: String(step) }, ...restore);
        isKilled = first.code === 137;
        if (isKilled) {
          await refused(/did not come to its end/, "serve", "--data-dir", target, "--listen", "127.0.0.1:0");
          await good(...restore);
        }
        equal(existsSync(join(target, "restoring")), false, `step ${step}: the mark`);
        equal(readdirSync(target).filter((name) => name.startsWith("replaced-")).length, 1, `step ${step}: what was replaced`);
        stage.folder = target;
        await stage.restartOkno();
        const all = await messages(stage, conversation);
        equal(all.map((one) => [one.text, one.media[0].state]), [["one", "ready"], ["two", "ready"]], `step ${step}: the messages`);
        const file = await fetch(`${stage.okno}/api/v1/media/${all[0].media[0].id}`, { headers: { authorization: `Bearer ${stage.token}` } });
        equal([file.status, await file.text()], [200, "one"], `step ${step}: the file`);
        await stop(stage);
        rmSync(target, { recursive: true });
      }
      equal(step > 10, true, `only ${step} steps`);
    });
  },

  async "databases copied with another tool get the same rules, and no server starts before while they are marked"(stage) {
    await stage.write(kate, "hello");
    const conversation = await stage.conversationWith("Kate");
    await stage.sim("POST", "/faults", { kind: "500", count: 0, match: { to: kate } });
    await send(stage, conversation, "waits");
    const after = ["admin", "after-restore", "--data-dir", stage.folder];
    await refused(/in use by another Okno/, ...after);
    await stop(stage);
    await inFolder(async (folder) => {
      const copy = join(folder, "data");
      cpSync(stage.folder, copy, { recursive: true, filter: (path) => !path.endsWith(".sock") });
      mkdirSync(join(copy, "restoring"));
      await refused(/did not come to its end/, "serve", "--data-dir", copy, "--listen", "127.0.0.1:0");
      stage.folder = copy;
      const told = await good("admin", "after-restore", "--copied-at", new Date().toISOString(), "--data-dir", copy);
      equal(/^1 messages that waited[^]*1 channels are paused/.test(told), true, told);
      await stage.restartOkno();
      equal((await messages(stage, conversation)).find((one) => one.text === "waits").status, "unknown", "what waited");
      await stop(stage);
    });
  },

  async "an admin forgets a customer: pages, search and the disk follow, an operator may not, and colleagues' customers stay"(stage) {
    await stage.write(oleg, "hello from Oleg");
    await stage.write(kate, { type: "image", caption: "a picture of Kate", data: Buffer.from("Kate").toString("base64"), mime_type: "image/png" });
    const [withKate, withOleg] = [await stage.conversationWith("Kate"), await stage.conversationWith("Oleg")];
    const hash = createHash("sha256").update("Kate").digest("hex");
    const picture = join(stage.folder, "media", hash.slice(0, 2), hash);
    await until("the picture", () => existsSync(picture));
    utimesSync(picture, 0, 0);  // a file of the last minute stays for the sweep
    await until("the search", async () => (await stage.api("GET", "/api/v1/search?q=picture")).items.length === 1);
    const seen = await lastSeq(stage);
    const anna = stage.admin("token", "create", "--email", "anna@okno.test", "--name", "t").trim();
    const path = `/api/v1/conversations/${withKate.id}`;
    await stage.json("DELETE", stage.okno + path, undefined, { authorization: `Bearer ${anna}` }, 403);
    await stage.api("DELETE", path, undefined, 204);
    await stage.api("GET", path, undefined, 404);
    await stage.api("DELETE", path, undefined, 404);
    equal(existsSync(picture), false, "her picture");
    const feed = await frames(stage, `?after=${seen}`, (got) => got.some((one) => one.type === "removed"));
    equal(feed.find((one) => one.type === "removed").data, { type: "conversation", id: withKate.id }, "what an open page is told");
    await until("the search", async () => (await stage.api("GET", "/api/v1/search?q=picture")).items.length === 0);
    equal((await messages(stage, withOleg)).map((one) => one.text), ["hello from Oleg"], "somebody else's");
    await stage.write(kate, "it is me again");
    equal((await stage.conversationWith("Kate")).id === withKate.id, false, "who writes again is a new contact");
  },

  async "a contact that is not there is not erased"(stage) {
    const erase = ["admin", "erase", "--data-dir", stage.folder, "--workspace"];
    await refused(/There is no workspace Nobody/, ...erase, "Nobody", "--phone", kate);
    await refused(/There is no contact with the phone/, ...erase, "Yasno", "--phone", "79999999999");
    await refused(/expected the id of a contact/, ...erase, "Yasno", "--contact", "x");
    await refused(/There is no such contact/, ...erase, "Yasno", "--contact", crypto.randomUUID());
    equal(existsSync(join(stage.folder, "erasures.log")), false, "a ledger");
  },
});
