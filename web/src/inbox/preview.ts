// One line that says what a message is, for rows, quotes and search.
import type { Channel, Conversation, Message, Messenger } from '../api/client';
import { t, type Key } from '../i18n/i18n';

const kinds: Record<string, Key> = {
  image: 'kind.image',
  video: 'kind.video',
  audio: 'kind.audio',
  document: 'kind.document',
  sticker: 'kind.sticker',
  location: 'kind.location',
  contacts: 'kind.contacts',
  interactive: 'kind.interactive',
  button: 'kind.interactive',
  reaction: 'kind.reaction',
  template: 'kind.template',
  order: 'kind.order',
  text: 'kind.text',
  unsupported: 'kind.unsupported',
};

export function kindWords(type: string): string {
  const key = kinds[type];
  return key ? t(key) : t('kind.other', { kind: type });
}

export function preview(message: Pick<Message, 'type' | 'text' | 'media'>): string {
  const words = message.text?.replace(/\s+/g, ' ').trim() ?? '';
  if (words !== '') return words;
  const name = message.media[0]?.name;
  return name ? `${kindWords(message.type)}: ${name}` : kindWords(message.type);
}

// What a messenger's mark says: the channel, of which messenger, and that it is unofficial.
export function channelTitle(channel: Channel | undefined, messenger: Messenger | undefined): string {
  const warning = messenger && !messenger.traits.is_official ? t('channels.unofficial') : '';
  return [channel?.name ?? t('contact.channelGone'), messenger?.title, warning].filter(Boolean).join(' · ');
}

// How a customer is called: as the messenger says, else as it knows them.
export function nameOf({ contact, identity }: Conversation): string {
  return contact.name || identity.phone || identity.external_id;
}
