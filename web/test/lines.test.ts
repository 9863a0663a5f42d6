import { describe, expect, it } from 'vitest';
import { firstUnread, linesOf } from '../src/inbox/lines';
import { shownOrder } from '../src/inbox/shown_order';
import type { LocalSend } from '../src/inbox/store';
import { at, message } from './support/examples';

const options = { myName: 'Maria', firstNew: null };

describe('lines', () => {
  it('group one sender, and begin a day with its name', () => {
    const lines = linesOf(
      [message('a'), message('b'), message('c', { created_at: '2026-05-13T12:00:00.000Z' })],
      [],
      options,
    );
    expect(lines.map((line) => line.day !== null)).toEqual([true, false, true]);
    expect(lines.map((line) => line.startsGroup)).toEqual([true, false, true]);
    expect(lines.map((line) => line.endsGroup)).toEqual([false, true, true]);
  });

  it('name a colleague, and not me', () => {
    const mine = message('a', { direction: 'outbound', author: { kind: 'operator', name: 'Maria' } });
    const hers = message('b', { direction: 'outbound', author: { kind: 'operator', name: 'Anna' } });
    expect(linesOf([mine, hers], [], options).map((line) => line.author)).toEqual([null, 'Anna']);
  });

  it('keep their key when the server confirms a send', () => {
    const send: LocalSend = {
      clientId: 'k',
      conversationId: 'c',
      body: { type: 'text', text: 'Hi' },
      text: 'Hi',
      seenMessageId: null,
      at: 0,
      state: 'sending',
    };
    expect(linesOf([], [send], options)[0]?.key).toBe(linesOf([message('m', { client_id: 'k' })], [], options)[0]?.key);
  });

  it('show a reaction on its message, theirs and ours', () => {
    const target = message('a', { content: { reaction: '🙏' }, provider_id: 'wamid.A' });
    const ours = message('r', {
      type: 'reaction',
      direction: 'outbound',
      status: 'sent',
      content: { message_id: 'wamid.A', emoji: '👍' },
    });
    const lines = linesOf([target, ours], [], options);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.reactions).toEqual(['🙏', '👍']);
  });

  it('show a reaction that failed as a line of its own', () => {
    const failed = message('r', {
      type: 'reaction',
      direction: 'outbound',
      status: 'failed',
      content: { message_id: 'a', emoji: '👍' },
    });
    expect(linesOf([message('a'), failed], [], options)).toHaveLength(2);
  });

  it('leave a stopped send to the conflict', () => {
    const send: LocalSend = {
      clientId: 'k',
      conversationId: 'c',
      body: { type: 'text', text: 'Hi' },
      text: 'Hi',
      seenMessageId: null,
      at: 0,
      state: 'conflict',
    };
    expect(linesOf([], [send], options)).toEqual([]);
  });
});

it('the first unread is the oldest of the newest customer messages', () => {
  const messages = [
    message('a'),
    message('b'),
    message('ours', { direction: 'outbound', created_at: at(2) }),
    message('c'),
  ];
  expect(firstUnread(messages, 2)).toBe('b');
  expect(firstUnread(messages, 0)).toBeNull();
});

describe('the order of rows', () => {
  it('follows the store when nobody points at it', () => {
    expect(shownOrder(['a', 'b'], ['c', 'a', 'b'], false, null)).toEqual({ ids: ['c', 'a', 'b'], waiting: 0 });
  });

  it('stands still under the pointer and counts what rose', () => {
    expect(shownOrder(['a', 'b', 'c'], ['n', 'c', 'a', 'b'], true, null)).toEqual({ ids: ['a', 'b', 'c'], waiting: 2 });
  });

  it('lets go under the pointer what left the view', () => {
    expect(shownOrder(['a', 'b', 'c'], ['a', 'c'], true, null)).toEqual({ ids: ['a', 'c'], waiting: 0 });
  });

  it('grows at the end under the pointer', () => {
    expect(shownOrder(['a'], ['a', 'b'], true, null)).toEqual({ ids: ['a', 'b'], waiting: 0 });
  });

  it('keeps the open conversation in its place', () => {
    expect(shownOrder(['a', 'b', 'c'], ['a', 'c'], false, 'b')).toEqual({ ids: ['a', 'b', 'c'], waiting: 0 });
  });
});
