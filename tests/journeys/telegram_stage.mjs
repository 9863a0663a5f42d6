// A stage with a bot of Telegram in place of a number of WhatsApp.
import { createServer } from "node:net";
import { Stage, until } from "./stage.mjs";

export const bot = 555000111;
export const maria = 900100200300;
export const ivan = 900100200301;
export const olga = 900100200399; // whose own account the bot may answer
export const token = `${bot}:AAbbccddeeffgghhiijjkkllmmnnooppqqr`;

// A port that is free now: the address has to be known before the server starts, since Telegram is told it.
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export class TelegramStage extends Stage {
  hasAddress = true; // that Telegram could call

  async startOkno(listen, environment = {}, openFiles = undefined) {
    this.port ??= await freePort();
    const address = this.hasAddress ? { OKNO_PUBLIC_URL: `http://127.0.0.1:${this.port}` } : {};
    await super.startOkno(`127.0.0.1:${this.port}`, { ...address, ...environment }, openFiles);
  }

  async connect() {
    await this.sim("POST", "/world", {
      settings: { telegram_http_webhooks: 1 },
      telegram: {
        bots: [{ token, username: "jasno_bot", name: "Jasno" }],
        people: [
          { id: maria, first_name: "Maria", last_name: "K", username: "maria_k", phone: "79161234567" },
          { id: ivan, first_name: "Ivan", phone: "79160000000" },
          { id: olga, first_name: "Olga" },
        ],
      },
    });
    this.channel = await this.api("POST", "/api/v1/channels", {
      messenger: "telegram", name: "Bot", settings: { base_url: this.simulator }, credentials: { bot_token: token },
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

  async telegram(method, path, body) {
    return await this.sim(method, `/telegram${path}`, body);
  }

  // A method of the Bot API, as another program with the same token would call it.
  async asAnotherProgram(method, parameters = {}) {
    const reply = await fetch(`${this.simulator}/bot${token}/${method}`,
      { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(parameters) });
    return (await reply.json()).result;
  }

  // A person does something in the chat with the bot; answers what Telegram made of it.
  async does(wish, person = maria) {
    return await this.telegram("POST", `/people/${person}/messages`, wish);
  }

  async view(person = maria) {
    return await this.telegram("GET", `/people/${person}/messages?bot=${bot}`);
  }

  async seen(wanted, person = maria) {
    return await until("it on the person's screen", async () => (await this.view(person)).messages.find(wanted));
  }

  // How often the bot called a method.
  async calls(method) {
    const { entries } = await this.sim("GET", "/log?limit=10000&kind=api");
    return entries.filter((one) => one.api_method === method);
  }

  async conversation(name = "Maria K") {
    return await until(`the conversation with ${name}`, async () =>
      (await this.api("GET", "/api/v1/conversations?view=all")).items.find((one) => one.contact.name === name));
  }

  // What Okno shows of it, oldest first, once `wanted` holds of it.
  async messages(what, wanted, name = "Maria K") {
    const { id } = await this.conversation(name);
    return await until(what, async () => {
      const items = (await this.api("GET", `/api/v1/conversations/${id}/messages`)).items.reverse();
      return wanted(items) && items;
    });
  }

  async answer(message, name = "Maria K") {
    const { id } = await this.conversation(name);
    return await this.api("POST", `/api/v1/conversations/${id}/messages`, { client_id: crypto.randomUUID(), ...message }, 201);
  }

  async becomes(message, status, name = "Maria K") {
    const items = await this.messages(`${message.text} to become ${status}`,
      (all) => all.some((one) => one.id === message.id && one.status === status), name);
    return items.find((one) => one.id === message.id);
  }

  async upload(name, type, body) {
    const reply = await fetch(`${this.okno}/api/v1/uploads?name=${encodeURIComponent(name)}`,
      { method: "POST", headers: { authorization: `Bearer ${this.token}`, "content-type": type }, body });
    if (!reply.ok) throw new Error(await reply.text());
    return (await reply.json()).id;
  }

  async check() {
    return await this.api("POST", `/api/v1/channels/${this.channel.id}/check`);
  }

  async stored() {
    return await this.api("GET", `/api/v1/channels/${this.channel.id}`);
  }
}

// A stage that Telegram cannot call.
export class TelegramStageWithoutAddress extends TelegramStage {
  hasAddress = false;
}
