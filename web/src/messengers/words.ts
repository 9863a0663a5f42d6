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
}

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
