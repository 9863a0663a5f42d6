import { describe, expect, it } from 'vitest';
import { lastToEdit, mayChange } from '../src/inbox/changing';
import { InboxStore } from '../src/inbox/store';
import { at, message, messenger } from './support/examples';

const telegram = messenger({ edit_within_seconds: null, delete_within_seconds: 600, most_text: 20 });
const ours = (change: Parameters<typeof message>[1] = {}) =>
  message('ours', {
    direction: 'outbound',
    status: 'sent',
    status_times: { sent: at(10) },
    provider_id: '1:1',
    author: { kind: 'operator', name: 'Maria' },
    ...change,
  });
const now = Date.parse(at(15));

describe('a message that has left', () => {
  it('may be changed as the messenger allows, and for as long', () => {
    expect(mayChange(ours(), telegram, now)).toEqual({ edit: true, remove: true });
    expect(mayChange(ours(), telegram, Date.parse(at(20)))).toEqual({ edit: true, remove: false });
    expect(mayChange(ours(), messenger(), now)).toEqual({ edit: false, remove: false });
    expect(mayChange(ours(), undefined, now)).toEqual({ edit: false, remove: false });
  });

  it('counts from when it left, not from when it was written', () => {
    const waited = ours({ created_at: at(0), status_times: { sent: at(10) } });
    expect(mayChange(waited, telegram, Date.parse(at(19))).remove).toBe(true);
  });

  it.each([
    ['the customer wrote it', { direction: 'inbound' }],
    ['it was typed on the phone', { author: { kind: 'phone', name: '' } }],
    ['it has not left', { status: 'queued', provider_id: null }],
    ['it failed', { status: 'failed' }],
    ['nobody knows whether it arrived', { status: 'unknown', provider_id: null }],
    ['it is deleted', { is_deleted: true }],
    ['it is being deleted', { change: { kind: 'remove', text: null, by: 'Maria', error: null } }],
  ] as const)('stays as it is when %s', (_, change) => {
    expect(mayChange(ours(change), telegram, now)).toEqual({ edit: false, remove: false });
  });

  it('is edited only where it has words, and in one part', () => {
    expect(mayChange(ours({ type: 'image', text: null }), telegram, now).edit).toBe(true);
    expect(mayChange(ours({ type: 'location' }), telegram, now)).toEqual({ edit: false, remove: true });
    expect(mayChange(ours({ text: 'more than twenty characters' }), telegram, now).edit).toBe(false);
  });

  it('may be deleted again after that failed', () => {
    const error = { code: 'provider_error', message: 'no' };
    expect(mayChange(ours({ change: { kind: 'remove', text: null, by: '', error } }), telegram, now).remove).toBe(true);
  });
});

it('the last of my own is edited, not a colleague’s', () => {
  const mine = ours({ id: 'mine' });
  const hers = ours({ id: 'hers', author: { kind: 'operator', name: 'Anna' } });
  expect(lastToEdit([ours({ id: 'older' }), mine, hers], 'Maria', telegram, now)?.id).toBe('mine');
  expect(lastToEdit([hers], 'Maria', telegram, now)).toBeNull();
});

it('an answer that events have overtaken does not bring the change back', () => {
  const store = new InboxStore((notify) => notify());
  store.apply({ type: 'hello', seq: 1, server_time: at(0) } as never);
  store.putMessage(ours());
  const askedAt = store.mark();
  store.apply({ type: 'message', seq: 2, data: ours({ text: 'new', is_edited: true }) } as never);
  const change = { kind: 'edit', text: 'new', by: 'Maria', error: null } as const;
  store.settleMessage(ours({ change }), askedAt);
  expect(store.get().messages.get('ours')?.change).toBeNull();
  expect(store.get().messages.get('ours')?.text).toBe('new');
});
