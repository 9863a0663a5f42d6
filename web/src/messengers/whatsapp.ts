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
  },
};
