import type { MessengerWords } from './words';

export const words: MessengerWords = {
  en: {
    before: [
      'WhatsApp does not allow this way: the number can be blocked at any time. For a new number take WhatsApp’s own API.',
      'A running WAHA gateway in your private network, started with a key (WAHA_API_KEY).',
      'The phone with the account, to scan a code under Linked devices.',
    ],
    fields: {
      base_url: { label: 'Address of the gateway', help: 'As http://waha.internal:3000.' },
      phone: { label: 'Number of the account', help: 'With its country code: +7 900 111-22-33.' },
      api_key: { label: 'Key of the gateway', help: 'WAHA_API_KEY.' },
      session: { label: 'Name of the session', help: 'In the gateway; one number is one session.' },
      watch_seconds: { label: 'Look at the session every … seconds' },
    },
    webhook: [],
  },
  ru: {
    before: [
      'WhatsApp этого способа не разрешает: номер могут заблокировать в любой момент. Для нового номера возьмите официальный WhatsApp API.',
      'Запущенный шлюз WAHA в вашей закрытой сети, с ключом (WAHA_API_KEY).',
      'Телефон с этим аккаунтом, чтобы отсканировать код в «Связанных устройствах».',
    ],
    fields: {
      base_url: { label: 'Адрес шлюза', help: 'Например, http://waha.internal:3000.' },
      phone: { label: 'Номер аккаунта', help: 'С кодом страны: +7 900 111-22-33.' },
      api_key: { label: 'Ключ шлюза', help: 'WAHA_API_KEY.' },
      session: { label: 'Имя сессии', help: 'В шлюзе; один номер — одна сессия.' },
      watch_seconds: { label: 'Проверять сессию каждые … секунд' },
    },
    webhook: [],
  },
};
