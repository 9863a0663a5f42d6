// A browser without a page open is told when a channel breaks. The push service of the browser's maker stands here: it
// opens what only the browser can, and hands it to the browser's own service worker.
import { createDecipheriv, createECDH, createHmac, createPublicKey, randomBytes, verify } from "node:crypto";
import { createServer } from "node:http";
import { equal, play, until } from "./stage.mjs";
import { group, VkStage } from "./vk_stage.mjs";

const hmac = (key, ...parts) => createHmac("sha256", key).update(Buffer.concat(parts.map((part) => Buffer.from(part)))).digest();
const derive = (salt, from, info, size) => hmac(hmac(salt, from), info, [1]).subarray(0, size);

// RFC 8291 from the browser's side.
class BrowserKeys {
  constructor() {
    this.curve = createECDH("prime256v1");
    this.point = this.curve.generateKeys();
    this.auth = randomBytes(16);
  }

  open(body) {
    const salt = body.subarray(0, 16);
    const sender = body.subarray(21, 21 + body[20]);
    const sealed = body.subarray(21 + body[20], -16);
    const key = derive(this.auth, this.curve.computeSecret(sender), Buffer.concat([Buffer.from("WebPush: info\0"), this.point, sender]), 32);
    const cipher = createDecipheriv("aes-128-gcm", derive(salt, key, Buffer.from("Content-Encoding: aes128gcm\0"), 16),
      derive(salt, key, Buffer.from("Content-Encoding: nonce\0"), 12));
    cipher.setAuthTag(body.subarray(-16));
    const plain = Buffer.concat([cipher.update(sealed), cipher.final()]);
    equal(plain.at(-1), 2, "the mark behind the last record");
    return plain.subarray(0, -1).toString();
  }
}

// Refuses what a push service refuses: no TTL, another coding, a signature that is not of the key it was subscribed with.
class PushService {
  static async open() {
    const service = new PushService();
    service.keys = new BrowserKeys();
    service.came = [];
    service.told = []; // at the company's address, which is told in the same turn
    service.answers = []; // statuses in place of 201
    service.server = createServer((request, reply) => {
      const pieces = [];
      request.on("data", (piece) => pieces.push(piece));
      request.on("end", () => {
        if (request.url === "/alarms") {
          service.told.push(JSON.parse(Buffer.concat(pieces)).event);
          reply.writeHead(204).end();
          return;
        }
        const status = service.answers.shift() ?? service.judge(request);
        service.came.push({ status, topic: request.headers.topic, text: status === 201 ? service.keys.open(Buffer.concat(pieces)) : "" });
        reply.writeHead(status).end();
      });
    });
    await new Promise((resolve) => service.server.listen(0, "127.0.0.1", resolve));
    service.origin = `http://127.0.0.1:${service.server.address().port}`;
    return service;
  }

  close() {
    this.server.close();
  }

  judge({ headers }) {
    if (headers["content-encoding"] !== "aes128gcm" || !(Number(headers.ttl) > 0) || !/^[\w-]{1,32}$/.test(headers.topic)) return 400;
    const [, word, key] = /^vapid t=([\w.-]+), k=([\w-]+)$/.exec(headers.authorization ?? "") ?? [];
    if (!word || key !== this.subscribedWith) return 403;
    const [head, claims, signature] = word.split(".");
    const { aud, exp, sub } = JSON.parse(Buffer.from(claims, "base64url"));
    const point = Buffer.from(key, "base64url");
    const jwk = { kty: "EC", crv: "P-256", x: point.subarray(1, 33).toString("base64url"), y: point.subarray(33).toString("base64url") };
    const isSigned = verify("sha256", Buffer.from(`${head}.${claims}`), { key: createPublicKey({ key: jwk, format: "jwk" }), dsaEncoding: "ieee-p1363" },
      Buffer.from(signature, "base64url"));
    const now = Date.now() / 1000;
    return isSigned && aud === this.origin && exp > now && exp < now + 86_400 && /^(https|mailto):/.test(sub) ? 201 : 403;
  }
}

// A page whose browser subscribes at our service: its maker's cannot be reached from here.
async function pageWith(stage, service, options) {
  const page = await stage.page("maria", options);
  await page.context().grantPermissions(["notifications"]);
  await page.exposeFunction("subscribedWith", (key) => (service.subscribedWith = key));
  await page.addInitScript(({ origin, p256dh, auth }) => {
    const name = "test.subscription";
    const made = (key) => ({
      options: { applicationServerKey: key },
      toJSON: () => ({ endpoint: `${origin}/send/1`, keys: { p256dh, auth } }),
      unsubscribe: async () => (localStorage.removeItem(name), true),
    });
    PushManager.prototype.getSubscription = async () => {
      const key = localStorage.getItem(name);
      return key && made(Uint8Array.from(JSON.parse(key)).buffer);
    };
    PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
      const bytes = [...new Uint8Array(applicationServerKey.buffer ?? applicationServerKey)];
      localStorage.setItem(name, JSON.stringify(bytes));
      await globalThis.subscribedWith(btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", ""));
      return made(applicationServerKey.buffer ?? applicationServerKey);
    };
  }, { origin: service.origin, p256dh: service.keys.point.toString("base64url"), auth: service.keys.auth.toString("base64url") });
  await page.reload();
  return page;
}

