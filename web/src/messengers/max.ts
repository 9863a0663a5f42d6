import type { MessengerWords } from './words';

export const words: MessengerWords = {
  en: {
    before: [
      'A bot of a verified organisation on business.max.ru that has passed moderation.',
      'Its token: Chat bots → Integration.',
      'The root certificate of Mintsifry on this machine, or given below: MAX’s servers show certificates of that authority.',
    ],
    fields: {
      bot: { label: 'Nick of the bot', help: 'As in max.ru/id7700000000_bot.' },
      access_token: { label: 'Token of the bot' },
      updates: { label: 'How events come', help: 'Empty: MAX calls Okno. “polling”: Okno asks MAX.' },
    },
    webhook: [],
  },
  ru: {
    before: [
      'Бот подтверждённой организации на business.max.ru, прошедший модерацию.',
      'Его токен: Чат-боты → Интеграция.',
      'Корневой сертификат Минцифры на этой машине или указанный ниже: серверы MAX показывают сертификаты этого центра.',
    ],
    fields: {
      bot: { label: 'Ник бота', help: 'Как в max.ru/id7700000000_bot.' },
      access_token: { label: 'Токен бота' },
      updates: { label: 'Как приходят события', help: 'Пусто: MAX вызывает Okno. «polling»: Okno спрашивает сам.' },
    },
    webhook: [],
  },
};
