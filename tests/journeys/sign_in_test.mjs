// Who may come in: the first owner, cookies, limits on tries, behind a proxy and without one.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocket } from "ws";
import { equal, play, until } from "./stage.mjs";

const password = "correct horse battery";

async function post(url, body, headers = {}) {
  const reply = await fetch(url, { method: "POST", body: JSON.stringify(body), headers });
  return { status: reply.status, cookie: reply.headers.get("set-cookie") ?? "", body: await reply.json() };
}

const signIn = (stage, body, headers) => post(`${stage.okno}/api/v1/session`, { email: "maria@okno.test", password, ...body }, headers);

async function restart(stage, environment) {
  stage.program.child.kill("SIGTERM");
  await stage.oknoEnded();
  await stage.restartOkno(environment);
}

// An Okno that nobody has seen yet, with what it logs.
async function fresh(environment = {}) {
  const folder = mkdtempSync(join(tmpdir(), "okno-first-"));
  const child = spawn(process.env.OKNO, ["serve", "--data-dir", folder, "--listen", "127.0.0.1:0"],
    { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...environment } });
  const server = { log: "", text: "" };
  child.stdout.on("data", (piece) => (server.text += piece));
  child.stderr.on("data", (piece) => (server.log += piece));
  server.url = await until("its address", () => /listening on (http:\S+)/.exec(server.text)?.[1]);
  server.stop = async () => {
    child.kill("SIGTERM");
    await new Promise((resolve) => child.on("close", resolve));
    rmSync(folder, { recursive: true });
  };
  return server;
}

const owner = { workspace: "Yasno", email: " Maria@Okno.Test ", name: "Maria", password };

await play({
  async "the first visit from this machine makes the owner, once; through a proxy it takes the code of the log"() {
    const server = await fresh();
    const setup = `${server.url}/api/v1/setup`;
    equal(await (await fetch(setup)).json(), { needed: true }, "before");
    equal((await post(setup, owner, { "x-forwarded-for": "9.9.9.9" })).body.code, "wrong_code", "through a proxy");
    equal((await post(setup, { ...owner, code: "guess" })).body.code, "wrong_code", "a guessed code");
    for (const [field, value] of [["email", "maria"], ["password", "short"], ["password", "x".repeat(257)], ["workspace", ""], ["name", ""]])
      equal((await post(setup, { ...owner, [field]: value })).body.field, field, `${field} ${value.slice(0, 9)}`);
    const made = await post(setup, owner);
    equal([made.status, made.body.user.email, made.body.role], [201, "maria@okno.test", "owner"], "made");
    equal((await post(setup, { ...owner, email: "eve@okno.test" })).body.code, "already_set_up", "again");
    equal(await (await fetch(setup)).json(), { needed: false }, "after");
    await server.stop();

    const published = await fresh({ OKNO_PUBLIC_URL: "https://okno.example" });
    equal((await post(`${published.url}/api/v1/setup`, owner)).body.code, "wrong_code", "a public address needs the code");
    const code = /code=(\S+)/.exec(published.log)[1];
    equal((await post(`${published.url}/api/v1/setup`, { ...owner, code }, { "x-forwarded-for": "9.9.9.9" })).status, 201, "with the code");
    await published.stop();
  },

  async "the session's cookie is out of reach of scripts and other sites, and Secure where there is encryption"(stage) {
    const here = (await signIn(stage)).cookie;
    equal(/^okno_session=[\w-]{40,}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/.test(here), true, here);
    equal((await signIn(stage, {}, { "x-forwarded-for": "9.9.9.9" })).cookie.endsWith("; Secure"), true, "through a proxy");
    await restart(stage, { OKNO_PUBLIC_URL: "https://okno.example" });
    equal((await signIn(stage)).cookie.endsWith("; Secure"), true, "https");
    await restart(stage, { OKNO_PUBLIC_URL: "http://okno.lan" });
    equal((await signIn(stage)).cookie.endsWith("; Secure"), false, "http, as the settings say");
  },

  async "signing out ends the session at once: its token, and the live feed of its pages"(stage) {
    const { cookie, body } = await signIn(stage, { email: "MARIA@okno.test " });
    const headers = { cookie: cookie.split(";")[0] };
    const socket = new WebSocket(`${stage.okno.replace("http", "ws")}/api/v1/events`, { headers });
    const closed = new Promise((resolve) => socket.on("close", resolve));
    await new Promise((resolve) => socket.on("message", resolve));
    const out = await fetch(`${stage.okno}/api/v1/session`, { method: "DELETE", headers: { ...headers, "x-csrf-token": body.csrf_token } });
    equal([out.status, /okno_session=; .*Max-Age=0/.test(out.headers.get("set-cookie"))], [204, true], "sign-out");
    equal(await closed, 4401, "the feed");
    equal((await fetch(`${stage.okno}/api/v1/me`, { headers })).status, 401, "the token");
  },

  async "tries to sign in are limited by the client's address, which only a trusted proxy may tell"(stage) {
    const guess = async (from, i) => (await signIn(stage, { email: `user${from}${i}@okno.test` }, { "x-forwarded-for": from })).status;
    // All at once, so that a slow machine does not earn new tries meanwhile.
    const refused = async (from) => (await Promise.all(Array.from({ length: 30 }, (_, i) => guess(from(i), i))))
      .filter((status) => status === 429).length;
    equal(await refused((i) => `9.9.9.${i}`) > 0, true, "a stranger who writes the header");
    await restart(stage, { OKNO_TRUSTED_PROXIES: "127.0.0.1" });
    equal(await refused((i) => `1.1.1.${i}, 9.9.9.9`) > 0, true, "one client behind the proxy, whatever it writes itself");
    equal(await guess("8.8.8.8", 0), 401, "another client");
  },
});