async function turnOn(page) {
  await page.getByTestId("account").click();
  const said = page.waitForResponse((reply) => reply.url().endsWith("/push/subscriptions") && reply.status() === 200);
  await page.getByTestId("push").click();
  await said;
}

// What the browser shows after its service worker was handed the push.
async function shownAfter(stage, page, text) {
  const devtools = await page.context().newCDPSession(page);
  const registration = new Promise((resolve) => devtools.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) =>
    registrations[0] && resolve(registrations[0].registrationId)));
  await devtools.send("ServiceWorker.enable");
  await devtools.send("ServiceWorker.deliverPushMessage", { origin: stage.okno, registrationId: await registration, data: text });
  return await until("the notification", async () => {
    const shown = await page.evaluate(async () =>
      (await (await navigator.serviceWorker.ready).getNotifications()).map(({ title, body, tag }) => ({ title, body, tag })));
    return shown.length > 0 && shown;
  });
}

const breakIt = (stage) => stage.vk("PATCH", `/groups/${group}`, { tokens: [{ token: "vk1.a.another" }] });

const mendIt = (stage) => stage.vk("PATCH", `/groups/${group}`, { tokens: [{ token: "vk1.a.token-of-the-community" }] });

// The channel breaks and works again, and both were told of.
async function breakAndMend(stage, service) {
  const before = service.told.length;
  for (const [change, count] of [[breakIt, 1], [mendIt, 2]]) {
    await change(stage);
    await stage.check();
    await until("that the company is told", () => service.told.length === before + count);
  }
}

async function withService(stage, work) {
  const service = await PushService.open();
  try {
    await stage.killOkno();
    await stage.restartOkno({ OKNO_ALARM_URL: `${service.origin}/alarms` });
    await work(service);
  } finally {
    service.close();
  }
}

await play({
  async "an admin's browser is told that a channel broke, in its language, and only it can read that"(stage) {
    await withService(stage, async (service) => {
      const page = await pageWith(stage, service, { locale: "ru-RU" });
      await turnOn(page);
      await breakIt(stage);
      await stage.check();
      const push = await until("the push", () => service.came[0]);
      equal(push.status, 201, "what the push service says");
      const shown = await shownAfter(stage, page, push.text);
      equal(shown.length, 1, "notifications");
      equal(shown[0].title, "Канал «Community» не работает", "the title");
      equal(shown[0].body.endsWith((await stage.stored()).state_reason), true, `the provider's reason in: ${shown[0].body}`);
      equal(page.errors, [], "errors of the page");
    });
  },

  async "a push that the service did not take is tried again, a browser that is gone is forgotten"(stage) {
    await withService(stage, async (service) => {
      await turnOn(await pageWith(stage, service));
      service.answers = [503];
      await breakIt(stage);
      await stage.check();
      await until("the second try", () => service.came.length === 2);
      equal(service.came.map(({ status }) => status), [503, 201], "the tries");
      service.answers = [410];
      await mendIt(stage);
      await stage.check();
      await until("the push that it works again", () => service.came.length === 3);
      await breakAndMend(stage, service);
      equal(service.came.length, 3, "pushes to a browser that is gone");
      const { endpoint, keys } = { endpoint: `${service.origin}/send/2`, keys: { p256dh: service.keys.point.toString("base64url"), auth: service.keys.auth.toString("base64url") } };
      await stage.api("POST", "/api/v1/push/subscriptions", { endpoint, keys, language: "en" }, 403);
    });
  },

  async "who signs out, or turns it off, is told no more, and an operator is not offered it"(stage) {
    await withService(stage, async (service) => {
      const page = await pageWith(stage, service);
      await turnOn(page);
      const gone = page.waitForResponse((reply) => reply.request().method() === "DELETE" && reply.url().includes("/push/subscriptions/"));
      await page.getByTestId("push").click();
      equal((await gone).status(), 204, "turning it off");
      equal(await page.getByTestId("push").isChecked(), false, "the choice");
      const again = page.waitForResponse((reply) => reply.url().endsWith("/push/subscriptions"));
      await page.getByTestId("push").click();
      await again;
      await page.getByTestId("sign-out").click();
      await page.getByTestId("sign-in-email").waitFor();
      await breakAndMend(stage, service);
      const operator = await stage.page("anna");
      await operator.getByTestId("account").click();
      equal(await operator.getByTestId("push").count(), 0, "the choice of an operator");
      equal(service.came.length, 0, "pushes after signing out");
      equal([...page.errors, ...operator.errors], [], "errors of the pages");
    });
  },
}, VkStage);
