import type { MessengerWords } from './words';

export const words: MessengerWords = {
  en: {
    before: [
      'An app in Meta for developers with WhatsApp added, and a phone number in it.',
      'A permanent access token of a system user with whatsapp_business_messaging and whatsapp_business_management.',
      'The app secret: App settings → Basic.',
    ],
    fields: {
      phone_number_id: { label: 'Phone number ID', help: 'WhatsApp → API Setup; digits only, not the number itself.' },
      waba_id: { label: 'WhatsApp Business account ID', help: 'Stands beside it in API Setup.' },
      access_token: { label: 'Access token', help: 'Of a system user; a temporary one dies after a day.' },
      app_secret: { label: 'App secret', help: 'Proves that webhooks are from Meta.' },
      api_version: { label: 'Version of the API' },
    },
    webhook: [
      'In Meta’s app open WhatsApp → Configuration → Webhook and press Edit.',
      'Paste the webhook address and the verify token, and press Verify and save.',
      'Under Webhook fields subscribe to messages.',
    ],
  },
  ru: {
    before: [
      'Приложение в Meta for Developers с подключённым WhatsApp и номером телефона в нём.',
      'Постоянный токен системного пользователя с правами whatsapp_business_messaging и whatsapp_business_management.',
      'Секрет приложения: App settings → Basic.',
    ],
    fields: {
      phone_number_id: { label: 'Идентификатор номера (Phone number ID)', help: 'WhatsApp → API Setup; только цифры, не сам номер.' },
      waba_id: { label: 'Идентификатор аккаунта WhatsApp Business', help: 'Стоит рядом, в API Setup.' },
      access_token: { label: 'Токен доступа', help: 'Системного пользователя; временный умирает через сутки.' },
      app_secret: { label: 'Секрет приложения', help: 'Доказывает, что вебхуки прислала Meta.' },
      api_version: { label: 'Версия API' },
    },
    webhook: [
      'В приложении Meta откройте WhatsApp → Configuration → Webhook и нажмите Edit.',
      'Вставьте адрес вебхука и проверочный токен, нажмите Verify and save.',
      'В Webhook fields подпишитесь на messages.',
    ],
    reasons: {
      'Meta deleted the WhatsApp Business account.': 'Meta удалила аккаунт WhatsApp Business.',
      'The number was moved to another device and left the API.': 'Номер перенесли на другое устройство, в API его больше нет.',
      'The app was removed from the account: its token no longer works.':
        'Приложение удалили из аккаунта: его токен больше не действует.',
      'Meta disabled the WhatsApp Business account.': 'Meta отключила аккаунт WhatsApp Business.',
      'Meta will disable the account on {day}: appeal in Business Support.':
        'Meta отключит аккаунт {day}: подайте апелляцию в Business Support.',
      'Meta restricted the account: it may not even answer customers until {day}.':
        'Meta ограничила аккаунт: до {day} нельзя даже отвечать клиентам.',
      'Meta restricted the account: it may not even answer customers.':
        'Meta ограничила аккаунт: нельзя даже отвечать клиентам.',
      'Meta restricted the account: it may answer, but not write first until {day}.':
        'Meta ограничила аккаунт: до {day} можно отвечать, но не писать первыми.',
      'Meta restricted the account: it may answer, but not write first.':
        'Meta ограничила аккаунт: можно отвечать, но не писать первыми.',
      'Meta restricted the account: it may not send utility templates until {day}.':
        'Meta ограничила аккаунт: до {day} нельзя отправлять служебные шаблоны.',
      'Meta restricted the account: it may not send utility templates.':
        'Meta ограничила аккаунт: нельзя отправлять служебные шаблоны.',
      'Meta says that the account broke its rules: {reason}.': 'По словам Meta, аккаунт нарушил её правила: {reason}.',
      'The account was disconnected: {reason}.': 'Аккаунт отключён: {reason}.',
    },
  },
};
