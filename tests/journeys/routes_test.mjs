// Every route of api/openapi.yaml: strangers, other methods, and bodies of every kind of wrongness.
import { connect } from "node:net";
import { WebSocket } from "ws";
import { checkAnswer, checkProblem, document, isBodyGood } from "./contract.mjs";
import { equal, play } from "./stage.mjs";

const verbs = ["get", "post", "patch", "delete", "put"];
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  verbs.filter((verb) => item[verb]).map((verb) => ({ path, verb, operation: item[verb], isOpen: item[verb].security?.length === 0 })));
const ours = operations.filter((one) => one.path.startsWith("/api/"));

const exampleOf = (operation) => {
  const content = operation.requestBody?.content?.["application/json"];
  return content && structuredClone(content.example ?? Object.values(content.examples)[0].value);
};

// Asks as it stands and holds the answer against the description; waits out the limit on requests.
async function ask(stage, verb, path, { token, body, raw, headers = {} } = {}) {
  for (;;) {
    const reply = await fetch(stage.okno + path, {
      method: verb.toUpperCase(),
      redirect: "manual",
      headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers },
      body: raw ?? (body === undefined ? undefined : JSON.stringify(body)),
    });
    const text = await reply.text();
    if (reply.status === 429 && token) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      continue;
    }
    if (verb !== "head") checkAnswer(verb.toUpperCase(), path.split("?")[0], reply.status, text, reply.headers);
    return { status: reply.status, headers: reply.headers, text, body: text.startsWith("{") ? JSON.parse(text) : null };
  }
}

// The path with ids of these objects.
const filled = (path, ids) => path.replace("{n}", "1").replace("{id}",
  (path.includes("/channels/") ? ids.channel : path.includes("/conversations/") ? ids.conversation
    : path.includes("/media/") ? ids.media : ids.message)?.id ?? "");

