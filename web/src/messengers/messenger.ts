import { reasons } from './meta/reasons';
import type { MessengerWords } from './words';

export const words: MessengerWords = {
  en: {
    before: [
      'A Meta app with the product Messenger, and App Review for pages_messaging if the Page is not the app owner’s.',
      'A long-lived access token of the Page with pages_messaging, pages_manage_metadata and pages_show_list.',
      'The app secret: App settings → Basic.',
      'The feature Human Agent, if operators answer later than 24 hours.',
    ],
    fields: {
      page_id: { label: 'Number of the Page', help: 'Digits, shown under About → Page transparency.' },
      access_token: { label: 'Access token of the Page', help: 'Begins with EAA.' },
      app_secret: { label: 'App secret', help: 'App settings → Basic.' },
      api_version: { label: 'Version of the Graph API', help: 'Changed only when Meta ends a version.' },
    },
    webhook: [
      'In the Meta app: Messenger → Webhooks, object Page: enter the address and the verify token.',
      'All Pages of one app share one address: that of any of their channels. Okno subscribes the Page by itself.',
    ],
  },
  ru: {
    before: [
      'Приложение Meta с продуктом Messenger и проверка App Review для pages_messaging, если страница не принадлежит владельцу приложения.',
      'Долгоживущий ключ страницы с правами pages_messaging, pages_manage_metadata и pages_show_list.',
      'Секрет приложения: App settings → Basic.',
      'Функция Human Agent, если операторы отвечают позже 24 часов.',
    ],
    fields: {
      page_id: { label: 'Номер страницы', help: 'Цифры, видны в разделе «Прозрачность страницы».' },
      access_token: { label: 'Ключ доступа страницы', help: 'Начинается с EAA.' },
      app_secret: { label: 'Секрет приложения', help: 'App settings → Basic.' },
      api_version: { label: 'Версия Graph API', help: 'Меняется, только когда Meta отключает версию.' },
    },
    webhook: [
      'В приложении Meta: Messenger → Webhooks, объект Page: введите адрес и проверочный код.',
      'У всех страниц одного приложения один адрес: любого из их каналов. На события страницы Okno подпишется сам.',
    ],
    reasons,
  },
};
