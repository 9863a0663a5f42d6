// A stage with a bot of Viber in place of a number of WhatsApp.
import { ChannelStage } from "./channel_stage.mjs";
import { until } from "./stage.mjs";

export const bot = "yasno";
const token = "4453b6ac1s345678-e02c5f12174805f9-daec9cbb5448c51r";

export class ViberStage extends ChannelStage {
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

  // Calls of this method that Viber was asked for.
  async calls(method) {
    return await this.providerCalls((one) => one.method === method);
  }
}
