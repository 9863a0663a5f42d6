// Files on S3: what came and what leaves lies there, and this machine keeps copies only.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { equal, play, until } from "./stage.mjs";

const kate = "79161234567";
const secret = "hush/of+tests";

async function startS3() {
  const folder = mkdtempSync(join(tmpdir(), "okno-s3-"));
  const child = spawn(process.execPath, [join(import.meta.dirname, "s3_server.mjs"), folder], { stdio: ["ignore", "pipe", "inherit", "ipc"] });
  let text = "";
  child.stdout.on("data", (piece) => (text += piece));
  const url = await until("the S3 server", () => /listening on (http:\S+)/.exec(text)?.[1]);
  const stop = async () => {
    child.kill();
    await new Promise((resolve) => (child.exitCode !== null || child.signalCode ? resolve() : child.on("exit", resolve)));
  };
  return {
    url,
    folder,
    stop,
    age: (seconds) => fetch(`${url}/age`, { method: "POST", body: JSON.stringify({ seconds }) }),
    close: async () => {
      await stop();
      rmSync(folder, { recursive: true });
    },
    objects: async () => (await (await fetch(`${url}/requests`)).json()).filter((one) => one.method === "PUT" && one.status === 200),
  };
}

const onS3 = (s3) => ({
  OKNO_MEDIA: `s3://okno/files?endpoint=${s3.url}&region=eu-central-1`,
  OKNO_S3_ACCESS_KEY: "okno-test",
  OKNO_S3_SECRET_KEY: secret,
});

async function restart(stage, environment) {
  stage.program.child.kill("SIGTERM");
  await stage.oknoEnded();
  await stage.restartOkno(environment);
}

function okno(environment, ...args) {
  const done = spawnSync(process.env.OKNO, args, { encoding: "utf8", env: { ...process.env, ...environment } });
  equal([done.status, done.stderr], [0, ""], `okno ${args.join(" ")}: ${done.stdout}`);
  return done.stdout;
}

// Restores a backup beside the one it is of, with the same key.
function restored(stage, backup, environment) {
  const target = join(backup, "..", "restored");
  mkdirSync(target, { mode: 0o700 });
  copyFileSync(join(stage.folder, "secret.key"), join(target, "secret.key"));
  return { target, said: okno(environment, "admin", "restore", backup, "--data-dir", target) };
}

const kateWithPicture = async (stage) => {
  await stage.write(kate, { type: "image", caption: "a picture of Kate", data: Buffer.from("Kate").toString("base64"), mime_type: "image/png" });
  const conversation = await stage.conversationWith("Kate");
  await until("the file", async () => {
    const { items } = await stage.api("GET", `/api/v1/conversations/${conversation.id}/messages`);
    return items.find((item) => item.media[0]?.state === "ready");
  });
  return conversation;
};
const hashOfKate = createHash("sha256").update("Kate").digest("hex");

// As on a node that never had the files.
const forgetCopies = (stage) => rmSync(join(stage.folder, "media", "copies"), { recursive: true });

// The object of a file; undefined once it is gone.
const objectOf = (s3, hash) => readdirSync(s3.folder, { recursive: true }).find((name) => name.includes(hash));

const upload = (stage, bytes) => fetch(`${stage.okno}/api/v1/uploads?name=price.pdf`,
  { method: "POST", headers: { authorization: `Bearer ${stage.token}` }, body: bytes });

const download = (stage, id, headers = {}) => fetch(`${stage.okno}/api/v1/media/${id}`,
  { headers: { authorization: `Bearer ${stage.token}`, ...headers } });

const pdf = `%PDF-1.4\n${"0123456789".repeat(5000)}`;

