// What differs between the messengers for the page: whose phones there are, whom they write to, how a chat looks.
import { get, post } from "./parts.js";
import { Phone } from "./phone.js";
import { GatewayPhone } from "./gateway_phone.js";
import { TelegramPhone } from "./telegram_phone.js";

const nameOf = (person) => [person.first_name, person.last_name].filter(Boolean).join(" ");

export const messengers = {
  whatsapp: {
    name: "WhatsApp",
    Phone,
    hasReceipts: true,
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
