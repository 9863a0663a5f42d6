// A stage with a bot of MAX in place of a number of WhatsApp.
import { ChannelStage } from "./channel_stage.mjs";

export const bot = 12345;
export const maria = 54321;
const token = "f9LHodD0cOL-token-of-the-bot";

export class MaxStage extends ChannelStage {
  settings = {};

  async connect() {
    await this.max("POST", "/world", {
      bots: [{ id: bot, name: "Yasno", username: "id7700000000_bot", token, takes_http: true }],
      people: [{ id: maria, first_name: "Maria", last_name: "K", phone: "79161234567" }],
    });
    this.channel = await this.api("POST", "/api/v1/channels", {
      messenger: "max", name: "Bot", credentials: { access_token: token },
      settings: { bot: "max.ru/id7700000000_bot", base_url: `${this.simulator}/max`, ...this.settings },
    });
    this.secrets.add(token).add(this.channel.verify_token);
  }

  async max(method, path, body) {
    return await this.sim(method, `/max${path}`, body);
  }

  // Maria does something; answers what MAX made of it.
  async does(wish) {
    return await this.max("POST", `/people/${maria}/messages`, wish);
  }

  async seenByMaria() {
    return (await this.max("GET", `/people/${maria}/messages`)).messages;
  }

  // Maria has pressed Start and said something.
  async begin() {
    await this.does({ type: "start" });
    const said = await this.does({ text: "Hello" });
    await this.messages("the message", (all) => all.some((one) => one.text === "Hello"));
    return said;
  }

  async calls(edge) {
    return await this.providerCalls((one) => one.edge === edge);
  }
}

// A stage that MAX cannot call.
export class MaxStageWithoutAddress extends MaxStage {
  hasAddress = false;
}
