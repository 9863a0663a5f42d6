// A stage with a community of VK in place of a number of WhatsApp.
import { createServer } from "node:net";
import { Stage, until } from "./stage.mjs";

export const group = 190000001;
export const anna = 100200;
const token = "vk1.a.token-of-the-community";

// A port that is free now: the address has to be known before the server starts, since VK is told it.
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export class VkStage extends Stage {
  hasAddress = true; // that VK could call

  async startOkno(listen, environment = {}, openFiles = undefined) {
    this.port ??= await freePort();
    const address = this.hasAddress ? { OKNO_PUBLIC_URL: `http://127.0.0.1:${this.port}` } : {};
    await super.startOkno(`127.0.0.1:${this.port}`, { ...address, ...environment }, openFiles);
  }

  async connect() {
    await this.vk("POST", "/world", {
      groups: [{ id: group, name: "Yasno", screen_name: "yasno", access_token: token }],
      people: [{ id: anna, first_name: "Anna", last_name: "Li" }],
    });
    this.channel = await this.api("POST", "/api/v1/channels", {
      messenger: "vk", name: "Community", settings: { group_id: String(group), base_url: this.simulator },
      credentials: { access_token: token },
    });
    this.secrets.add(token).add(this.channel.verify_token);
  }

  async vk(method, path, body) {
    return await this.sim(method, `/vk${path}`, body);
  }

  // Anna does something; answers what VK made of it.
  async does(wish) {
    return await this.vk("POST", `/people/${anna}/messages`, wish);
  }

  async seenByAnna() {
    return (await this.vk("GET", `/people/${anna}/messages`)).messages;
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
    return await this.api("POST", `/api/v1/conversations/${id}/messages`, { client_id: crypto.randomUUID(), ...message }, status);
  }

  async becomes(message, status) {
    const items = await this.messages(`${message.text} to become ${status}`,
      (all) => all.some((one) => one.id === message.id && one.status === status));
    return items.find((one) => one.id === message.id);
  }
}

// A stage that VK cannot call.
export class VkStageWithoutAddress extends VkStage {
  hasAddress = false;
}
