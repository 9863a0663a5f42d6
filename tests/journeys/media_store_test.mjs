// Files on S3: what came and what leaves lies there, and this machine keeps copies only.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
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
    stop,
    close: async () => {
      await stop();
      rmSync(folder, { recursive: true });
    },
    objects: async () => (await (await fetch(`${url}/requests`)).json()).filter((one) => one.method === "PUT" && one.status === 200),
  };
}

async function restart(stage, s3) {
  stage.program.child.kill("SIGTERM");
  await stage.oknoEnded();
  await stage.restartOkno({
    OKNO_MEDIA: `s3://okno/files?endpoint=${s3.url}&region=eu-central-1`,
    OKNO_S3_ACCESS_KEY: "okno-test",
    OKNO_S3_SECRET_KEY: secret,
  });
}

// As on a node that never had the files.
const forgetCopies = (stage) => rmSync(join(stage.folder, "media", "copies"), { recursive: true });

const upload = (stage, bytes) => fetch(`${stage.okno}/api/v1/uploads?name=price.pdf`,
  { method: "POST", headers: { authorization: `Bearer ${stage.token}` }, body: bytes });

const download = (stage, id, headers = {}) => fetch(`${stage.okno}/api/v1/media/${id}`,
  { headers: { authorization: `Bearer ${stage.token}`, ...headers } });

const pdf = `%PDF-1.4\n${"0123456789".repeat(5000)}`;

await play({
  async "a customer's file is an object of S3, and a node that has no copy gives out a piece of it"(stage) {
    const s3 = await startS3();
    await restart(stage, s3);
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
    await restart(stage, s3);
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
});
