import { describe, expect, it } from 'vitest';
import type { Messenger } from '../src/api/client';
import { choicesBody, lookOf, numbered } from '../src/inbox/choices';
import { fitOf } from '../src/inbox/fits';
import { outgoing } from '../src/inbox/outgoing';
import { loadLanguage } from '../src/i18n/i18n';
import { messenger } from './support/examples';

const limits: Messenger['traits']['files'] = [
  { kind: 'image', mimes: 'image/jpeg image/png', most_bytes: 1000 },
  { kind: 'document', mimes: null, most_bytes: 5000 },
];
const picture = { kind: 'image', mime: 'image/png', size: 1000 } as const;

describe('a file', () => {
  it('goes as it is where the messenger takes it', () => {
    expect(fitOf(limits, picture)).toEqual({ kind: 'image', isChanged: false });
  });

  it('goes as a plain file where its kind is too large, of another type or not known there', () => {
    const asFile = { kind: 'document', isChanged: true };
    expect(fitOf(limits, { ...picture, size: 1001 })).toEqual(asFile);
    expect(fitOf(limits, { ...picture, mime: 'image/webp' })).toEqual(asFile);
    expect(fitOf(limits, { kind: 'video', mime: 'video/mp4', size: 1 })).toEqual(asFile);
  });

  it('does not go at all where it is too large for that too, or nothing is taken', () => {
    expect(fitOf(limits, { ...picture, size: 5001 })).toEqual({ kind: null, most: 5000 });
    expect(fitOf([], picture)).toEqual({ kind: null, most: 0 });
  });

  it('leaves as the kind that fits', () => {
    const upload = { id: 'a', name: 'a.webp', kind: 'image' as const, mime: 'image/webp', size: 5 };
    const file = { key: 'a', name: 'a.webp', size: 5, file: null, part: 1, error: null, upload };
    expect(outgoing('words', [file], null, limits)[0]?.body).toEqual({ type: 'document', upload_id: 'a', text: 'words' });
  });
});

describe('choices', () => {
  it('are buttons, a list, or numbered lines where the messenger shows neither', () => {
    const few = messenger({ most_choices: 10 });
    expect([1, 3, 4, 10, 11].map((count) => lookOf(count, few))).toEqual(['buttons', 'buttons', 'list', 'list', 'numbers']);
    expect(lookOf(1, messenger({ most_choices: 0 }))).toBe('numbers');
    expect(numbered('When?', ['Today', 'Later'])).toBe('When?\n1. Today\n2. Later');
  });

  it('are sent as buttons up to three, as a list from four on', async () => {
    await loadLanguage('en');
    expect(choicesBody('When?', ['A'])).toEqual({
      type: 'interactive',
      interactive: { body: 'When?', buttons: [{ id: 'b1', title: 'A' }] },
    });
    expect(choicesBody('When?', ['A', 'B', 'C', 'D'])).toMatchObject({
      interactive: { kind: 'list', button: 'Choose', sections: [{ rows: [{ title: 'A' }, {}, {}, { id: 'b4' }] }] },
    });
  });
});
