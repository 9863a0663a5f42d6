// A stage with every messenger at once: one server, one channel of each, and people who write to each.
import { ChannelStage } from "./channel_stage.mjs";
import { GatewayStage } from "./gateway_stage.mjs";
import { MaxStage } from "./max_stage.mjs";
import { account, InstagramStage, MessengerStage, page } from "./meta_stage.mjs";
import { until } from "./stage.mjs";
import { TelegramStage } from "./telegram_stage.mjs";
import { ViberStage } from "./viber_stage.mjs";
import { VkStage } from "./vk_stage.mjs";

class WhatsappStage extends ChannelStage {}  // its channel is that of every journey

// Of each messenger: the provider's people (`person(i)` as its world takes them; `key`: their name in addresses of the
// simulator), and what they write.
const people = (provider) => ({ world: `/${provider}/world`, folder: `/${provider}/people`, in: (list) => ({ people: list }) });
const text = (words) => ({ text: words });
const typed = (words) => ({ type: "text", text: words });
const places = {
  whatsapp: { Place: WhatsappStage, world: "/world", folder: "/phones", in: (list) => ({ phones: list }), wish: typed,
    person: (i) => ({ wa_id: String(79170000000 + i), name: `Kate ${i}` }), key: (one) => one.wa_id },
  telegram: { ...people("telegram"), Place: TelegramStage, world: "/world", in: (list) => ({ telegram: { people: list } }), wish: typed,
    person: (i) => ({ id: 900200000000 + i, first_name: `Maria ${i}` }), key: (one) => one.id, opening: { type: "start" } },
  vk: { ...people("vk"), Place: VkStage, wish: text, person: (i) => ({ id: 200000 + i, first_name: "Anna", last_name: `Li ${i}` }), key: (one) => one.id },
  viber: { ...people("viber"), Place: ViberStage, wish: typed,
    person: (i) => ({ id: `${String(i).padStart(11, "0")}A=`, key: `person${i}`, name: `Vera ${i}` }), key: (one) => one.key },
  messenger: { ...people("meta"), Place: MessengerStage, wish: text,
    person: (i) => ({ id: String(5503000000000000 + i), account: page, first_name: `Olga ${i}` }), key: (one) => one.id },
  instagram: { ...people("meta"), Place: InstagramStage, wish: text,
    person: (i) => ({ id: String(6603000000000000 + i), account, first_name: `Ira ${i}`, username: `ira${i}` }), key: (one) => one.id },
  max: { ...people("max"), Place: MaxStage, wish: text, person: (i) => ({ id: 60000 + i, first_name: `Lena ${i}` }), key: (one) => one.id,
    opening: { type: "start" } },
  gateway: { ...people("gateway"), Place: GatewayStage, wish: text,
    person: (i) => ({ number: String(79170000000 + i), name: `Nina ${i}` }), key: (one) => one.number },
};

const isOurs = (message) => !["from_customer", "from_person"].includes(message.direction);

// One messenger of the stage.
class Party {
  constructor(name, everyone, crowd) {
    Object.assign(this, { name, place: places[name], stage: new places[name].Place() });
    const { okno, simulator, token, secrets, folder } = everyone;
    Object.assign(this.stage, { okno, simulator, token, secrets, folder });
    this.people = Array.from({ length: crowd }, (_, i) => this.place.person(i));
  }

  async connect() {
    await this.stage.connect();
    await this.stage.sim("POST", this.place.world, this.place.in(this.people));
    await until(`${this.name} to be connected`, async () => (await this.stage.stored()).state === "connected");
  }

  async does(i, wish) {
    return await this.stage.sim("POST", `${this.place.folder}/${this.place.key(this.people[i])}/messages`, wish);
  }

  // Some are heard only once they have pressed Start.
  async opens(i) {
    if (this.place.opening) await this.does(i, this.place.opening);
  }

  async asks(i, words) {
    return await this.does(i, this.place.wish(words));
  }

  // Texts of ours on the person's phone, oldest first.
  async received(i) {
    const { messages } = await this.stage.sim("GET", `${this.place.folder}/${this.place.key(this.people[i])}/messages`);
    return messages.filter(isOurs).map((message) => message.text).filter(Boolean);
  }
}

export class EveryStage extends ChannelStage {
  crowd = 1; // people of each messenger

  async connect() {
    this.parties = Object.keys(places).map((name) => new Party(name, this, this.crowd));
    for (const party of this.parties) await party.connect();
  }
}
