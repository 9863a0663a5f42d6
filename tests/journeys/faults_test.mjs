// When the ground gives way: a full disk, a server that is asked to stop, logs that must not tell what customers wrote.
import { createHmac } from "node:crypto";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { equal, play, until } from "./stage.mjs";

const kate = "79161234567";
const sign = (body) => `sha256=${createHmac("sha256", "s3cret").update(body).digest("hex")}`;

function webhook(id, text) {
  return JSON.stringify({ object: "whatsapp_business_account", entry: [{ id: "200", changes: [{ field: "messages", value: {
    messaging_product: "whatsapp", metadata: { display_phone_number: "74950000001", phone_number_id: "100" },
    contacts: [{ profile: { name: "Kate" }, wa_id: kate }],
    messages: [{ from: kate, id, timestamp: String(Math.floor(Date.now() / 1000)), type: "text", text: { body: text } }] } }] }] });
}

async function hook(stage, body) {
  return await fetch(stage.channel.webhook_url, { method: "POST", headers: { "x-hub-signature-256": sign(body) }, body });
}

async function texts(stage) {
  const conversation = await stage.conversationWith("Kate");
  const { items } = await stage.api("GET", `/api/v1/conversations/${conversation.id}/messages?limit=200`);
  return items.map((item) => item.text).reverse();
}

// Moves the server's data onto a disk of its own that can be filled.
async function onSmallDisk(stage) {
  const disk = mkdtempSync(join(tmpdir(), "okno-disk-"));
  if (process.getuid() !== 0 || spawnSync("mount", ["-t", "tmpfs", "-o", "size=24m", "none", disk]).status !== 0) {
    rmSync(disk, { recursive: true });
    console.log("skipped: only root can mount a small disk");
    return null;
  }
  stage.program.child.kill("SIGTERM");
  await stage.oknoEnded();
  const home = stage.folder;
  stage.folder = join(disk, "data");
  spawnSync("cp", ["-a", home, stage.folder]);
  return {
    fill: () => {
      const left = statfsSync(disk);
      writeFileSync(join(disk, "full"), Buffer.alloc(left.bavail * left.bsize));
    },
    free: () => rmSync(join(disk, "full")),
    async remove() {
      stage.program.child.kill("SIGTERM");
      await stage.oknoEnded();
      spawnSync("umount", [disk]);
      rmSync(disk, { recursive: true });
      stage.folder = home;
    },
  };
}

