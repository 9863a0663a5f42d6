import { beforeEach, expect, it } from 'vitest';
import {
  dropUnsent,
  keepUnsent,
  noteSaved,
  readDraft,
  readUnsent,
  setDraftOwner,
  subscribeDrafts,
  writeDraft,
} from '../src/inbox/drafts';
import type { LocalSend } from '../src/inbox/store';

const send = (clientId: string, at: number): LocalSend => ({
  clientId,
  conversationId: 'c',
  body: { type: 'text', text: clientId },
  text: clientId,
  seenMessageId: null,
  at,
  state: 'waiting',
});

beforeEach(() => {
  localStorage.clear();
  setDraftOwner('maria');
});

it('a draft belongs to its conversation and tab', () => {
  writeDraft('a', 'reply', 'Hello');
  writeDraft('a', 'note', 'only us');
  expect(readDraft('a', 'reply')).toBe('Hello');
  expect(readDraft('a', 'note')).toBe('only us');
  expect(readDraft('b', 'reply')).toBe('');
});

it('a draft is private to its author', () => {
  writeDraft('a', 'reply', 'Hello');
  setDraftOwner('anna');
  expect(readDraft('a', 'reply')).toBe('');
});

it('an emptied draft leaves nothing behind', () => {
  writeDraft('a', 'reply', 'Hello');
  writeDraft('a', 'reply', '');
  noteSaved('a');
  expect(localStorage.length).toBe(0);
});

it('a change is told to whoever shows it', () => {
  let told = 0;
  const stop = subscribeDrafts(() => (told += 1));
  writeDraft('a', 'reply', 'H');
  stop();
  writeDraft('a', 'reply', 'He');
  expect(told).toBe(1);
});

it('unsent words are read back oldest first, and one tab does not wipe those of another', () => {
  keepUnsent(send('second', 2));
  keepUnsent(send('first', 1));
  keepUnsent(send('third', 3));
  dropUnsent('second');
  expect(readUnsent().map((one) => one.clientId)).toEqual(['first', 'third']);
});

it('a broken entry is passed over', () => {
  localStorage.setItem('okno.unsent.maria.x', '{');
  expect(readUnsent()).toEqual([]);
});
