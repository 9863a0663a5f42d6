// A stage with a bot of Viber in place of a number of WhatsApp.
import { createServer } from "node:net";
import { Stage, until } from "./stage.mjs";

export const bot = "yasno";
const token = "4453b6ac1s345678-e02c5f12174805f9-daec9cbb5448c51r";

// A port that is free now: the address has to be known before the server starts, since Viber is told it.
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export class ViberStage extends Stage {
  async startOkno(listen, environment = {}, openFiles = undefined) {
    this.port ??= await freePort();
    await super.startOkno(`127.0.0.1:${this.port}`, { OKNO_PUBLIC_URL: `http://127.0.0.1:${this.port}`, ...environment }, openFiles);
  }

  async connect() {
    await this.viber("POST", "/world", {
      bots: [{ uri: bot, name: "Yasno", token }],
      people: [{ id: "01234567890A=", key: "maria", name: "Maria", phone: "79161234567" }],
    });
    this.channel = await this.api("POST", "/api/v1/channels", {
      messenger: "viber", name: "Bot", credentials: { auth_token: token },
      settings: { uri: bot, base_url: this.simulator, stickers_url: `${this.simulator}/viber-stickers/`,
        welcome_text: "Hello! Press the button to begin.", welcome_button: "Begin" },
    });
    this.secrets.add(token).add(this.channel.verify_token);
  }

  // The description of the API names the settings of WhatsApp alone, so answers are not held against it here.
  async api(method, path, body, status) {
    const reply = await fetch(this.okno + path, {
      method,
      headers: { authorization: `Bearer ${this.token}`, ...(body ? { "content-type": "application/json" } : {}) },
      body: body ? JSON.stringify(body) : undefined,
    });
    const text = await reply.text();
    if (status ? reply.status !== status : !reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  async viber(method, path, body) {
    return await this.sim(method, `/viber${path}`, body);
  }

  // Maria does something.
  async does(wish) {
    return await this.viber("POST", "/people/maria/messages", typeof wish === "string" ? { type: "text", text: wish } : wish);
  }

  async person(change) {
    await this.viber("PATCH", "/people/maria", change);
  }

  async phone() {
    return await this.viber("GET", "/people/maria/messages");
  }

  // What she sees once there is one of this kind.
  async shown(what, wanted) {
    return await until(`${what} on the phone`, async () => (await this.phone()).messages.find(wanted));
  }

  async conversation() {
    return await until("the conversation", async () => (await this.api("GET", "/api/v1/conversations?view=all")).items[0]);
  }

  // What Okno shows of it, oldest first, once `wanted` holds of it.
  async messages(what, wanted) {
    const { id } = await this.conversation();
    return await until(what, async () => {
      const items = (await this.api("GET", `/api/v1/conversations/${id}/messages`)).items;
      return wanted(items) && items;
    });
  }

  async answer(message, status = 201) {
    const { id } = await this.conversation();
    const wanted = typeof message === "string" ? { type: "text", text: message } : message;
    return await this.api("POST", `/api/v1/conversations/${id}/messages`, { client_id: crypto.randomUUID(), ...wanted }, status);
  }

  async becomes(message, status) {
    const items = await this.messages(`${message.text} to become ${status}`,
      (all) => all.some((one) => one.id === message.id && one.status === status));
    return items.find((one) => one.id === message.id);
  }

  // Calls of this method that Viber was asked for.
  async calls(method) {
    return (await this.sim("GET", "/log?limit=10000&kind=api")).entries.filter((one) => one.method === method);
  }

  async upload(name, type, body) {
    const reply = await fetch(`${this.okno}/api/v1/uploads?name=${encodeURIComponent(name)}`,
      { method: "POST", headers: { authorization: `Bearer ${this.token}`, "content-type": type }, body });
    if (!reply.ok) throw new Error(await reply.text());
    return (await reply.json()).id;
  }
}
