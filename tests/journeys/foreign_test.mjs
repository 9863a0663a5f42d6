// One workspace never sees another: every route of api/openapi.yaml is walked by the owner of a second workspace with
// the ids of the first, without a session, and by an operator. A route that is new has to be entered here.
import { createHmac } from "node:crypto";
import { WebSocket } from "ws";
import { checkAnswer, document } from "./contract.mjs";
import { equal, password, play, until } from "./stage.mjs";

const kate = "79161234567";
const verbs = ["get", "post", "patch", "delete", "put"];
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  verbs.filter((verb) => item[verb]).map((verb) => ({ name: `${verb} ${path}`, path, verb, operation: item[verb] })));

// What a caller of another workspace gets, and whether it takes an admin.
const foreign = { answer: 404 }; // names something of one workspace
const list = { answer: 200, isList: true }; // may be asked, and shows nothing of another's
const own = { answer: "own" }; // concerns the caller alone: nothing of another's can be named
const open = { answer: "open" }; // no session
const admin = { needsAdmin: true };
const walk = {
  "get /healthz": open,
  "get /readyz": open,
  "get /metrics": open,
  "get /hooks/{channel_key}": open,
  "post /hooks/{channel_key}": open,
  "get /api/v1/setup": open,
  "post /api/v1/setup": open,
  "post /api/v1/session": open,
  "delete /api/v1/session": own,
  "get /api/v1/me": list,
  "get /api/v1/push/key": { ...own, ...admin },
  "post /api/v1/push/subscriptions": { ...own, ...admin },
  "delete /api/v1/push/subscriptions/{id}": foreign,
  "get /api/v1/messengers": own,
  "get /api/v1/channels": list,
  "post /api/v1/channels": { ...own, ...admin },
  "get /api/v1/channels/{id}": foreign,
  "patch /api/v1/channels/{id}": { ...foreign, ...admin },
  "delete /api/v1/channels/{id}": { ...foreign, ...admin },
  "post /api/v1/channels/{id}/check": { ...foreign, ...admin },
  "get /api/v1/channels/{id}/figures": foreign,
  "get /api/v1/channels/{id}/templates": foreign,
  "get /api/v1/channels/{id}/pairing": { ...foreign, ...admin },
  "get /api/v1/channels/{id}/webhooks": { ...foreign, ...admin },
  "get /api/v1/channels/{id}/set-aside": { ...foreign, ...admin },
  "post /api/v1/channels/{id}/set-aside/{n}/replay": { ...foreign, ...admin },
  "get /api/v1/conversations": list,
  "post /api/v1/conversations": foreign, // by the channel that its body names
  "get /api/v1/conversations/{id}": foreign,
  "delete /api/v1/conversations/{id}": { ...foreign, ...admin },
  "get /api/v1/conversations/{id}/messages": foreign,
  "post /api/v1/conversations/{id}/messages": foreign,
  "post /api/v1/conversations/{id}/notes": foreign,
  "post /api/v1/conversations/{id}/read": foreign,
  "post /api/v1/conversations/{id}/typing": foreign,
  "post /api/v1/conversations/{id}/done": foreign,
  "delete /api/v1/conversations/{id}/done": foreign,
  "put /api/v1/conversations/{id}/draft": foreign,
  "post /api/v1/messages/{id}/retry": foreign,
  "post /api/v1/messages/{id}/settle": foreign,
  "delete /api/v1/messages/{id}": foreign,
  "put /api/v1/messages/{id}/change": foreign,
  "delete /api/v1/messages/{id}/change": foreign,
  "post /api/v1/uploads": own,
  "get /api/v1/media/{id}": foreign,
  "get /api/v1/search": { ...list, query: "?q=hippopotamus" },
  "get /api/v1/events": own, // its frames are looked at below
};

