// An installation on files moves into PostgreSQL: the window shows the same before and after, and work goes on.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { equal, freshDatabase, play, until } from "./stage.mjs";

const [kate, oleg] = ["79161234567", "79260000000"];

function okno(...args) {
  return spawnSync(process.env.OKNO, args, { encoding: "utf8" });
}

const send = (stage, conversation, body) => stage.api("POST", `/api/v1/conversations/${conversation.id}/messages`,
  { client_id: crypto.randomUUID(), ...body });

const messages = async (stage, conversation) =>
  (await stage.api("GET", `/api/v1/conversations/${conversation.id}/messages?limit=200`)).items;

// Until the index has everything that was said.
async function searched(stage) {
  for (const [words, count] of [["order", 3], ["заказ", 1], ["picture", 1]])
    await until(`the search for ${words}`, async () =>
      (await stage.api("GET", `/api/v1/search?q=${encodeURIComponent(words)}`)).items.length === count);
}

// What the pages ask for, of every conversation.
async function shown(stage) {
  const out = {};
  const ask = async (path) => (out[path] = await stage.api("GET", path));
  for (const view of ["all", "waiting", "unread"]) await ask(`/api/v1/conversations?view=${view}`);
  for (const { id } of out["/api/v1/conversations?view=all"].items) {
    await ask(`/api/v1/conversations/${id}`);
    await ask(`/api/v1/conversations/${id}/messages?limit=200`);
  }
  for (const words of ["order", "заказ", "Kate", "picture"]) await ask(`/api/v1/search?q=${encodeURIComponent(words)}`);
  await ask("/api/v1/channels");
  return out;
}

async function work(stage) {
  await stage.write(kate, "Where is my order?");
  await stage.write(kate, { type: "image", caption: "a picture of it", data: Buffer.from("a picture").toString("base64"), mime_type: "image/png" });
  await stage.write(oleg, "Где заказ?");
  const [withKate, withOleg] = [await stage.conversationWith("Kate"), await stage.conversationWith("Oleg")];
  await send(stage, withKate, { type: "text", text: "Your order leaves today." });
  await send(stage, withKate, { type: "template", template: { name: "answer_ready", language: "en", values: { 1: "Kate", 2: "the order" } } });
  await stage.api("PUT", `/api/v1/conversations/${withOleg.id}/draft`, { text: "Сейчас посмотрю", note: "" }, 204);
  await until("everything on the phones and on the disk", async () => {
    const all = await messages(stage, withKate);
    return all.length === 4 && all.every((one) =>
      one.direction === "inbound" ? (one.media ?? []).every((file) => file.state === "ready") : one.status === "delivered");
  });
  await searched(stage);
  return withKate;
}

const server = process.env.OKNO_TEST_POSTGRES;
if (!server) {
  console.log("skipped: it needs PostgreSQL, see tools/with_postgres.py\n0 passed, 0 failed");
  process.exit(0);
}
const target = freshDatabase();
delete process.env.OKNO_TEST_POSTGRES; // the stage begins on files

await play({
  async "lists, messages, drafts, files and search are the same in PostgreSQL, and work goes on"(stage) {
    const withKate = await work(stage);
    const before = await shown(stage);
    const move = ["admin", "migrate-database", "--from", stage.folder, "--to", target];
    const busy = okno(...move);
    equal([busy.status, /in use by another Okno/.test(busy.stderr)], [1, true], busy.stderr);
    stage.program.child.kill("SIGTERM");
    await stage.oknoEnded();
    const moved = okno(...move);
    equal([moved.status, moved.stderr, /^Everything is in PostgreSQL, and the same as here/m.test(moved.stdout)], [0, "", true], moved.stdout);
    equal(/set `database` in okno.toml[^]*keep data_dir[^]*secret.key/.test(moved.stdout), true, moved.stdout);
    equal([/^! /m.test(moved.stdout), existsSync(join(stage.folder, "okno.db"))], [false, true], moved.stdout);
    const again = okno(...move);
    equal([again.status, /all is done/.test(again.stderr)], [1, true], again.stderr);

    stage.database = target;
    await stage.restartOkno();
    await searched(stage);
    const after = await shown(stage);
    equal(Object.keys(after), Object.keys(before), "conversations");
    for (const [path, answer] of Object.entries(before)) equal(after[path], answer, path);
    await stage.write(kate, "Thank you!");
    await send(stage, withKate, { type: "text", text: "You are welcome." });
    await until("the next answer", async () => (await stage.phone(kate)).some((one) => one.text === "You are welcome."));
    await until("the next question", async () => (await messages(stage, withKate)).some((one) => one.text === "Thank you!"));
  },
});
