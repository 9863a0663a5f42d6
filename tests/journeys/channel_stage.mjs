// A stage for a messenger other than WhatsApp: a server that its provider can call, and one channel of it.
import { createServer } from "node:net";
import { equal, Stage, until } from "./stage.mjs";

// A port that is free now: the address has to be known before the server starts, since providers are told it.
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export class ChannelStage extends Stage {
  hasAddress = true; // that a provider could call
  contact = undefined; // whose conversation is meant when none is named; undefined: the newest

  async startOkno(listen, environment = {}, openFiles = undefined) {
    this.port ??= await freePort();
    const address = this.hasAddress ? { OKNO_PUBLIC_URL: `http://127.0.0.1:${this.port}` } : {};
    await super.startOkno(`127.0.0.1:${this.port}`, { ...address, ...environment }, openFiles);
  }

  // In the stage's own channel where it has one.
  async conversation(name = this.contact) {
    return await until(`the conversation with ${name ?? "anybody"}`, async () =>
      (await this.api("GET", "/api/v1/conversations?view=all")).items.find((one) =>
        (!this.channel || one.channel_id === this.channel.id) && (!name || one.contact.name === name)));
  }

  // What Okno shows of it, oldest first, once `wanted` holds of it.
  async messages(what, wanted, name) {
    const { id } = await this.conversation(name);
    return await until(what, async () => {
      const items = (await this.api("GET", `/api/v1/conversations/${id}/messages`)).items.reverse();
      return wanted(items) && items;
    });
  }

  // `message`: a text or the body of the API. `status`: what the server is to answer.
  async answer(message, status = 201, name = undefined) {
    const { id } = await this.conversation(name);
    const body = typeof message === "string" ? { type: "text", text: message } : message;
    return await this.api("POST", `/api/v1/conversations/${id}/messages`, { client_id: crypto.randomUUID(), ...body }, status);
  }

  // The message once it has this status.
  async becomes(message, status, name) {
    const items = await this.messages(`${message.text} to become ${status}`,
      (all) => all.some((one) => one.id === message.id && one.status === status), name);
    return items.find((one) => one.id === message.id);
  }

  // Wants a message that has left to be changed. `text`: the new one of an edit; without one it is deleted.
  async change(message, text, status = 200) {
    const body = text === undefined ? { kind: "remove" } : { kind: "edit", text };
    return await this.api("PUT", `/api/v1/messages/${message.id}/change`, body, status);
  }

  // The message once what was wanted of it is done or has failed.
  async changed(message, name) {
    const of = (all) => all.find((one) => one.id === message.id);
    const isOver = (all) => of(all)?.change === null || of(all)?.change?.error;
    return of(await this.messages("the change to be over", isOver, name));
  }

  // The id of an uploaded file.
  async upload(name, type, body) {
    const reply = await fetch(`${this.okno}/api/v1/uploads?name=${encodeURIComponent(name)}`,
      { method: "POST", headers: { authorization: `Bearer ${this.token}`, "content-type": type }, body });
    equal(reply.ok, true, `whether ${name} was taken (${reply.status})`);
    return (await reply.json()).id;
  }

  // What the provider was asked for, as its simulator noted it.
  async providerCalls(wanted = () => true) {
    return (await this.sim("GET", "/log?limit=10000&kind=api")).entries.filter(wanted);
  }

  async stored() {
    return await this.api("GET", `/api/v1/channels/${this.channel.id}`);
  }

  async check() {
    return await this.api("POST", `/api/v1/channels/${this.channel.id}/check`);
  }

  async channelBecomes(state) {
    return await until(`the channel to be ${state}`, async () => {
      const channel = await this.stored();
      return channel.state === state && channel;
    });
  }
}