// Asks as it stands and holds the answer against the description.
async function ask(stage, verb, path, { headers = {}, body, raw } = {}) {
  const reply = await fetch(stage.okno + path, { method: verb.toUpperCase(), redirect: "manual", headers,
    body: raw ?? (body === undefined ? undefined : JSON.stringify(body)) });
  const text = await reply.text();
  checkAnswer(verb.toUpperCase(), path.split("?")[0], reply.status, text, reply.headers);
  return { status: reply.status, headers: reply.headers, text, body: text.startsWith("{") ? JSON.parse(text) : null };
}

const bearer = (token) => ({ headers: { authorization: `Bearer ${token}` } });

// A browser's session: its cookie and the token against forged requests.
async function session(stage, email) {
  const reply = await fetch(`${stage.okno}/api/v1/session`, { method: "POST", body: JSON.stringify({ email, password }) });
  equal(reply.status, 200, `sign-in of ${email}`);
  const cookie = reply.headers.get("set-cookie").split(";")[0];
  const { csrf_token } = await reply.json();
  stage.secrets.add(cookie.split("=")[1]).add(csrf_token);
  return { headers: { cookie, "x-csrf-token": csrf_token } };
}

// The first workspace has one of everything; the second has an owner and a channel.
async function twoWorkspaces(stage) {
  await stage.write(kate, "hippopotamus");
  const conversation = await stage.conversationWith("Kate");
  const { id: upload } = (await ask(stage, "post", "/api/v1/uploads?name=a.txt", { ...bearer(stage.token), raw: "their file" })).body;
  const broken = "{";
  const signature = `sha256=${createHmac("sha256", "s3cret").update(broken).digest("hex")}`;
  await fetch(stage.channel.webhook_url, { method: "POST", headers: { "x-hub-signature-256": signature }, body: broken });
  const aside = await until("what is set aside", async () =>
    (await stage.api("GET", `/api/v1/channels/${stage.channel.id}/set-aside`)).items[0]);
  await stage.api("PUT", `/api/v1/conversations/${conversation.id}/draft`, { text: "hippopotamus draft", note: "" });

  const subscribe = operations.find((one) => one.name === "post /api/v1/push/subscriptions");
  const { id: push } = (await ask(stage, "post", subscribe.path, { ...await session(stage, "maria@okno.test"), body: exampleFor(subscribe, {}) })).body;

  stage.admin("user", "create", "--workspace", "Other", "--email", "eve@other.test", "--name", "Eve", "--role", "owner", "--password-stdin");
  const token = stage.makeToken("eve@other.test");
  const channel = (await ask(stage, "post", "/api/v1/channels", { ...bearer(token), body: { messenger: "whatsapp", name: "Theirs",
    settings: { phone_number_id: "777", waba_id: "7", base_url: stage.simulator }, credentials: { access_token: "x-token-777", app_secret: "x-secret-777" } } })).body;
  stage.secrets.add("x-token-777").add("x-secret-777");
  return { ids: { channel: stage.channel.id, conversation: conversation.id, message: conversation.last_message.id, media: upload, push, n: aside.n },
    eve: { token, channel } };
}

function filled(path, ids) {
  const id = path.includes("/channels/") ? ids.channel : path.includes("/conversations/") ? ids.conversation
    : path.includes("/media/") ? ids.media : path.includes("/push/") ? ids.push : ids.message;
  return path.replace("{id}", id).replace("{n}", ids.n);
}

function exampleFor({ path, verb, operation }, ids) {
  const content = operation.requestBody?.content?.["application/json"];
  if (!content) return undefined;
  const body = structuredClone(content.example ?? Object.values(content.examples)[0].value);
  if (path === "/api/v1/conversations" && verb === "post") body.channel_id = ids.channel;
  return body;
}

// All that the first workspace shows to its own.
async function everythingOf(stage, ids) {
  const paths = ["/api/v1/channels", "/api/v1/conversations?view=all", `/api/v1/conversations/${ids.conversation}/messages`,
    `/api/v1/channels/${ids.channel}/set-aside`];
  return Promise.all(paths.map(async (path) => (await ask(stage, "get", path, bearer(stage.token))).text));
}

