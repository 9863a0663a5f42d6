// Stages with a Page of Messenger or an account of Instagram in place of a number of WhatsApp.
import { ChannelStage } from "./channel_stage.mjs";
import { until } from "./stage.mjs";

export const page = "104500000000001";
export const secondPage = "104500000000002";
export const account = "17841400000000001";
export const aloneAccount = "17841400000000009";
export const app = "900";
const token = "EAAG-token-of-the-page";
const secret = "s3cret-of-the-app";

export const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

export class MessengerStage extends ChannelStage {
  object = "page";
  messenger = "messenger";
  settings = { page_id: page };
  anna = "5501000000000001";

  async connect() {
    await this.meta("POST", "/world", {
      apps: [{ id: app, app_secret: secret }],
      accounts: [
        { id: page, name: "Yasno", username: "yasno", app_id: app, access_token: token },
        { id: secondPage, name: "Yasno Two", app_id: app, access_token: `${token}-2` },
        { id: account, object: "instagram", username: "yasno", page_id: page, app_id: app },
        { id: aloneAccount, object: "instagram", username: "yasno.alone", app_id: app, access_token: `${token}-alone` },
      ],
      people: [
        { id: "5501000000000001", account: page, first_name: "Anna", last_name: "Li" },
        { id: "5502000000000002", account: secondPage, first_name: "Boris" },
        { id: "6601000000000001", account, first_name: "Anna", username: "anna" },
        { id: "6609000000000009", account: aloneAccount, first_name: "Vera", username: "vera" },
      ],
    });
    this.channel = await this.connectTo(this.settings, token);
    await this.callHere(this.channel);
  }

  async connectTo(settings, accessToken, appSecret = secret) {
    for (const one of [accessToken, appSecret]) this.secrets.add(one);
    const made = await this.api("POST", "/api/v1/channels", {
      messenger: this.messenger, name: "Account", settings: { ...settings, base_url: this.simulator },
      credentials: { access_token: accessToken, app_secret: appSecret },
    });
    this.secrets.add(made.verify_token);
    return made;
  }

  // What an admin does in the Meta app: one address for all accounts of the object.
  async callHere(channel) {
    await this.meta("POST", `/apps/${app}/callbacks`,
      { object: this.object, callback_url: channel.webhook_url, verify_token: channel.verify_token });
  }

  async meta(method, path, body) {
    return await this.sim(method, `/meta${path}`, body);
  }

  // Anna does something; answers what Meta made of it.
  async does(wish, person = this.anna) {
    return await this.meta("POST", `/people/${person}/messages`, wish);
  }

  async seenByAnna() {
    return (await this.meta("GET", `/people/${this.anna}/messages`)).messages;
  }

  // What stands on the person's screen for which `wanted` holds.
  async shown(wanted) {
    return await until("it on the person's screen", async () => (await this.seenByAnna()).find(wanted));
  }

  async inChannel(channel) {
    const { items } = await this.api("GET", "/api/v1/conversations?view=all");
    return items.filter((one) => one.channel_id === channel.id);
  }

  async stateOf(channel = this.channel) {
    return await this.api("GET", `/api/v1/channels/${channel.id}`);
  }

  async settled() {
    await until("the simulator to have told everything", async () => (await this.sim("GET", "/settled")).settled);
  }
}

// Joined with the Page.
export class InstagramStage extends MessengerStage {
  object = "instagram";
  messenger = "instagram";
  settings = { instagram_id: account, page_id: page };
  anna = "6601000000000001";
}
