import type { MessengerWords } from './words';

export const words: MessengerWords = {
  en: {
    before: [
      'Rights to manage the community in VK.',
      'Messages of the community switched on: Manage → Messages, and the bot abilities under Bot settings.',
      'A key with messages, photos, docs and manage: Manage → API usage → Access tokens.',
    ],
    fields: {
      group_id: { label: 'Number of the community', help: 'The digits after vk.com/club or vk.com/public.' },
      access_token: { label: 'Access key of the community', help: 'Begins with vk1.a.' },
      updates: { label: 'How events come', help: 'Empty: VK calls Okno. “polling”: Okno asks VK.' },
      confirmation_code: { label: 'Confirmation code', help: 'Only where you set up the Callback server by hand.' },
    },
    webhook: [],
  },
  ru: {
    before: [
      'Права управляющего сообществом ВКонтакте.',
      'Включённые сообщения сообщества: Управление → Сообщения, и возможности ботов в настройках для бота.',
      'Ключ с правами на сообщения, фотографии, документы и управление: Управление → Работа с API → Ключи доступа.',
    ],
    fields: {
      group_id: { label: 'Номер сообщества', help: 'Цифры после vk.com/club или vk.com/public.' },
      access_token: { label: 'Ключ доступа сообщества', help: 'Начинается с vk1.a.' },
      updates: { label: 'Как приходят события', help: 'Пусто: ВКонтакте вызывает Okno. «polling»: Okno спрашивает сам.' },
      confirmation_code: { label: 'Код подтверждения', help: 'Только если сервер Callback API настроен вручную.' },
    },
    webhook: [],
  },
};