await play({
  async "every route of the description is walked"() {
    equal(Object.keys(walk).sort(), operations.map((one) => one.name).sort(), "routes");
  },

  async "no route shows or touches what is of another workspace, by token or by session"(stage) {
    const { ids, eve } = await twoWorkspaces(stage);
    const before = await everythingOf(stage, ids);
    const calls = (await stage.sim("GET", "/log?kind=api")).entries.length;
    for (const who of [bearer(eve.token), await session(stage, "eve@other.test")])
      for (const one of operations) {
        const { answer, isList, query = "" } = walk[one.name];
        if (typeof answer !== "number") continue;
        const { status, text } = await ask(stage, one.verb, filled(one.path, ids) + query, { ...who, body: exampleFor(one, ids) });
        equal(status, answer, `${one.name}: ${text}`);
        if (isList) equal([ids.channel, ids.conversation, ids.message, "hippopotamus"].filter((word) => text.includes(word)), [], one.name);
      }
    equal(await everythingOf(stage, ids), before, "the first workspace is as it was");
    equal((await stage.sim("GET", "/log?kind=api")).entries.length, calls, "nothing was asked of the provider");
  },

  async "an id of another workspace inside an address or a body of one's own is no thing either"(stage) {
    const { ids, eve } = await twoWorkspaces(stage);
    const refused = async (verb, path, expected, body) => {
      const { status, text } = await ask(stage, verb, path, { ...bearer(eve.token), body });
      equal(status, expected, `${verb} ${path}: ${text}`);
    };
    await refused("post", `/api/v1/channels/${eve.channel.id}/set-aside/${ids.n}/replay`, 404);
    const filter = await ask(stage, "get", `/api/v1/conversations?view=all&channel_id=${ids.channel}`, bearer(eve.token));
    equal(filter.body.items, [], "their channel as a filter");
    const [place, other] = JSON.parse((await everythingOf(stage, ids))[2]).items.map((item) => [Date.parse(item.created_at), item.id])[0];
    const page = await ask(stage, "get", `/api/v1/conversations?view=all&cursor=${place + 1000}.${other}`, bearer(eve.token));
    equal(page.body.items, [], "their message as a cursor");

    const webhook = JSON.stringify({ object: "whatsapp_business_account", entry: [{ id: "7", changes: [{ field: "messages", value: {
      messaging_product: "whatsapp", metadata: { phone_number_id: "777" }, contacts: [{ profile: { name: "Zed" }, wa_id: "79990000000" }],
      messages: [{ from: "79990000000", id: "wamid.Z", timestamp: String(Math.floor(Date.now() / 1000)), type: "text", text: { body: "zebra" } }] } }] }] });
    const signature = `sha256=${createHmac("sha256", "x-secret-777").update(webhook).digest("hex")}`;
    equal((await fetch(eve.channel.webhook_url, { method: "POST", headers: { "x-hub-signature-256": signature }, body: webhook })).status, 200, "webhook");
    const mine = await until("a conversation of one's own", async () =>
      (await ask(stage, "get", "/api/v1/conversations?view=all", bearer(eve.token))).body.items[0]);
    const send = (body) => refused("post", `/api/v1/conversations/${mine.id}/messages`, 422,
      { client_id: crypto.randomUUID(), type: "text", text: "x", ...body });
    await send({ type: "document", upload_id: ids.media });
    await send({ type: "reaction", reaction: { message_id: ids.message, emoji: "👍" } });
    await send({ reply_to: ids.message });
  },

  async "without a session every route but the open ones answers 401 and does nothing"(stage) {
    const { ids } = await twoWorkspaces(stage);
    const before = await everythingOf(stage, ids);
    const strangers = [{}, bearer("no such token"), { headers: { cookie: "okno_session=no-such-session" } },
      { headers: { authorization: `Basic ${Buffer.from(`maria@okno.test:${password}`).toString("base64")}` } }];
    for (const who of strangers)
      for (const one of operations) {
        if (walk[one.name].answer === "open") continue;
        const { status, text } = await ask(stage, one.verb, filled(one.path, ids), { ...who, body: exampleFor(one, ids) });
        equal(status, 401, `${one.name}: ${text}`);
      }
    equal(await everythingOf(stage, ids), before, "everything is as it was");
  },

  async "an operator changes no channel and sees no secret of one"(stage) {
    const { ids } = await twoWorkspaces(stage);
    const anna = bearer(stage.makeToken("anna@okno.test"));
    for (const one of operations) {
      if (!walk[one.name].needsAdmin) continue;
      const { status, body, text } = await ask(stage, one.verb, filled(one.path, ids), { ...anna, body: exampleFor(one, ids) });
      equal([status, body?.code], [403, "forbidden"], `${one.name}: ${text}`);
    }
    const { body } = await ask(stage, "get", `/api/v1/channels/${ids.channel}`, anna);
    equal([body.name, body.verify_token], ["Support", undefined], "what an operator sees of a channel");
    const admin = await ask(stage, "get", `/api/v1/channels/${ids.channel}`, bearer(stage.token));
    for (const secret of ["token-1", "s3cret"]) equal(admin.text.includes(secret), false, "credentials are shown to nobody");
  },

  async "a session changes nothing without its own token against forged requests"(stage) {
    const { ids } = await twoWorkspaces(stage);
    const [maria, eve] = [await session(stage, "maria@okno.test"), await session(stage, "eve@other.test")];
    const before = await everythingOf(stage, ids);
    for (const one of operations) {
      if (one.verb === "get" || walk[one.name].answer === "open") continue;
      for (const token of [undefined, "", "x", eve.headers["x-csrf-token"]]) {
        const headers = { cookie: maria.headers.cookie, ...(token === undefined ? {} : { "x-csrf-token": token }) };
        const { status, body, text } = await ask(stage, one.verb, filled(one.path, ids), { headers, body: exampleFor(one, ids) });
        equal([status, body?.code], [403, "csrf_failed"], `${one.name}: ${text}`);
      }
    }
    equal(await everythingOf(stage, ids), before, "everything is as it was");
  },

  async "the live feed of a workspace carries nothing of another, from now on and from the beginning"(stage) {
    const { ids, eve } = await twoWorkspaces(stage);
    const feeds = ["", "?after=0"].map((query) => {
      const one = { frames: [], socket: new WebSocket(`${stage.okno.replace("http", "ws")}/api/v1/events${query}`, bearer(eve.token)) };
      one.socket.on("message", (data) => one.frames.push(String(data)));
      return one;
    });
    for (const { frames } of feeds) await until("hello", () => frames.length > 0);
    await stage.write(kate, "hippopotamus again");
    await until("it in its own workspace", async () =>
      (await ask(stage, "get", "/api/v1/conversations?view=all", bearer(stage.token))).body.items[0].last_message.text === "hippopotamus again");
    await stage.api("POST", `/api/v1/conversations/${ids.conversation}/messages`, { client_id: crypto.randomUUID(), type: "text", text: "hippopotamus back" });
    await stage.api("PATCH", `/api/v1/channels/${ids.channel}`, { name: "Hippopotamus" });
    // A change of their own, after which all before it has been sent.
    equal((await ask(stage, "patch", `/api/v1/channels/${eve.channel.id}`, { ...bearer(eve.token), body: { name: "Last" } })).status, 200, "rename");
    for (const { frames, socket } of feeds) {
      await until("their own change", () => frames.some((frame) => frame.includes('"Last"')));
      socket.close();
      for (const frame of frames)
        equal([ids.channel, ids.conversation, ids.message, "ippopotamus", kate].filter((word) => frame.includes(word)), [], frame);
    }
  },
});
