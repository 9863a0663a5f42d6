// A template with values put in. Variables of the header are named `header:1`, of the body `1`.
import type { Template } from '../api/client';

export type Values = Readonly<Record<string, string>>;

export interface Piece {
  text: string;
  variable: string | null;
}

// The text cut at its variables, so that a preview can mark what is still empty.
export function piecesOf(text: string, values: Values, prefix = ''): Piece[] {
  return text
    .split(/(\{\{\s*[\w]+\s*\}\})/g)
    .filter(Boolean)
    .map((part) => {
      const name = /^\{\{\s*(\w+)\s*\}\}$/.exec(part)?.[1];
      if (name === undefined) return { text: part, variable: null };
      const value = values[prefix + name]?.trim();
      return { text: value || part, variable: value ? null : name };
    });
}

export function filledText(template: Template, values: Values): string {
  const words = (text: string | null, prefix = '') =>
    piecesOf(text ?? '', values, prefix)
      .map((piece) => piece.text)
      .join('');
  return [words(template.header, 'header:'), words(template.body), template.footer ?? ''].filter(Boolean).join('\n');
}

export function isFilled(template: Template, values: Values): boolean {
  return template.variables.every((name) => (values[name] ?? '').trim() !== '');
}

// Recent first, then by name; those that may not be sent come last, to be shown with their state.
export function sortTemplates(
  templates: readonly Template[],
  words: string,
  recent: readonly string[],
): { approved: Template[]; others: Template[] } {
  const wanted = words.trim().toLowerCase();
  const found = templates.filter((template) =>
    `${template.name} ${template.header ?? ''} ${template.body}`.toLowerCase().includes(wanted),
  );
  const rank = (template: Template) => {
    const at = recent.indexOf(`${template.name} ${template.language}`);
    return at < 0 ? recent.length : at;
  };
  const sorted = found.toSorted(
    (a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name) || a.language.localeCompare(b.language),
  );
  return {
    approved: sorted.filter((one) => one.status === 'approved'),
    others: sorted.filter((one) => one.status !== 'approved'),
  };
}
