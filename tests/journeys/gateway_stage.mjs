// Stages with an account behind a gateway in place of a number of WhatsApp: WAHA's, and below the other shapes'. Each says
// what its shape does differently.
import { ChannelStage } from "./channel_stage.mjs";
import { until } from "./stage.mjs";

export const number = "79001112233";
export const maria = "79004445566";

export class GatewayStage extends ChannelStage {
  contact = "Maria";
  key = "the-gateway-key";
  session = "sales";
  shape = ""; // as the setting: none is WAHA
  knowsRepetitions = true; // a message that got no answer may be sent once more
  refusesNobody = "provider_error"; // of a message to a number without WhatsApp
  lost = /FAILED/; // in the reason of a channel whose session failed
  tellsHidden = "when asked"; // the number of a person who hides it

  async connect() {
    await this.gateway("POST", "/world", {
      api_key: this.key,
      sessions: [{ name: this.session, number }],
      people: [{ number: maria, name: "Maria" }, { number: "79160000000", name: "Oleg", lid: "445566" }],
    });
    this.channel = await this.connectChannel({});
    this.secrets.add(this.key).add(this.channel.verify_token);
    await this.settled();
    await this.check(); // what the start of the session told may have come in any order
  }

  // Every webhook has been taken: what is done next is told after it.
  async settled() {
    await until("the webhooks to be taken", async () => (await this.gateway("GET", "/settled")).settled);
  }

  // The channel once it does not work for this reason.
  async breaksFor(reason) {
    return await until(`the channel to say ${reason}`, async () => {
      const channel = await this.channelBecomes("broken");
      return reason.test(channel.state_reason) && channel;
    });
  }

  async connectChannel(settings, status) {
    return await this.api("POST", "/api/v1/channels", {
      messenger: "gateway", name: "Old number",
      settings: { ...this.shape && { shape: this.shape }, base_url: this.simulator, session: this.session,
        phone: "+7 900 111-22-33", watch_seconds: "1", ...settings },
      credentials: { api_key: this.key },
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

  // Gateways tell the second in which something was written: what is to have an order is written in different ones.
  async nextSecond() {
    const second = Math.floor(Date.now() / 1000);
    await until("the next second", async () => Math.floor(Date.now() / 1000) > second);
  }

  // Okno asks for the state of the session once more.
  async isLookedAt() {
    const looks = async () => (await this.providerCalls((one) => this.isLook(one.path))).length;
    const before = await looks();
    await until("another look at the session", async () => await looks() > before);
  }

  isLook(path) {
    return path === `/api/sessions/${this.session}`;
  }

  // The calls that were messages.
  async sendings() {
    return await this.providerCalls((one) => this.isSending(one.path));
  }

  isSending(path) {
    return /^\/api\/send(?!Seen)/.test(path);
  }

  // The addresses that the session calls.
  async webhooks() {
    return this.hooksOf(await this.gateway("GET", `/sessions/${this.session}`));
  }

  hooksOf({ config }) {
    return config.webhooks.map((one) => one.url);
  }

  // Whether this is something that a phone could scan.
  isCode({ qr }) {
    return qr.startsWith("2@");
  }
}

export class GreenApiStage extends GatewayStage {
  session = "1101000001";
  shape = "green_api";
  knowsRepetitions = false;
  lost = /sleepMode/;
  tellsHidden = "never";

  isLook(path) {
    return path.endsWith("/getStateInstance");
  }

  isSending(path) {
    return /\/send(?!Typing)/.test(path);
  }

  hooksOf({ settings }) {
    return [settings.webhookUrl];
  }

  isCode({ qr }) {
    const [, png] = qr.split("data:image/png;base64,");
    return Buffer.from(png, "base64").subarray(1, 4).toString() === "PNG";
  }
}

export class EvolutionStage extends GatewayStage {
  shape = "evolution";
  knowsRepetitions = false;
  refusesNobody = "no_whatsapp";
  lost = /close/;
  tellsHidden = "at once";

  isLook(path) {
    return path.startsWith("/instance/connectionState/");
  }

  isSending(path) {
    return /^\/message\/(?!sendReaction)/.test(path);
  }

  hooksOf({ webhook }) {
    return [webhook.url];
  }
}
