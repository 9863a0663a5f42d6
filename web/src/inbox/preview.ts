// One line that says what a message is, for rows, quotes and search.
import type { Message } from '../api/client';
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
