// A stage with a bot of Telegram in place of a number of WhatsApp.
import { ChannelStage } from "./channel_stage.mjs";
import { until } from "./stage.mjs";

export const bot = 555000111;
export const maria = 900100200300;
export const ivan = 900100200301;
export const olga = 900100200399; // whose own account the bot may answer
export const token = `${bot}:AAbbccddeeffgghhiijjkkllmmnnooppqqr`;

export class TelegramStage extends ChannelStage {
  contact = "Maria K";

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
    return await this.providerCalls((one) => one.api_method === method);
  }
}

// A stage that Telegram cannot call.
export class TelegramStageWithoutAddress extends TelegramStage {
  hasAddress = false;
}
