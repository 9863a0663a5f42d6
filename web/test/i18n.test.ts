import { describe, expect, it } from 'vitest';
import { en } from '../src/i18n/en';
import { translate, type Catalogue, type Key, type Plural } from '../src/i18n/i18n';
import { ru } from '../src/i18n/ru';

const catalogues: Record<string, Catalogue> = { en, ru };
const keys = Object.keys(en) as Key[];

const files = import.meta.glob<string>('../src/**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true });
const code = Object.entries(files)
  .flatMap(([path, text]) => (/\/(en|ru|types)\.ts$|\/messengers\/(?!words)/.test(path) ? [] : [text]))
  .join('\n');

function placeholders(entry: string | Plural): string[] {
  const texts = typeof entry === 'string' ? [entry] : Object.values(entry);
  return [
    ...new Set(texts.flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? ''))),
  ].toSorted();
}

describe.each(Object.entries(catalogues))('the catalogue %s', (language, words) => {
  it('holds every key and no other', () => {
    expect(Object.keys(words).toSorted()).toEqual(keys.toSorted());
  });

  it('has a text for every plural category of its language', () => {
    const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted();
    for (const key of keys) {
      const entry = words[key];
      if (typeof entry !== 'string') expect(Object.keys(entry).toSorted(), key).toEqual(categories);
    }
  });

  it('fills the same places as English', () => {
    for (const key of keys) expect(placeholders(words[key]), key).toEqual(placeholders(en[key]));
  });
});

it('every key is used', () => {
  expect(keys.filter((key) => !code.includes(`'${key}'`))).toEqual([]);
});

it('no Russian stands in the code outside the catalogue', () => {
  expect(code.match(/['"`>][^'"`<>\n]*[а-яё][^'"`<>\n]*['"`<]/gi)).toEqual(["'Русский'"]);
});

it('Russian counts as Russians do', () => {
  const rules = new Intl.PluralRules('ru');
  const said = (count: number) => translate(ru, rules, 'time.d', { count });
  expect([1, 2, 5, 11, 21, 22, 25].map(said)).toEqual([
    '1 день',
    '2 дня',
    '5 дней',
    '11 дней',
    '21 день',
    '22 дня',
    '25 дней',
  ]);
});

it('an unknown place stays visible', () => {
  expect(translate(en, new Intl.PluralRules('en'), 'window.until')).toBe('until {time}');
});
