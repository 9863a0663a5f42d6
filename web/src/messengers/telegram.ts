import type { MessengerWords } from './words';

export const words: MessengerWords = {
  en: {
    before: [
      'A bot: write /newbot to @BotFather in Telegram, give it a name, and keep the token that it answers.',
      'Nothing else may ask for the updates of this bot.',
    ],
    fields: {
      bot_token: { label: 'Token of the bot', help: 'Digits, a colon and 35 characters, as @BotFather wrote them.' },
      updates: { label: 'How updates come', help: 'Empty: Telegram calls Okno. “polling”: Okno asks Telegram.' },
    },
    webhook: [],
  },
  ru: {
    before: [
      'Бот: напишите /newbot боту @BotFather в Telegram, дайте имя и сохраните токен из ответа.',
      'Больше никто не должен забирать обновления этого бота.',
    ],
    fields: {
      bot_token: { label: 'Токен бота', help: 'Цифры, двоеточие и 35 знаков, как прислал @BotFather.' },
      updates: { label: 'Как приходят обновления', help: 'Пусто: Telegram вызывает Okno. «polling»: Okno спрашивает сам.' },
    },
    webhook: [],
  },
};
