// A stage with a session of a gateway in place of a number of WhatsApp.
import { createServer } from "node:net";
import { Stage, until } from "./stage.mjs";

export const session = "sales";
export const number = "79001112233";
export const maria = "79004445566";
const key = "the-gateway-key";

// A port that is free now: the address has to be known before the server starts, since the gateway is told it.
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export class GatewayStage extends Stage {
  async startOkno(listen, environment = {}, openFiles = undefined) {
    this.port ??= await freePort();
    await super.startOkno(`127.0.0.1:${this.port}`, { OKNO_PUBLIC_URL: `http://127.0.0.1:${this.port}`, ...environment }, openFiles);
  }

  async connect() {
    await this.gateway("POST", "/world", {
      api_key: key,
      sessions: [{ name: session, number }],
      people: [{ number: maria, name: "Maria" }, { number: "79160000000", name: "Oleg", lid: "445566" }],
    });
    this.channel = await this.connectChannel({});
    this.secrets.add(key).add(this.channel.verify_token);
  }

  async connectChannel(settings, status) {
    return await this.api("POST", "/api/v1/channels", {
      messenger: "gateway", name: "Old number",
      settings: { base_url: this.simulator, session, phone: "+7 900 111-22-33", watch_seconds: "1", ...settings },
      credentials: { api_key: key },
    }, status);
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

  async gateway(method, path, body) {
    return await this.sim(method, `/gateway${path}`, body);
  }

  // Somebody does something; answers what the gateway made of it.
  async does(wish, person = maria) {
    return await this.gateway("POST", `/people/${person}/messages`, wish);
  }

  async seenBy(person = maria) {
    return (await this.gateway("GET", `/people/${person}/messages`)).messages;
  }

  async conversation(name = "Maria") {
    return await until(`the conversation with ${name}`, async () =>
      (await this.api("GET", "/api/v1/conversations?view=all")).items.find((one) => one.contact.name === name));
  }

  // What Okno shows of it, oldest first, once `wanted` holds of it.
  async messages(what, wanted, name) {
    const { id } = await this.conversation(name);
    return await until(what, async () => {
      const items = (await this.api("GET", `/api/v1/conversations/${id}/messages`)).items.reverse();
      return wanted(items) && items;
    });
  }

  async answer(message, status = 201, name = undefined) {
    const { id } = await this.conversation(name);
    return await this.api("POST", `/api/v1/conversations/${id}/messages`, { client_id: crypto.randomUUID(), ...message }, status);
  }

  async becomes(message, status) {
    const items = await this.messages(`${message.text} to become ${status}`,
      (all) => all.some((one) => one.id === message.id && one.status === status));
    return items.find((one) => one.id === message.id);
  }

  async channelBecomes(state) {
    return await until(`the channel to be ${state}`, async () => {
      const channel = await this.api("GET", `/api/v1/channels/${this.channel.id}`);
      return channel.state === state && channel;
    });
  }
}
