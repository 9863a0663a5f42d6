// Words of the interface: typed keys, plural categories by Intl.PluralRules, one catalogue a language,
// loaded on demand. A switch redraws the page and loads no data again.
import { useSyncExternalStore } from 'react';
import type { en } from './en';

export type Key = keyof typeof en;
export type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };
export type Catalogue = { readonly [K in Key]: (typeof en)[K] extends string ? string : Plural };
export type Language = 'en' | 'ru';
export type Params = Readonly<Record<string, string | number>>;

const loaders: Record<Language, () => Promise<Catalogue>> = {
  en: () => import('./en').then((module) => module.en),
  ru: () => import('./ru').then((module) => module.ru),
};

let current: { language: Language; words: Catalogue; rules: Intl.PluralRules } | null = null;
const listeners = new Set<() => void>();

export function translate(words: Catalogue, rules: Intl.PluralRules, key: Key, params: Params = {}): string {
  const entry: string | Plural = words[key];
  const text = typeof entry === 'string' ? entry : (entry[rules.select(Number(params.count))] ?? entry.other);
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in params ? String(params[name]) : whole));
}

export function t(key: Key, params?: Params): string {
  if (!current) throw new Error('No language was loaded before the first word');
  return translate(current.words, current.rules, key, params);
}

export function language(): Language {
  return current?.language ?? 'en';
}

export function preferredLanguage(): Language {
  const saved = localStorage.getItem('okno.language');
  if (saved === 'en' || saved === 'ru') return saved;
  return navigator.language.startsWith('ru') ? 'ru' : 'en';
}

export async function loadLanguage(next: Language): Promise<void> {
  const words = await loaders[next]();
  current = { language: next, words, rules: new Intl.PluralRules(next) };
  document.documentElement.lang = next;
  for (const listener of listeners) listener();
}

export async function chooseLanguage(next: Language): Promise<void> {
  localStorage.setItem('okno.language', next);
  await loadLanguage(next);
}

export function useLanguage(): Language {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, language);
}

export const languages: readonly { code: Language; name: string }[] = [
  { code: 'ru', name: 'Русский' },
  { code: 'en', name: 'English' },
];
