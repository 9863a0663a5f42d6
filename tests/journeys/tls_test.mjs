// HTTPS without a proxy: the page in a browser, a renewed certificate, and what is refused at the start.
import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { equal, play, until, waitLimit } from "./stage.mjs";

const password = "correct horse battery";

// A folder with okno.crt and okno.key for 127.0.0.1, signed by itself.
function certificates() {
  const folder = mkdtempSync(join(tmpdir(), "okno-tls-"));
  const make = (name, serial) => {
    const done = spawnSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
      "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-set_serial", String(serial),
      "-keyout", join(folder, `${name}.key`), "-out", join(folder, `${name}.crt`)], { encoding: "utf8" });
    equal(done.status, 0, done.stderr);
  };
  const environment = (key = "okno.key") => ({ OKNO_TLS_CERTIFICATE: join(folder, "okno.crt"), OKNO_TLS_KEY: join(folder, key) });
  make("okno", 100);
  return { folder, make, environment, remove: () => rmSync(folder, { recursive: true }) };
}

async function start(stage, environment) {
  stage.program.child.kill("SIGTERM");
  await stage.oknoEnded();
  const child = spawn(process.env.OKNO, ["serve", "--data-dir", stage.folder, "--listen", "127.0.0.1:0"],
    { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...environment } });
  const server = { child, log: "", text: "" };
  child.stdout.on("data", (piece) => (server.text += piece));
  child.stderr.on("data", (piece) => (server.log += piece));
  stage.program = { child }; // the stage ends it
  server.url = await until("its address", () => /listening on (https:\S+)/.exec(server.text)?.[1]);
  return server;
}

// The serial number of the certificate that a new connection is shown.
async function serial(url) {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false });
  await new Promise((resolve, reject) => socket.once("secureConnect", resolve).once("error", reject));
  const { serialNumber } = socket.getPeerCertificate();
  socket.end();
  return parseInt(serialNumber, 16);
}

await play({
  async "an operator signs in over HTTPS, the page lives on the feed, and the cookie stays on encrypted ways"(stage) {
    const files = certificates();
    const server = await start(stage, files.environment());
    const context = await (await stage.browserFor()).newContext({ ignoreHTTPSErrors: true, locale: "en-GB" });
    const page = await context.newPage();
    page.setDefaultTimeout(waitLimit);
    let socket;
    page.on("websocket", (opened) => (socket ??= opened));
    const answer = await page.goto(server.url);
    equal(answer.headers()["strict-transport-security"], "max-age=31536000", "the header");
    await page.getByTestId("sign-in-email").fill("maria@okno.test");
    await page.getByTestId("sign-in-password").fill(password);
    await page.getByTestId("sign-in-submit").click();
    await page.getByTestId("sign-in-submit").waitFor({ state: "detached" });
    await until("the live feed", () => socket);
    equal(socket.url().startsWith("wss://"), true, socket.url());
    const cookie = (await context.cookies()).find((one) => one.name === "okno_session");
    equal([cookie.secure, cookie.httpOnly], [true, true], "the cookie");
    await context.close();
    files.remove();
  },

  async "SIGHUP shows new visitors the renewed certificate, those who are here stay, and a wrong key changes nothing"(stage) {
    const files = certificates();
    const server = await start(stage, files.environment());
    equal(await serial(server.url), 100, "the first");
    const { hostname, port } = new URL(server.url);
    const open = connect({ host: hostname, port: Number(port), rejectUnauthorized: false });
    let answers = "";
    open.on("data", (piece) => (answers += piece));
    files.make("okno", 101);
    server.child.kill("SIGHUP");
    await until("the renewed one", async () => (await serial(server.url)) === 101);
    equal(/the certificate is read.*serial=65/.test(server.log), true, server.log);
    files.make("other", 102);
    copyFileSync(join(files.folder, "other.key"), join(files.folder, "okno.key"));
    server.child.kill("SIGHUP");
    await until("the refusal", () => /the certificate stays as it was.*does not belong to the certificate/.test(server.log));
    equal(await serial(server.url), 101, "as before");
    open.write("GET /healthz HTTP/1.1\r\nHost: t\r\n\r\n");
    await until("an answer on the old connection", () => answers.startsWith("HTTP/1.1 200"));
    open.end();
    files.remove();
  },

  async "a certificate that cannot be used ends the start with a sentence, plain HTTP is told where to go"(stage) {
    const files = certificates();
    files.make("other", 7);
    const refused = (environment) => {
      const done = spawnSync(process.env.OKNO, ["serve", "--data-dir", join(files.folder, "data"), "--listen", "127.0.0.1:0"],
        { encoding: "utf8", timeout: 20_000, env: { ...process.env, ...environment } });
      return [done.status, done.stderr.trim().split("\n").at(-1)];
    };
    const [wrongKey, sentence] = refused(files.environment("other.key"));
    equal([wrongKey, /^okno: The key .*other.key does not belong to the certificate .*okno.crt\.$/.test(sentence)], [1, true], sentence);
    const [missing, which] = refused(files.environment("none.key"));
    equal([missing, /^okno: The key .*none.key cannot be read \(No such file or directory\)\.$/.test(which)], [1, true], which);
    const [alone, both] = refused({ OKNO_TLS_CERTIFICATE: join(files.folder, "okno.crt") });
    equal([alone, /tls_key: a certificate and its key are given together/.test(both)], [2, true], both);
    const server = await start(stage, files.environment());
    const plain = await fetch(server.url.replace("https:", "http:"));
    equal([plain.status, /use an address with https/.test(await plain.text())], [400, true], "plain HTTP");
    files.remove();
  },
});
