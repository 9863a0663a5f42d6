// Two letters on one of six quiet grounds, the same for one name everywhere.
function initials(name: string): string {
  const words = name
    .replace(/[^\p{L}\p{N}\s]/gu, ' ')
    .trim()
    .split(/\s+/)
    .filter(Boolean);
  const first = words[0]?.[0] ?? '?';
  const last = words.length > 1 ? (words[words.length - 1]?.[0] ?? '') : (words[0]?.[1] ?? '');
  return (first + last).toUpperCase();
}

function tint(name: string): number {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  return sum % 6;
}

export function Avatar({ name, size = 36 }: { name: string; size?: 20 | 24 | 28 | 36 | 44 }) {
  return (
    <span className={`av av-${tint(name)} av-${size}`} aria-hidden="true">
      {initials(name)}
    </span>
  );
}

// Two letters of a messenger's name, never a brand mark: its capitals where it has two, else its beginning.
function lettersOf(messenger: string): string {
  const capitals = messenger.replace(/[^\p{Lu}]/gu, '');
  return (capitals.length > 1 ? capitals : messenger).slice(0, 2).toUpperCase();
}

// `messenger` is its name as people write it; `title` says more.
export function ChannelGlyph({ messenger, title }: { messenger: string; title: string }) {
  return (
    <span className="glyph" title={title}>
      {lettersOf(messenger) || '··'}
    </span>
  );
}
