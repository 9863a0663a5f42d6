import { describe, expect, it } from 'vitest';
import { reasonIn, type MessengerWords } from '../src/messengers/words';
import { words as gateway } from '../src/messengers/gateway';
import { words as whatsapp } from '../src/messengers/whatsapp';

const files = import.meta.glob<MessengerWords>(['../src/messengers/*.ts', '!../src/messengers/words.ts'], {
  import: 'words',
  eager: true,
});
const sources = Object.values(
  import.meta.glob<string>('../../src/messengers/**/*.cpp', { query: '?raw', import: 'default', eager: true }),
);
// All that the server says, literals that stand beside each other joined.
const said = sources.map((source) => source.replace(/"\s*"/g, '')).join('\n');

const gapsIn = (text: string) => (text.match(/\{\w+\}/g) ?? []).toSorted();

describe.each(Object.entries(files))('the reasons of %s', (_path, words) => {
  it('are sentences that the server says', () => {
    for (const pattern of Object.keys(words.ru.reasons ?? {}))
      for (const piece of pattern.split(/\{\w+\}/).filter((one) => /\w{3}/.test(one)))
        expect(said.includes(piece.replace(/ until $|\.$/, '')), `${pattern}: ${piece}`).toBe(true);
  });
  it('take over in Russian what stands in them', () => {
    for (const [pattern, russian] of Object.entries(words.ru.reasons ?? {}))
      expect(gapsIn(russian), pattern).toEqual(gapsIn(pattern));
  });
});

describe('why a channel does not work', () => {
  const until = 'Meta restricted the account: it may answer, but not write first until 2026-05-20.';
  it('is told in the language of the page, with the provider’s own words', () => {
    expect(reasonIn(whatsapp, 'ru', until)).toBe('Meta ограничила аккаунт: до 2026-05-20 можно отвечать, но не писать первыми.');
    expect(reasonIn(whatsapp, 'en', until)).toBe(until);
    expect(reasonIn(gateway, 'ru', 'The gateway refuses: HTTP 401 (bad key)')).toBe('Шлюз отказывает: HTTP 401 (bad key)');
  });
  it('stands as the provider said it where the sentence is not ours', () => {
    expect(reasonIn(whatsapp, 'ru', 'Error validating access token')).toBe('Error validating access token');
    expect(reasonIn(null, 'ru', until)).toBe(until);
  });
});
