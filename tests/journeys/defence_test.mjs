// What a browser, a file or an address may be turned into: headers, uploads, calls into private networks, guessing.
// Origins and forged requests: routes_test.mjs and foreign_test.mjs; cookies: sign_in_test.mjs.
import { createServer } from "node:http";
import { equal, password, play } from "./stage.mjs";

async function restart(stage, environment) {
  stage.program.child.kill("SIGTERM");
  await stage.oknoEnded();
  await stage.restartOkno(environment);
}

const get = (stage, path, headers = {}) => fetch(stage.okno + path, { redirect: "manual", headers });

async function upload(stage, name, bytes, type) {
  const reply = await fetch(`${stage.okno}/api/v1/uploads?name=${encodeURIComponent(name)}`, { method: "POST", body: bytes,
    headers: { authorization: `Bearer ${stage.token}`, ...(type ? { "content-type": type } : {}) } });
  equal(reply.status, 201, name);
  return await reply.json();
}

const linkOf = async (stage, file) =>
  (await get(stage, `/api/v1/media/${file.id}`, { authorization: `Bearer ${stage.token}` })).headers.get("location");

await play({
  async "every answer says what it is and who may use it; pages say what may run in them"(stage) {
    const conversation = (await stage.write("79161234567", "hello"), await stage.conversationWith("Kate"));
    for (const path of ["/", "/settings", "/healthz", "/readyz", "/metrics", "/nowhere.js", "/api/v1/me", "/api/v1/nowhere", "/hooks/nobody",
      "/files/x", "/api/v1/conversations", `/api/v1/conversations/${conversation.id}`]) {
      const { headers } = await get(stage, path, { authorization: `Bearer ${stage.token}` });
      equal(headers.get("x-content-type-options"), "nosniff", `nosniff of ${path}`);
      equal(headers.get("cross-origin-resource-policy"), "same-origin", `resource policy of ${path}`);
      equal(headers.get("access-control-allow-origin"), null, `no other site reads ${path}`);
      equal([headers.get("server"), headers.get("x-powered-by")], [null, null], `${path} names no software`);
      if (path.startsWith("/api/")) equal(headers.get("cache-control"), "no-store", `${path} is kept nowhere`);
      if (/text\/html/.test(headers.get("content-type"))) {
        const policy = headers.get("content-security-policy");
        for (const part of ["default-src 'none'", "script-src 'self'", "base-uri 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"])
          equal(policy.includes(part), true, `${path}: ${policy}`);
        equal(/unsafe-(inline|eval)/.test(policy), false, policy);
        equal([headers.get("referrer-policy"), headers.get("cross-origin-opener-policy")], ["same-origin", "same-origin"], path);
      }
    }
    const preflight = await fetch(`${stage.okno}/api/v1/me`, { method: "OPTIONS", headers: { origin: "https://elsewhere.test", "access-control-request-method": "GET" } });
    equal([preflight.status, preflight.headers.get("access-control-allow-origin")], [405, null], "a preflight of another site");
    equal((await get(stage, "/metrics", { "x-forwarded-for": "9.9.9.9" })).status, 403, "metrics through a proxy");
    equal((await fetch(stage.okno, { method: "PROPFIND" })).status, 405, "another method");
  },

  async "a server with an encrypted address tells browsers to come no other way"(stage) {
    equal((await get(stage, "/api/v1/setup")).headers.get("strict-transport-security"), null, "without encryption");
    await restart(stage, { OKNO_PUBLIC_URL: "https://okno.example" });
    for (const path of ["/", "/api/v1/setup"])
      equal((await get(stage, path)).headers.get("strict-transport-security"), "max-age=31536000", path);
  },

  async "a file is what its bytes are, and none is run as a page, whatever it is called"(stage) {
    const page = "<!DOCTYPE html><html><body><script>alert(1)</script></body></html>";
    const picture = '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
    for (const [name, bytes, type] of [["page.html", page, "text/html"], ["photo.png", page, "image/png"], ["photo.svg", picture, "image/svg+xml"],
      ["photo.jpg", picture, "image/jpeg"], ["page.xhtml", `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>`, "application/xhtml+xml"],
      ["run.js", "alert(1)", "text/javascript"], ["x.pdf", `%PDF-1.4\n${page}`, "text/html"]]) {
      const file = await upload(stage, name, bytes, type);
      const reply = await get(stage, await linkOf(stage, file));
      const shown = reply.headers.get("content-type");
      equal(["application/octet-stream", "text/plain", "application/pdf"].includes(shown.split(";")[0]), true, `${name} is shown as ${shown}`);
      equal(reply.headers.get("x-content-type-options"), "nosniff", name);
      equal(reply.headers.get("content-disposition").startsWith("attachment"), true, name);
      equal(reply.headers.get("content-security-policy"), "sandbox; default-src 'none'", name);
      equal(reply.headers.get("set-cookie"), null, name);
    }
    const png = Buffer.from("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000a49444154789c6300010000000500010d0a2db40000000049454e44ae426082", "hex");
    equal((await upload(stage, "evil.html", png, "text/html")).mime, "image/png", "bytes of a picture");
  },

  async "the name of a file neither leads out of its folder nor into the head of an answer"(stage) {
    for (const name of ["../../etc/passwd", "..\\..\\x", "a\r\nSet-Cookie: x=1", 'a"; filename="b', "a/b/c", "x".repeat(5_000), "\u202Egnp.exe"]) {
      const file = await upload(stage, name, `bytes of ${name}`);
      equal(/[/\\"\u0000-\u001f]/.test(file.name), false, file.name);
      const reply = await get(stage, await linkOf(stage, file));
      equal([reply.status, reply.headers.get("set-cookie")], [200, null], name);
      equal(/^attachment; filename\*=UTF-8''[\w.%-]*$/.test(reply.headers.get("content-disposition")), true, reply.headers.get("content-disposition"));
    }
    for (const path of ["/../okno.db", "/%2e%2e/okno.db", "/assets/../../okno.db", "/..%2fokno.db", "/files/../../okno.db"]) {
      const reply = await get(stage, path);
      equal((await reply.text()).includes("SQLite format"), false, path);
    }
  },

  async "the address of a file is signed: a changed one leads nowhere"(stage) {
    const file = await upload(stage, "a.txt", "first");
    const other = await upload(stage, "b.txt", "second");
    const link = await linkOf(stage, file);
    equal((await get(stage, link)).status, 200, "as it was given");
    const [workspace, media, ends, signature] = link.slice("/files/".length).split(".");
    for (const changed of [[workspace, other.id, ends, signature], [crypto.randomUUID(), media, ends, signature],
      [workspace, media, String(Number(ends) + 1), signature], [workspace, media, ends, signature.replace(/./g, "0")], [workspace, media, ends]])
      equal((await get(stage, `/files/${changed.join(".")}`)).status, 404, changed.join("."));
    await restart(stage);
    equal((await get(stage, link)).status, 200, "after a restart, as on another node: the key is derived from secret.key");
  },

  async "an address that an admin gives leads into no private network, named, numbered or redirected"(stage) {
    const asked = [];
    const inside = createServer((request, reply) => {
      asked.push(request.url);
      reply.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
    await new Promise((resolve) => inside.listen(0, "127.0.0.1", resolve));
    const { port } = inside.address();
    await restart(stage, { OKNO_OUTBOUND_ALLOW_PRIVATE: "false" });
    const hosts = ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433", "0x7f.1", "127.1", "[::]", "169.254.169.254"];
    for (const host of hosts) {
      const connect = await fetch(`${stage.okno}/api/v1/channels`, { method: "POST", headers: { authorization: `Bearer ${stage.token}` },
        body: JSON.stringify({ messenger: "whatsapp", name: "Inside", settings: { phone_number_id: "5", waba_id: "6", base_url: `http://${host}:${port}` },
          credentials: { access_token: "a", app_secret: "b" } }) });
      const text = await connect.text();
      if (connect.status === 201) {
        const channel = JSON.parse(text);
        const check = await fetch(`${stage.okno}/api/v1/channels/${channel.id}/check`, { method: "POST", headers: { authorization: `Bearer ${stage.token}` } });
        equal((await check.json()).state === "connected", false, `${host}: the check`);
        await stage.api("DELETE", `/api/v1/channels/${channel.id}`, undefined, 204);
      }
    }
    equal(asked, [], "nothing came to the inside");
    inside.close();
  },

  async "guessing a password is slow for one account from anywhere, and for one address whatever the account"(stage) {
    await restart(stage, { OKNO_TRUSTED_PROXIES: "127.0.0.1" });
    const guess = async (email, from) => {
      const reply = await fetch(`${stage.okno}/api/v1/session`, { method: "POST", headers: { "x-forwarded-for": from },
        body: JSON.stringify({ email, password: "a wrong password" }) });
      return reply;
    };
    // All at once, so that a slow machine does not earn new tries meanwhile.
    const account = await Promise.all(Array.from({ length: 25 }, (_, i) => guess("maria@okno.test", `9.9.9.${i}`)));
    const refused = account.filter((reply) => reply.status === 429);
    equal(refused.length >= 14, true, `one account from 25 addresses: ${account.map((reply) => reply.status)}`);
    equal(refused.every((reply) => reply.headers.get("retry-after") === "30"), true, "when to come back");
    const right = await fetch(`${stage.okno}/api/v1/session`, { method: "POST", headers: { "x-forwarded-for": "8.8.8.8" },
      body: JSON.stringify({ email: "MARIA@okno.test ", password }) });
    equal(right.status, 429, "another spelling is the same account, and the right password too");
    equal((await guess("anna@okno.test", "8.8.8.8")).status, 401, "another account");
  },

  async "an unknown account is answered as a wrong password is"(stage) {
    const guess = async (email) => {
      const reply = await fetch(`${stage.okno}/api/v1/session`, { method: "POST", body: JSON.stringify({ email, password: "a wrong password" }) });
      return [reply.status, await reply.text()];
    };
    equal(await guess("nobody@okno.test"), await guess("maria@okno.test"), "the answers");
  },
});
