// What each messenger's own file here says to whoever connects a channel of it, in both languages. The fields are those
// that the server names; their words are loaded when they are asked for.
import { t, type Key, type Language } from '../i18n/i18n';

export interface FieldWords {
  label: string;
  help?: string;
}

interface InOneLanguage {
  before: readonly string[]; // what to have at hand
  fields: Readonly<Record<string, FieldWords>>;
  webhook: readonly string[]; // what the admin does in the provider's pages; none: Okno does it
  reasons?: Reasons;
}

// The server says in English why a channel does not work: its sentences, and the same in this language. What stands in
// braces is taken over: it is the provider's own word, a number or a name.
export type Reasons = Readonly<Record<string, string>>;

export type MessengerWords = Readonly<Record<Language, InOneLanguage>>;

const words = import.meta.glob<MessengerWords>(['./*.ts', '!./words.ts'], { import: 'words' });
const guides = import.meta.glob<string>('../../../docs/messengers/*.md', { query: '?raw', import: 'default' });

export async function loadWords(messenger: string): Promise<MessengerWords | null> {
  return (await words[`./${messenger}.ts`]?.()) ?? null;
}

// The page of the documentation, as it was written; null: there is none.
export async function loadGuide(messenger: string): Promise<string | null> {
  return (await guides[`../../../docs/messengers/${messenger}.md`]?.()) ?? null;
}

// Fields that every messenger has, or that mean the same in all of them.
const common: Readonly<Record<string, { label: Key; help: Key }>> = {
  base_url: { label: 'connect.baseUrl', help: 'connect.baseUrlHelp' },
  messages_per_second: { label: 'connect.rate', help: 'connect.rateHelp' },
  proxy: { label: 'connect.proxy', help: 'connect.proxyHelp' },
  ca_certificate: { label: 'connect.certificate', help: 'connect.certificateHelp' },
  verify_token: { label: 'connect.verifyToken', help: 'connect.verifyHint' },
};

export function fieldWords(own: MessengerWords | null, language: Language, key: string): FieldWords {
  const said = own?.[language].fields[key];
  if (said) return said;
  const shared = common[key];
  return shared ? { label: t(shared.label), help: t(shared.help) } : { label: key };
}

// What stands in braces of `pattern`, by name; null: the sentence is another.
function gapsOf(pattern: string, sentence: string): Map<string, string> | null {
  const names: string[] = [];
  const source = pattern.split(/(\{\w+\})/).map((piece) => {
    if (!/^\{\w+\}$/.test(piece)) return piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    names.push(piece);
    return '([\\s\\S]+?)';
  });
  const found = new RegExp(`^${source.join('')}$`).exec(sentence);
  return found && new Map(names.map((name, at) => [name, found[at + 1] ?? '']));
}

// Why a channel does not work, in the reader's language where the sentence is Okno's own.
export function reasonIn(own: MessengerWords | null, language: Language, sentence: string): string {
  for (const [pattern, said] of Object.entries(own?.[language].reasons ?? {})) {
    const gaps = gapsOf(pattern, sentence);
    if (gaps) return said.replace(/\{\w+\}/g, (name) => gaps.get(name) ?? name);
  }
  return sentence;
}