await play({
  async "a customer's file is an object of S3, and a node that has no copy gives out a piece of it"(stage) {
    const s3 = await startS3();
    await restart(stage, onS3(s3));
    await stage.write(kate, { type: "image", caption: "the photo" });
    const conversation = await stage.conversationWith("Kate");
    const message = await until("the file", async () => {
      const { items } = await stage.api("GET", `/api/v1/conversations/${conversation.id}/messages`);
      return items.find((item) => item.media[0]?.state === "ready");
    });
    equal((await s3.objects()).length, 1, "one object");
    const whole = Buffer.from(await (await download(stage, message.media[0].id)).arrayBuffer());
    forgetCopies(stage);
    const part = await download(stage, message.media[0].id, { range: "bytes=10-19" });
    equal([part.status, Buffer.from(await part.arrayBuffer()).equals(whole.subarray(10, 20))], [206, true], "a piece");
    await s3.close();
  },

  async "an operator's file leaves although this node lost its copy, and while S3 is away all else goes on"(stage) {
    const s3 = await startS3();
    await restart(stage, onS3(s3));
    await stage.write(kate, "the price, please");
    const conversation = await stage.conversationWith("Kate");
    const send = (body) => stage.api("POST", `/api/v1/conversations/${conversation.id}/messages`, { client_id: crypto.randomUUID(), ...body });
    const first = await (await upload(stage, pdf)).json();
    const again = await (await upload(stage, pdf)).json();
    equal([first.mime, (await s3.objects()).length], ["application/pdf", 1], "the same bytes once");
    forgetCopies(stage);
    await send({ type: "document", upload_id: first.id });
    await until("the file on the phone", async () => (await stage.phone(kate)).some((line) => line.type === "document"));
    forgetCopies(stage);
    await s3.stop();
    equal([(await upload(stage, "other bytes")).status, (await download(stage, again.id)).status], [503, 503], "the store is away");
    await send({ type: "text", text: "it follows" });
    await until("the text on the phone", async () => (await stage.phone(kate)).some((line) => line.text?.body === "it follows" || line.text === "it follows"));
    await s3.close();
  },

  async "an erased customer's picture leaves S3 and this machine"(stage) {
    const s3 = await startS3();
    await restart(stage, onS3(s3));
    const conversation = await kateWithPicture(stage);
    equal(Boolean(objectOf(s3, hashOfKate)), true, "the object");
    await s3.age(120);  // a file of the last minute stays for the sweep
    await stage.api("DELETE", `/api/v1/conversations/${conversation.id}`, undefined, 204);
    equal(objectOf(s3, hashOfKate), undefined, "the object");
    equal(existsSync(join(stage.folder, "media", "copies", hashOfKate.slice(0, 2), hashOfKate)), false, "the copy");
    await s3.close();
  },

  async "a backup with files on S3 copies the databases, says so, and is restored beside the same bucket"(stage) {
    const s3 = await startS3();
    const folder = mkdtempSync(join(tmpdir(), "okno-backup-"));
    await restart(stage, onS3(s3));
    const conversation = await kateWithPicture(stage);
    const backup = join(folder, "backup");
    const said = okno(onS3(s3), "admin", "backup", backup, "--data-dir", stage.folder);
    equal(/^! Files lie in s3:\/\/okno\/files and are not in it: copy that bucket now/m.test(said), true, said);
    equal([existsSync(join(backup, "media")), said.includes(secret)], [false, false], "what is in it");
    const manifest = JSON.parse(readFileSync(join(backup, "manifest.json"), "utf8"));
    equal([manifest.media, manifest.missing], [false, []], "the manifest");
    const { target, said: told } = restored(stage, backup, onS3(s3));
    equal(/^! Files were not in the backup/m.test(told), true, told);
    stage.program.child.kill("SIGTERM");
    await stage.oknoEnded();
    stage.folder = target;
    await stage.restartOkno(onS3(s3));
    const { items } = await stage.api("GET", `/api/v1/conversations/${conversation.id}/messages`);
    equal(await (await download(stage, items[0].media[0].id)).text(), "Kate", "her picture");
    await s3.close();
    rmSync(folder, { recursive: true });
  },

  async "files in a folder elsewhere are in the backup, and are restored into the folder of the settings"(stage) {
    const folder = mkdtempSync(join(tmpdir(), "okno-backup-"));
    const first = { OKNO_MEDIA: join(folder, "shared") };
    await restart(stage, first);
    const conversation = await kateWithPicture(stage);
    const backup = join(folder, "backup");
    const said = okno(first, "admin", "backup", backup, "--data-dir", stage.folder);
    equal([said.includes("!"), existsSync(join(backup, "media", hashOfKate.slice(0, 2), hashOfKate))], [false, true], said);
    const second = { OKNO_MEDIA: join(folder, "other") };
    const { target, said: told } = restored(stage, backup, second);
    equal([told.includes("!"), existsSync(join(target, "media"))], [false, false], told);
    stage.program.child.kill("SIGTERM");
    await stage.oknoEnded();
    stage.folder = target;
    await stage.restartOkno(second);
    const { items } = await stage.api("GET", `/api/v1/conversations/${conversation.id}/messages`);
    equal(await (await download(stage, items[0].media[0].id)).text(), "Kate", "her picture");
    rmSync(folder, { recursive: true });
  },
});
