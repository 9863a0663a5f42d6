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
    reasons: {
      'Another program set a webhook for this bot, and what people write goes there. Check the channel to have it come here again.':
        'Другая программа поставила этому боту вебхук, и сообщения уходят туда. Нажмите «Проверить» у канала, чтобы они снова приходили сюда.',
      'Another program asks for the messages of this bot with the same token: each gets a part of them. End it, or renew the token.':
        'Другая программа забирает сообщения этого бота с тем же токеном: каждая получает часть. Остановите её или смените токен.',
      'The bot may no longer answer in the chats of {name}.': 'Бот больше не может отвечать в чатах аккаунта {name}.',
    },
  },
};
