// A stage with a session of a gateway in place of a number of WhatsApp.
import { ChannelStage } from "./channel_stage.mjs";

export const session = "sales";
export const number = "79001112233";
export const maria = "79004445566";
const key = "the-gateway-key";

export class GatewayStage extends ChannelStage {
  contact = "Maria";

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
}
