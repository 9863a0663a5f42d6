// What differs between the messengers for the page: whose phones there are, whom they write to, how a chat looks.
import { max } from "./max_phone.js";
import { MetaPhone } from "./meta_phone.js";
import { get, post } from "./parts.js";
import { Phone } from "./phone.js";
import { GatewayPhone } from "./gateway_phone.js";
import { TelegramPhone } from "./telegram_phone.js";
import { ViberPhone } from "./viber_phone.js";
import { vk } from "./vk_phone.js";

const nameOf = (person) => [person.first_name, person.last_name].filter(Boolean).join(" ");

// Pages of Messenger or accounts of Instagram: each knows people of its own.
const meta = (name, object) => ({
  name,
  Phone: MetaPhone,
  hasReceipts: true,
  async load() {
    const [{ people }, { accounts }] = [await get("meta/people"), await get("meta/accounts")];
    const numbers = accounts.filter((one) => one.object === object);
    const known = new Map(numbers.map((one) => [one.id, one.name || one.username]));
    return {
      phones: people.filter((one) => known.has(one.account)).map((one) => ({ ...one, wa_id: one.id, name: nameOf(one) || one.username })),
      numbers: numbers.map((one) => ({ ...one, verified_name: known.get(one.id) })),
    };
  },
  async create(name) {
    const { numbers } = await this.load();
    const id = String(1e15 + Math.floor(Math.random() * 8e15));
    await post("meta/people", { id, account: numbers[0]?.id ?? "", first_name: name });
    return id;
  },
});

export const messengers = {
  whatsapp: {
    name: "WhatsApp",
    Phone,
    hasReceipts: true,
    goesOffline: true,
    async load() {
      const [{ phones }, { numbers }] = [await get("phones"), await get("numbers")];
      return { phones, numbers };
    },
    create: async (name, phone) => (await post("phones", { wa_id: phone, name })).wa_id,
  },
  telegram: {
    name: "Telegram",
    Phone: TelegramPhone,
    hasReceipts: false,
    async load() {
      const [{ people }, { bots }] = [await get("telegram/people"), await get("telegram/bots")];
      return {
        phones: people.map((one) => ({ ...one, wa_id: String(one.id), name: nameOf(one) })),
        numbers: bots.map((one) => ({ ...one, id: String(one.id), verified_name: one.name })),
      };
    },
    async create(name, phone) {
      const id = 1e9 + Math.floor(Math.random() * 5e9);
      await post("telegram/people", { id, first_name: name, phone: phone.replace(/\D/g, "") });
      return String(id);
    },
  },
  vk,
  max,
  viber: {
    name: "Viber",
    Phone: ViberPhone,
    hasReceipts: false,
    async load() {
      const [{ people }, { bots }] = [await get("viber/people"), await get("viber/bots")];
      return {
        phones: people.map((one) => ({ ...one, wa_id: one.key })),
        numbers: bots.map((one) => ({ ...one, id: one.uri, verified_name: one.name })),
      };
    },
    async create(name, phone) {
      const key = crypto.randomUUID();
      await post("viber/people", { id: btoa(key.slice(0, 16)), key, name, phone });
      return key;
    },
  },
  messenger: meta("Messenger", "page"),
  instagram: meta("Instagram", "instagram"),
  gateway: {
    name: "WhatsApp (gateway)",
    Phone: GatewayPhone,
    hasReceipts: false,
    async load() {
      const [{ people }, { sessions }] = [await get("gateway/people"), await get("gateway/sessions")];
      return { phones: people.map((one) => ({ ...one, wa_id: one.number })), numbers: sessions };
    },
    async create(name, phone) {
      const number = phone.replace(/\D/g, "");
      await post("gateway/people", { number, name });
      return number;
    },
  },
};

export const messenger = messengers[new URLSearchParams(location.search).get("messenger")] ?? messengers.whatsapp;

export function switchMessenger(key) {
  const url = new URL(location.href);
  url.searchParams.set("messenger", key);
  location.replace(url);
}
