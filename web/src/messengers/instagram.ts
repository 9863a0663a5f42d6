import { reasons } from './meta/reasons';
import type { MessengerWords } from './words';

export const words: MessengerWords = {
  en: {
    before: [
      'A professional Instagram account with “Allow access to messages” switched on in its own app.',
      'A Meta app with Messenger and Instagram settings, or with Instagram Login for an account without a Page.',
      'An access token: of the Page that the account is joined with, or of the account itself.',
      'The app secret: App settings → Basic.',
    ],
    fields: {
      instagram_id: { label: 'Number of the Instagram account', help: 'Digits, as the Meta app shows them.' },
      page_id: { label: 'Number of the joined Page', help: 'Empty: the account has none and its own token is used.' },
      access_token: { label: 'Access token', help: 'Of the Page; without a Page of the account, which lives 60 days.' },
      app_secret: { label: 'App secret', help: 'App settings → Basic.' },
      api_version: { label: 'Version of the Graph API', help: 'Changed only when Meta ends a version.' },
    },
    webhook: [
      'In the Meta app: Webhooks, object Instagram: enter the address and the verify token.',
      'Subscribe to messages, messaging_postbacks, messaging_seen, message_reactions, messaging_referral, standby and messaging_handover.',
    ],
  },
  ru: {
    before: [
      'Профессиональный аккаунт Instagram, в его приложении включён «Доступ к сообщениям».',
      'Приложение Meta с Messenger и настройками Instagram или с Instagram Login, если у аккаунта нет страницы.',
      'Ключ доступа: страницы, с которой связан аккаунт, или самого аккаунта.',
      'Секрет приложения: App settings → Basic.',
    ],
    fields: {
      instagram_id: { label: 'Номер аккаунта Instagram', help: 'Цифры, как их показывает приложение Meta.' },
      page_id: { label: 'Номер связанной страницы', help: 'Пусто: страницы нет, используется ключ самого аккаунта.' },
      access_token: { label: 'Ключ доступа', help: 'Страницы; без страницы — аккаунта, он живёт 60 дней.' },
      app_secret: { label: 'Секрет приложения', help: 'App settings → Basic.' },
      api_version: { label: 'Версия Graph API', help: 'Меняется, только когда Meta отключает версию.' },
    },
    webhook: [
      'В приложении Meta: Webhooks, объект Instagram: введите адрес и проверочный код.',
      'Подпишитесь на messages, messaging_postbacks, messaging_seen, message_reactions, messaging_referral, standby и messaging_handover.',
    ],
    reasons,
  },
};