await play({
  async "on a full disk everything is answered 503 and nothing acknowledged is lost; with room it goes on by itself"(stage) {
    const disk = await onSmallDisk(stage);
    if (!disk) return;
    await stage.restartOkno();
    equal((await hook(stage, webhook("wamid.0", "before"))).status, 200, "with room");
    const conversation = await stage.conversationWith("Kate");
    disk.fill();
    const taken = ["before"];
    const refused = [];
    await until("the first refusal of a webhook", async () => {
      const name = `n${taken.length + refused.length}`;
      const reply = await hook(stage, webhook(`wamid.${name}`, name + "x".repeat(20_000)));
      if (reply.status === 200) taken.push(name);
      else refused.push([name, reply.status, reply.headers.get("retry-after")]);
      return refused.length;
    });
    equal(refused.map(([, ...rest]) => rest), [[503, "5"]], "the refusal");
    const post = (path, body) => fetch(stage.okno + path,
      { method: "POST", headers: { authorization: `Bearer ${stage.token}` }, body: JSON.stringify(body) });
    await until("the first refusal of a message", async () => {
      const reply = await post(`/api/v1/conversations/${conversation.id}/notes`, { client_id: crypto.randomUUID(), text: "y".repeat(60_000) });
      if (reply.status === 201) return false;
      const problem = await reply.json();
      equal([reply.status, problem.code, reply.headers.get("retry-after")], [503, "unavailable", "5"], problem.detail);
      return true;
    });
    equal((await fetch(`${stage.okno}/healthz`)).status, 200, "the process lives");
    const upload = await fetch(`${stage.okno}/api/v1/uploads`,
      { method: "POST", headers: { authorization: `Bearer ${stage.token}` }, body: Buffer.alloc(3 << 20, 1) });
    equal([upload.status, (await upload.json()).code], [503, "unavailable"], "an upload");
    disk.free();
    await until("readiness", async () => (await fetch(`${stage.okno}/readyz`)).status === 200);
    equal((await hook(stage, webhook(`wamid.${refused[0][0]}`, refused[0][0]))).status, 200, "the provider's repetition");
    taken.push(refused[0][0]);
    const shown = await until("all of them", async () => {
      const all = (await texts(stage)).filter((text) => !text.startsWith("y")).map((text) => text.replace(/x+$/, ""));
      return all.length >= taken.length && all;
    });
    equal(shown, taken, "what was acknowledged, once each and in order");
    equal((await stage.api("GET", `/api/v1/channels/${stage.channel.id}/set-aside`)).items, [], "set aside");
    await disk.remove();
  },

  async "a server without room for its files does not start, and says so"(stage) {
    const disk = await onSmallDisk(stage);
    if (!disk) return;
    disk.fill();
    const done = spawnSync(process.env.OKNO, ["serve", "--data-dir", join(stage.folder, "..", "fresh"), "--listen", "127.0.0.1:0"],
      { encoding: "utf8", timeout: 20_000 });
    equal([done.status, /disk must have room|cannot be made or written|No space left/.test(done.stderr)], [1, true], done.stderr);
    disk.free();
    await stage.restartOkno();
    equal((await fetch(`${stage.okno}/readyz`)).status, 200, "with room");
    await disk.remove();
  },

  async "asked to stop, the server finishes the request in hand and takes no more"(stage) {
    const { hostname, port } = new URL(stage.okno);
    const body = JSON.stringify({ client_id: crypto.randomUUID(), text: "written at the last moment" });
    await stage.write(kate, "hello");
    const conversation = await stage.conversationWith("Kate");
    const socket = connect(Number(port), hostname);
    let answer = "";
    socket.on("data", (piece) => (answer += piece));
    socket.write(`POST /api/v1/conversations/${conversation.id}/notes HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer ${stage.token}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nExpect: 100-continue\r\n\r\n`);
    await until("the request to be in hand", () => answer.includes("100 Continue"));
    stage.program.child.kill("SIGTERM");
    await until("the door to be shut", async () => {
      try { return (await fetch(`${stage.okno}/healthz`), false); } catch { return true; }
    });
    socket.write(body);
    await until("its answer", () => answer.includes("201 Created"));
    await stage.oknoEnded();
    equal(stage.program.child.exitCode, 0, "exit code");
    await stage.restartOkno();
    equal((await texts(stage)).includes("written at the last moment"), true, "stored");
  },

  async "the log tells neither what customers wrote nor any token, at its most talkative and in both forms"(stage) {
    for (const format of ["text", "json"]) {
      stage.program.child.kill("SIGTERM");
      await stage.oknoEnded();
      const child = spawn(process.env.OKNO, ["serve", "--data-dir", stage.folder, "--listen", new URL(stage.okno).host,
        "--log-level", "debug", "--log-format", format], { stdio: ["ignore", "pipe", "pipe"] });
      stage.program = { child };
      let log = "";
      child.stderr.on("data", (piece) => (log += piece));
      child.stdout.resume();
      await until("the server", async () => { try { return (await fetch(`${stage.okno}/healthz`)).ok; } catch { return false; } });
      await stage.write(kate, `zanzibar ${format}`);
      const conversation = await stage.conversationWith("Kate");
      await until("it", async () => (await texts(stage)).includes(`zanzibar ${format}`));
      await stage.api("POST", `/api/v1/conversations/${conversation.id}/messages`, { client_id: crypto.randomUUID(), type: "text", text: "quetzal" });
      await stage.api("GET", "/api/v1/search?q=zanzibar");
      await hook(stage, "{ zanzibar");
      await hook(stage, webhook("wamid.L", "zanzibar by hand"));
      const signIn = await fetch(`${stage.okno}/api/v1/session`, { method: "POST", body: JSON.stringify({ email: "maria@okno.test", password: "correct horse battery" }) });
      const cookie = signIn.headers.get("set-cookie").split(";")[0].split("=")[1];
      await fetch(`${stage.okno}/api/v1/session`, { method: "POST", body: JSON.stringify({ email: "maria@okno.test", password: "wrong battery" }) });
      child.kill("SIGTERM");
      await new Promise((resolve) => child.on("close", resolve));
      equal(log.includes("/api/v1/conversations"), true, `the log tells of requests: ${log.slice(0, 300)}`);
      const lines = log.trim().split("\n");
      if (format === "json") for (const line of lines) equal(typeof JSON.parse(line).event, "string", line);
      for (const secret of ["zanzibar", "quetzal", "Kate", kate, stage.token, "token-1", "s3cret", cookie, "battery", stage.channel.verify_token,
        stage.channel.webhook_url.split("/").pop()])
        equal(lines.filter((line) => line.includes(secret)), [], `${secret} in the log`);
    }
    await stage.restartOkno();
  },
});
