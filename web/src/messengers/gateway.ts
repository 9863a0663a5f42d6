import type { MessengerWords } from './words';

export const words: MessengerWords = {
  en: {
    before: [
      'WhatsApp does not allow this way: the number can be blocked at any time. For a new number take WhatsApp’s own API.',
      'A gateway: WAHA or Evolution API in your private network, started with a key, or an instance in Green-API’s cabinet.',
      'The phone with the account, to scan a code under Linked devices.',
    ],
    fields: {
      shape: {
        label: 'Which gateway',
        help: '“waha” (also when empty): WAHA. “green_api”: Green-API. “evolution”: Evolution API, version 2.',
      },
      base_url: {
        label: 'Address of the gateway',
        help: 'As http://waha.internal:3000; Green-API: the apiUrl of the instance.',
      },
      phone: { label: 'Number of the account', help: 'With its country code: +7 900 111-22-33.' },
      api_key: {
        label: 'Key of the gateway',
        help: 'WAHA: WAHA_API_KEY. Green-API: apiTokenInstance. Evolution API: AUTHENTICATION_API_KEY, or the key of the instance.',
      },
      session: {
        label: 'Session or instance',
        help: 'Its name in the gateway; Green-API: idInstance. One number is one of them.',
      },
      watch_seconds: { label: 'Look at the session every … seconds' },
    },
    webhook: [],
  },
  ru: {
    before: [
      'WhatsApp этого способа не разрешает: номер могут заблокировать в любой момент. Для нового номера возьмите официальный WhatsApp API.',
      'Шлюз: WAHA или Evolution API в вашей закрытой сети, запущенный с ключом, или инстанс в кабинете Green-API.',
      'Телефон с этим аккаунтом, чтобы отсканировать код в «Связанных устройствах».',
    ],
    fields: {
      shape: {
        label: 'Какой шлюз',
        help: '«waha» (и если пусто): WAHA. «green_api»: Green-API. «evolution»: Evolution API, версия 2.',
      },
      base_url: {
        label: 'Адрес шлюза',
        help: 'Например, http://waha.internal:3000; у Green-API — apiUrl инстанса.',
      },
      phone: { label: 'Номер аккаунта', help: 'С кодом страны: +7 900 111-22-33.' },
      api_key: {
        label: 'Ключ шлюза',
        help: 'WAHA: WAHA_API_KEY. Green-API: apiTokenInstance. Evolution API: AUTHENTICATION_API_KEY или ключ инстанса.',
      },
      session: {
        label: 'Сессия или инстанс',
        help: 'Имя в шлюзе; у Green-API — idInstance. Один номер — одна сессия.',
      },
      watch_seconds: { label: 'Проверять сессию каждые … секунд' },
    },
    webhook: [],
  },
};
