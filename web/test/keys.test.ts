import { expect, it } from 'vitest';
import { actionOf, keepsKeys, type Press } from '../src/inbox/keys';

const press = (key: string, code = '', change: Partial<Press> = {}): Press => ({
  key,
  code,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  isComposing: false,
  ...change,
});

it.each([
  ['j', 'next'],
  ['k', 'previous'],
  ['r', 'reply'],
  ['Enter', 'reply'],
  ['n', 'note'],
  ['e', 'done'],
  ['t', 'template'],
  ['/', 'search'],
  ['[', 'view_before'],
  [']', 'view_after'],
  ['?', 'help'],
  ['Escape', 'out'],
])('%s means %s', (key, action) => {
  expect(actionOf(press(key))).toBe(action);
});

it('a Latin letter is taken as typed, wherever its key is', () => {
  expect(actionOf(press('j', 'KeyC'))).toBe('next'); // Dvorak
  expect(actionOf(press('c', 'KeyJ'))).toBeNull();
});

it('on a Russian layout the physical key counts', () => {
  expect(actionOf(press('о', 'KeyJ'))).toBe('next');
  expect(actionOf(press('у', 'KeyE'))).toBe('done');
  expect(actionOf(press('.', 'Slash'))).toBe('search');
  expect(actionOf(press(',', 'Slash', { shiftKey: true }))).toBe('help');
  expect(actionOf(press('х', 'BracketLeft'))).toBe('view_before');
});

it('combinations and composing text are left alone', () => {
  expect(actionOf(press('r', 'KeyR', { ctrlKey: true }))).toBeNull();
  expect(actionOf(press('j', 'KeyJ', { isComposing: true }))).toBeNull();
});

it('fields keep their letters, and a link keeps its Enter', () => {
  const field = document.createElement('textarea');
  const link = document.createElement('a');
  expect(keepsKeys(field, 'j')).toBe(true);
  expect(keepsKeys(link, 'Enter')).toBe(true);
  expect(keepsKeys(link, 'j')).toBe(false);
});
