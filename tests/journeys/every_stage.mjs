// A stage with every messenger at once: one server, one channel of each, one person who writes to each.
import { ChannelStage } from "./channel_stage.mjs";
import { GatewayStage } from "./gateway_stage.mjs";
import { MaxStage } from "./max_stage.mjs";
import { InstagramStage, MessengerStage } from "./meta_stage.mjs";
import { until } from "./stage.mjs";
import { TelegramStage } from "./telegram_stage.mjs";
import { ViberStage } from "./viber_stage.mjs";
import { VkStage } from "./vk_stage.mjs";

const kate = "79161234567";

// WhatsApp's is the stage of all journeys.
class WhatsappStage extends ChannelStage {
  async does(wish) {
    return await this.write(kate, { type: "text", ...wish });
  }
}

// How each is asked for the same: `phone` is what the person's phone shows, oldest first.
const places = {
  whatsapp: { Place: WhatsappStage, phone: (stage) => stage.phone(kate) },
  telegram: { Place: TelegramStage, phone: async (stage) => (await stage.view()).messages },
  vk: { Place: VkStage, phone: (stage) => stage.seenByAnna() },
  viber: { Place: ViberStage, phone: async (stage) => (await stage.phone()).messages },
  messenger: { Place: MessengerStage, phone: (stage) => stage.seenByAnna() },
  instagram: { Place: InstagramStage, phone: (stage) => stage.seenByAnna() },
  max: { Place: MaxStage, phone: (stage) => stage.seenByMaria() },
  gateway: { Place: GatewayStage, phone: (stage) => stage.seenBy() },
};

const isOurs = (message) => !["from_customer", "from_person"].includes(message.direction);

// One messenger of the stage: what its person does, and what Okno shows of it.
class Party {
  constructor(name, everyone) {
    const { Place, phone } = places[name];
    Object.assign(this, { name, stage: new Place(), phone });
    const { okno, simulator, token, secrets, folder } = everyone;
    Object.assign(this.stage, { okno, simulator, token, secrets, folder, contact: undefined });
  }

  async connect() {
    await this.stage.connect();
    await until(`${this.name} to be connected`, async () => (await this.stage.stored()).state === "connected");
  }

  async asks(text) {
    return await this.stage.does(this.name === "telegram" || this.name === "viber" ? { type: "text", text } : { text });
  }

  // Texts of ours on the person's phone, oldest first.
  async received() {
    return (await this.phone(this.stage)).filter(isOurs).map((message) => message.text).filter(Boolean);
  }
}

export class EveryStage extends ChannelStage {
  async connect() {
    this.parties = Object.keys(places).map((name) => new Party(name, this));
    for (const party of this.parties) await party.connect();
  }
}
