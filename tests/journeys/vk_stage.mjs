// A stage with a community of VK in place of a number of WhatsApp.
import { ChannelStage } from "./channel_stage.mjs";

export const group = 190000001;
export const anna = 100200;
const token = "vk1.a.token-of-the-community";

export class VkStage extends ChannelStage {
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
}

// A stage that VK cannot call.
export class VkStageWithoutAddress extends VkStage {
  hasAddress = false;
}
