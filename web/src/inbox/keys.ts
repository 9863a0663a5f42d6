// One-key actions of the inbox. A Latin letter is taken as typed; on any other layout the physical key
// counts, so a Russian layout needs no switching. Fields and composing text keep their keys.
export type Action =
  | 'next'
  | 'previous'
  | 'reply'
  | 'note'
  | 'done'
  | 'template'
  | 'search'
  | 'search_anywhere'
  | 'undo'
  | 'view_before'
  | 'view_after'
  | 'contact'
  | 'out'
  | 'help';

const byLetter: Readonly<Record<string, Action>> = {
  j: 'next',
  k: 'previous',
  r: 'reply',
  n: 'note',
  e: 'done',
  t: 'template',
  '/': 'search',
  '.': 'contact',
  '[': 'view_before',
  ']': 'view_after',
  '?': 'help',
};

const byPlace: Readonly<Record<string, string>> = {
  KeyJ: 'j',
  KeyK: 'k',
  KeyR: 'r',
  KeyN: 'n',
  KeyE: 'e',
  KeyT: 't',
  Slash: '/',
  Period: '.',
  BracketLeft: '[',
  BracketRight: ']',
};

export interface Press {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  isComposing: boolean;
}

function withControl(press: Press): Action | null {
  if (press.shiftKey) return null;
  if (press.code === 'KeyK') return 'search_anywhere';
  return press.code === 'KeyZ' ? 'undo' : null;
}

export function actionOf(press: Press): Action | null {
  if (press.isComposing || press.altKey) return null;
  if (press.ctrlKey || press.metaKey) return withControl(press);
  if (press.key === 'Escape') return 'out';
  if (press.key === 'Enter') return 'reply';
  const typed = press.key.toLowerCase();
  if (press.code === 'Slash' && typed === '.') return 'search'; // the same key on a Russian layout
  if (typed in byLetter) return byLetter[typed] ?? null;
  if (/^[a-z]$/.test(typed)) return null; // another Latin letter is meant as typed
  const place = byPlace[press.code];
  if (place === undefined) return null;
  if (place === '/' && press.shiftKey) return 'help';
  return byLetter[place] ?? null;
}

// True where letters are text, or Enter already has a meaning.
export function keepsKeys(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('input, textarea, select, [contenteditable]')) return true;
  return key === 'Enter' && target.closest('a, button, summary') !== null;
}
