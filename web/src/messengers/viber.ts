import type { MessengerWords } from './words';

export const words: MessengerWords = {
  en: {
    before: [
      'A bot of Viber: since 2024 new ones are made on commercial terms, through Viber or its partners.',
      'Its token, from the bot’s page in the admin panel: partners.viber.com.',
      'An https address at which Viber reaches Okno: Viber also fetches there the files that you send.',
    ],
    fields: {
      uri: { label: 'Name of the bot in links', help: 'What follows chatURI= in viber://pa?chatURI=yourbot.' },
      auth_token: { label: 'Token of the bot', help: 'It does not expire; only Viber’s support changes it.' },
      sender_name: { label: 'Name above messages', help: 'At most 28 characters. Empty: the name of the channel.' },
      sender_avatar: { label: 'Picture beside messages', help: 'An https address of at most 100 KB. Empty: the bot’s own.' },
      welcome_text: { label: 'Greeting', help: 'For who opens the chat and has not written yet. Empty: nobody is greeted.' },
      welcome_button: { label: 'Button below the greeting', help: 'A press of it begins the conversation. Empty: no button.' },
      stickers_url: { label: 'Where pictures of stickers lie', help: 'Empty: at Viber’s own address.' },
    },
    webhook: [],
  },
  ru: {
    before: [
      'Бот в Viber: с 2024 года новых заводят только на коммерческих условиях, через Viber или его партнёров.',
      'Токен бота: он указан на странице бота в панели управления partners.viber.com.',
      'Адрес https, по которому Viber видит Okno: оттуда же Viber забирает файлы, которые вы отправляете.',
    ],
    fields: {
      uri: { label: 'Имя бота в ссылках', help: 'То, что стоит после chatURI= в viber://pa?chatURI=yourbot.' },
      auth_token: { label: 'Токен бота', help: 'Бессрочный; меняет его только поддержка Viber.' },
      sender_name: { label: 'Имя над сообщениями', help: 'До 28 знаков. Пусто: название канала.' },
      sender_avatar: { label: 'Картинка у сообщений', help: 'Адрес https, до 100 КБ. Пусто: картинка бота.' },
      welcome_text: { label: 'Приветствие', help: 'Для тех, кто открыл чат и ещё не писал. Пусто: без приветствия.' },
      welcome_button: { label: 'Кнопка под приветствием', help: 'С её нажатия начинается диалог. Пусто: без кнопки.' },
      stickers_url: { label: 'Где лежат картинки стикеров', help: 'Пусто: по адресу самого Viber.' },
    },
    webhook: [],
  },
};
