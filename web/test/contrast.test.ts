import { describe, expect, it } from 'vitest';
import css from '../src/styles/tokens.css?raw';

function tokens(selector: string): Record<string, string> {
  const start = css.indexOf(`${selector} {`);
  const block = css.slice(start, css.indexOf('}', start));
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{3,6})\b/gi)].map((found) => [found[1] ?? '', found[2] ?? '']),
  );
}

function luminance(hex: string): number {
  const full = hex.length === 4 ? hex.replace(/[^#]/g, '$&$&') : hex;
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(full.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].toSorted((left, right) => left - right);
  return (light + 0.05) / (dark + 0.05);
}

const pairs: readonly (readonly [text: string, grounds: readonly string[]])[] = [
  [
    'text',
    [
      'bg',
      'bg-subtle',
      'bg-muted',
      'hover',
      'raised',
      'accent-bg',
      'bubble-in',
      'bubble-out',
      'note',
      'warn-bg',
      'bad-bg',
      'av-0',
      'av-1',
      'av-2',
      'av-3',
      'av-4',
      'av-5',
    ],
  ],
  ['text-2', ['bg', 'bg-subtle', 'bg-muted', 'hover', 'raised', 'bubble-in', 'bubble-out', 'accent-bg']],
  ['accent-text', ['bg', 'bg-subtle', 'raised', 'hover', 'accent-bg', 'bubble-in', 'bubble-out']],
  ['on-accent', ['accent', 'accent-hover']],
  ['ok', ['ok-bg', 'bg-muted']],
  ['warn', ['warn-bg', 'bg', 'bg-subtle']],
  ['bad', ['bad-bg', 'bg', 'raised', 'bg-subtle', 'hover']],
  ['note-text', ['note']],
];

const light = tokens(':root');
const dark = { ...light, ...tokens(':root[data-theme="dark"]') };

describe.each([
  ['light', light],
  ['dark', dark],
])('the %s theme', (_, theme) => {
  it.each(pairs.flatMap(([text, grounds]) => grounds.map((ground) => [text, ground])))(
    '%s reads on %s',
    (text, ground) => {
      expect(contrast(theme[text] ?? '', theme[ground] ?? '')).toBeGreaterThanOrEqual(4.5);
    },
  );

  it('the border of an input is seen', () => {
    expect(contrast(theme['border-strong'] ?? '', theme['bg'] ?? '')).toBeGreaterThanOrEqual(3);
  });
});
