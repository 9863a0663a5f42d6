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
    reasons: {
      'Blocked: WhatsApp has most likely blocked this number, since its session failed again after each restart ({word}). See on the phone whether WhatsApp asks to register the number anew. What waits can be taken back.':
        'Заблокирован: скорее всего, WhatsApp заблокировал этот номер: сессия падает после каждого перезапуска ({word}). Посмотрите на телефоне, не просит ли WhatsApp зарегистрировать номер заново. То, что ждёт отправки, можно отозвать.',
      'Blocked: WhatsApp has blocked this number ({word}). See on the phone whether WhatsApp asks to register the number anew. What waits can be taken back.':
        'Заблокирован: WhatsApp заблокировал этот номер ({word}). Посмотрите на телефоне, не просит ли WhatsApp зарегистрировать номер заново. То, что ждёт отправки, можно отозвать.',
      'The phone is no longer linked ({word}). In WhatsApp on the phone open Linked devices and scan the QR code that the channel shows.':
        'Телефон больше не привязан ({word}). В WhatsApp на телефоне откройте «Связанные устройства» и отсканируйте QR-код, который показывает канал.',
      "WhatsApp asks for a passkey ({word}). Finish the linking in the gateway's dashboard.":
        'WhatsApp просит ключ доступа ({word}). Завершите привязку в панели шлюза.',
      'The session is stopped in the gateway ({word}). Start it there, then check the channel.':
        'Сессия остановлена в шлюзе ({word}). Запустите её там, затем проверьте канал.',
      'The phone does not answer the gateway ({word}). Turn it on and bring it to the internet.':
        'Телефон не отвечает шлюзу ({word}). Включите его и подключите к интернету.',
      'WhatsApp lets this number send nothing for a while ({word}). What waits leaves when the limit ends; write to fewer people and more slowly.':
        'WhatsApp на время запретил этому номеру отправку ({word}). То, что ждёт, уйдёт, когда ограничение закончится; пишите реже и меньшему числу людей.',
      'The session failed in the gateway ({word}). It is started again by itself, three times at most.':
        'Сессия в шлюзе упала ({word}). Она перезапускается сама, не более трёх раз.',
      'The gateway refuses: {words}': 'Шлюз отказывает: {words}',
      'The gateway has not answered for 5 minutes. See whether it runs and can be reached.':
        'Шлюз не отвечает 5 минут. Проверьте, запущен ли он и доступен ли.',
      'Another number is linked now, +{number} instead of +{wanted}. Link the right one, or connect the other as a channel of its own.':
        'Сейчас привязан другой номер, +{number} вместо +{wanted}. Привяжите нужный или подключите другой отдельным каналом.',
      'WhatsApp limits this number (yellowCard): write to fewer people, and more slowly.':
        'WhatsApp ограничил этот номер (yellowCard): пишите реже и меньшему числу людей.',
      'The tariff of this instance is used up for the month.': 'Тариф этого инстанса на месяц исчерпан.',
    },
  },
};