await play({
  async "no route answers a stranger, and another method is refused with those that are taken"(stage) {
    const nobody = { channel: stage.channel, conversation: stage.channel, media: stage.channel, message: stage.channel };
    for (const { path, verb, operation, isOpen } of ours) {
      const address = filled(path, nobody);
      if (!isOpen) {
        const { status, body } = await ask(stage, verb, address, { body: exampleOf(operation) });
        equal([status, body.code], [401, "not_signed_in"], `${verb} ${path}`);
        const wrong = await ask(stage, verb, address, { token: "no such token", body: exampleOf(operation) });
        equal(wrong.status, 401, `${verb} ${path} with a wrong token`);
      }
      for (const other of verbs.filter((one) => !document.paths[path][one])) {
        const refused = await ask(stage, other, address, { token: stage.token });
        equal(refused.status, 405, `${other} ${path}`);
        equal(refused.headers.get("allow").toLowerCase().split(", ").filter((one) => one !== "head").sort(),
          verbs.filter((one) => document.paths[path][one]).sort(), `Allow of ${path}`);
      }
    }
    equal((await ask(stage, "get", "/api/v1/nowhere", { token: stage.token })).status, 404, "no such address");
    equal((await ask(stage, "head", "/api/v1/me", { token: stage.token })).text, "", "HEAD has no body");
  },

  async "a body that the description does not allow is refused with a problem document, never with a fault"(stage) {
    await stage.write("79161234567", "hello");
    const conversation = await stage.conversationWith("Kate");
    const ids = { channel: stage.channel, conversation, message: conversation.last_message };
    const values = [5, 1e300, -1, true, [], {}, ["x"], { a: {} }, null, "", "x".repeat(70_000), "\u0000", "\ud800"];
    for (const { path, verb, operation, isOpen } of ours) {
      const example = exampleOf(operation);
      if (!example) continue;
      const tell = async (request, mustFail, what) => {
        const { status, headers, text } = await ask(stage, verb, filled(path, ids), { token: isOpen ? undefined : stage.token, ...request });
        const isGood = mustFail ? status >= 400 && status < 500 : status < 500 || status === 502;
        if (!isGood) throw new Error(`${verb} ${path} with ${what}: ${status} ${text}`);
        if (status >= 400) checkProblem(`${verb} ${path} with ${what}`, status, headers, text);
      };
      for (const raw of ["{", "null", "[]", "7", '"x"', "{} {}", "[".repeat(100_000), '{"a":'.repeat(100) + "1" + "}".repeat(100),
        Buffer.from('{"name":"\xff\xfe"}', "latin1"), '{"name":"\\ud800', "\u0000"]) await tell({ raw }, true, String(raw).slice(0, 30));
      await tell({ raw: '{"a":1,"a":2,"b":1e999,"c":"\\ud800\\u0000"}' }, !isBodyGood(path, verb, { a: 2, b: 0, c: "" }), "odd members");
      for (const field of Object.keys(example))
        for (const value of values) {
          const body = { ...example, [field]: value };
          // Null is as good as absent.
          const seen = value === null ? Object.fromEntries(Object.entries(body).filter(([key]) => key !== field)) : body;
          await tell({ body }, !isBodyGood(path, verb, seen), `${field} = ${JSON.stringify(value).slice(0, 30)}`);
        }
    }
  },

  async "addresses and queries that are no text, and limits and cursors that are none of ours, are refused"(stage) {
    const wrong = async (path, status, field) => {
      const reply = await ask(stage, "get", path, { token: stage.token });
      equal([reply.status, reply.body.field], [status, field], path);
    };
    for (const path of ["/api/v1/search?q=%ff%fe", "/api/v1/search?q=a%00b", "/api/v1/conversations/%ff", "/api/v1/search?q=%ed%a0%80",
      "/api/v1/search?q=%zz", "/api/v1/%"]) await wrong(path, 400, undefined);
    for (const list of ["conversations", `channels/${stage.channel.id}/set-aside`])
      for (const [query, field] of [["limit=0", "limit"], ["limit=201", "limit"], ["limit=x", "limit"], ["limit=99999999999999999999", "limit"],
        ["limit=1.5", "limit"], ["cursor=x", "cursor"], ["cursor=12x.00000000-0000-7000-8000-000000000000", "cursor"]])
        await wrong(`/api/v1/${list}?${query}`, 422, field);
    await wrong("/api/v1/search?q=", 422, "q");
    await wrong("/api/v1/search?q=a&cursor=x", 422, "cursor");
    equal((await ask(stage, "get", "/api/v1/search?q=%D0%BA%D0%BB%D1%8E%D1%87+%22x%22", { token: stage.token })).status, 200, "good text");
  },

  async "the server's own refusals are problem documents too"(stage) {
    const post = (path, length, head = "") => new Promise((resolve, reject) => {
      const { hostname, port } = new URL(stage.okno);
      const socket = connect(Number(port), hostname);
      let text = "";
      socket.on("data", (piece) => (text += piece));
      socket.on("end", () => resolve(text));
      socket.on("error", reject);
      socket.write(`POST ${path} HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer ${stage.token}\r\n${head}Content-Length: ${length}\r\n\r\n`);
    });
    for (const [text, status, code] of [
      [await post("/api/v1/channels", 2 << 20), 413, "too_large"],
      [await post("/api/v1/uploads", 101 << 20), 413, "too_large"],
      [await post("/api/v1/channels", 2, `X-Long: ${"x".repeat(20_000)}\r\n`), 431, "head_too_large"],
      [await post("/api/v1/channels", "two"), 400, "bad_request"],
    ]) {
      equal(text.split("\r\n")[0].split(" ")[1], String(status), text.slice(0, 200));
      equal(/content-type: application\/problem\+json/i.test(text), true, text);
      equal(JSON.parse(text.slice(text.indexOf("\r\n\r\n"))).code, code, "code");
    }
  },

  async "a stranger's file is refused before its bytes are taken"(stage) {
    const { hostname, port } = new URL(stage.okno);
    const answer = await new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname);
      socket.once("data", (piece) => { resolve(String(piece)); socket.destroy(); });
      socket.on("error", reject);
      socket.write("POST /api/v1/uploads HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 50000000\r\n\r\n");
    });
    equal(answer.startsWith("HTTP/1.1 401"), true, answer.slice(0, 60));
  },

  async "the live feed is refused with the reason: no number, no session, another site's page, no WebSocket"(stage) {
    const refusal = (query, headers) => new Promise((resolve) => {
      const socket = new WebSocket(`${stage.okno.replace("http", "ws")}/api/v1/events${query}`, { headers });
      socket.on("unexpected-response", (_, reply) => { resolve(reply.statusCode); socket.terminate(); });
      socket.on("open", () => { resolve(101); socket.terminate(); });
      socket.on("error", () => {});
    });
    const authorization = `Bearer ${stage.token}`;
    for (const after of ["x", "-1", "1x", "99999999999999999999"]) equal(await refusal(`?after=${after}`, { authorization }), 422, after);
    equal(await refusal("", {}), 401, "no session");
    equal(await refusal("", { authorization, origin: "https://elsewhere.test" }), 403, "another site's page");
    equal(await refusal("", { authorization, origin: stage.okno }), 101, "this site's page");
    const plain = await ask(stage, "get", "/api/v1/events", { token: stage.token });
    equal([plain.status, plain.headers.get("upgrade")], [426, "websocket"], "a plain request");
  },

  async "a page of another site can neither sign its visitor in nor take an empty server"(stage) {
    for (const path of ["/api/v1/session", "/api/v1/setup"])
      equal((await ask(stage, "post", path, { body: {}, headers: { origin: "https://elsewhere.test" } })).body.code, "forbidden", path);
  },

  async "a creating request that is repeated under its Idempotency-Key is done once"(stage) {
    const body = { messenger: "whatsapp", name: "Second", settings: { phone_number_id: "101", waba_id: "200", base_url: stage.simulator },
      credentials: { access_token: "token-1", app_secret: "s3cret" } };
    const create = (key, what = body) => ask(stage, "post", "/api/v1/channels", { token: stage.token, body: what, headers: { "idempotency-key": key } });
    const first = await create("k1");
    const second = await create("k1");
    equal([first.status, second.status, second.text], [201, 201, first.text], "the same answer");
    equal(second.headers.get("idempotency-replayed"), "true", "said to be repeated");
    equal((await create("k1", { ...body, name: "Third" })).body.code, "idempotency_key_reused", "another body");
    equal((await create("k2")).body.code, "channel_taken", "another key is another request");
    const upload = () => ask(stage, "post", "/api/v1/uploads?name=a.txt", { token: stage.token, raw: "bytes", headers: { "idempotency-key": "k3" } });
    const uploads = [await upload(), await upload()];
    equal(uploads[0].body.id, uploads[1].body.id, "one upload");
    const anna = stage.admin("token", "create", "--email", "anna@okno.test", "--name", "t").trim();
    const hers = await ask(stage, "post", "/api/v1/uploads?name=a.txt", { token: anna, raw: "bytes", headers: { "idempotency-key": "k3" } });
    equal(hers.body.id === uploads[0].body.id, false, "a key belongs to its user");
    const both = await Promise.all([create("k4", { ...body, settings: { ...body.settings, phone_number_id: "102" } }),
      create("k4", { ...body, settings: { ...body.settings, phone_number_id: "102" } })]);
    equal(both.filter((one) => one.status === 201).length >= 1, true, "one of two at once");
    equal(both.every((one) => one.status === 201 || one.body.code === "in_progress"), true, "the other waits its turn");
  },
});
