import { beforeEach, describe, expect, it } from 'vitest';
import { InboxStore } from '../src/inbox/store';
import { at, conversation, message } from './support/examples';

let store: InboxStore;
beforeEach(() => {
  store = new InboxStore((notify) => notify());
});

describe('events', () => {
  it('come once, also when a resumed feed repeats them', () => {
    store.apply({ type: 'hello', seq: 10, server_time: at(0) });
    store.putThread('c', [], null, true);
    store.apply({ type: 'message', seq: 11, data: message('a') });
    store.apply({ type: 'message', seq: 11, data: message('a', { text: 'again' }) });

    expect(store.get().threads.get('c')?.ids).toEqual(['a']);
    expect(store.get().messages.get('a')?.text).toBe('a');
    expect(store.get().seq).toBe(11);
  });

  it('the number of the first hello is where the feed resumes', () => {
    store.apply({ type: 'hello', seq: 10, server_time: at(0) });
    expect(store.get().seq).toBe(10);
    store.apply({ type: 'hello', seq: 25, server_time: at(0) });
    expect(store.get().seq).toBe(10); // what came between is still to be sent
  });

  it('a resync asks for everything again and goes on from the newest number', () => {
    store.apply({ type: 'hello', seq: 10, server_time: at(0) });
    store.putThread('c', [message('a')], null, true);
    const { generation } = store.get();
    store.apply({ type: 'hello', seq: 90, server_time: at(0) });
    store.apply({ type: 'resync' });

    expect(store.get().generation).toBe(generation + 1);
    expect(store.get().seq).toBe(90);
    expect(store.get().threads.get('c')).toMatchObject({ loaded: false, ids: ['a'] });
  });

  it('a message stands by its time, not by its arrival', () => {
    store.putThread('c', [], null, true);
    store.apply({ type: 'message', seq: 1, data: message('later', { created_at: at(5) }) });
    store.apply({ type: 'message', seq: 2, data: message('earlier', { created_at: at(2) }) });
    expect(store.get().threads.get('c')?.ids).toEqual(['earlier', 'later']);
  });
});

describe('lists', () => {
  beforeEach(() => store.putPage('all', [conversation('a'), conversation('b')], null, true));

  it('a conversation rises when its customer writes', () => {
    const last = message('new', { conversation_id: 'b' });
    store.apply({ type: 'conversation', seq: 1, data: conversation('b', { last_message: last, updated_at: at(2) }) });
    expect(store.get().lists.all.ids).toEqual(['b', 'a']);
  });

  it('a conversation that was asked for before its event rises all the same', () => {
    const last = message('new', { conversation_id: 'b' });
    const now = conversation('b', { last_message: last, updated_at: at(2) });
    store.putOne(now);
    store.apply({ type: 'conversation', seq: 1, data: now });
    expect(store.get().lists.all.ids).toEqual(['b', 'a']);
  });

  it('a conversation stays where it is when we answer or read', () => {
    const answer = message('answer', { conversation_id: 'b', direction: 'outbound', status: 'sent' });
    store.apply({
      type: 'conversation',
      seq: 1,
      data: conversation('b', { last_message: answer, unread: 0, waiting: false }),
    });
    expect(store.get().lists.all.ids).toEqual(['a', 'b']);
  });

  it('the waiting view lets an answered conversation go', () => {
    store.putPage('waiting', [conversation('a'), conversation('b')], null, true);
    store.apply({ type: 'conversation', seq: 1, data: conversation('a', { waiting: false }) });
    expect(store.get().lists.waiting.ids).toEqual(['b']);
  });

  it('an answer does not overwrite a newer event', () => {
    const askedAt = store.mark();
    store.apply({ type: 'conversation', seq: 1, data: conversation('a', { unread: 7 }) });
    store.putPage('all', [conversation('a', { unread: 2 })], null, true, askedAt);
    expect(store.get().conversations.get('a')?.unread).toBe(7);

    store.putPage('all', [conversation('a', { unread: 0 })], null, true, store.mark());
    expect(store.get().conversations.get('a')?.unread).toBe(0);
  });

  it('a conversation that came while a page was asked for is not lost', () => {
    const askedAt = store.mark();
    store.apply({ type: 'conversation', seq: 1, data: conversation('new', { updated_at: at(9) }) });
    store.putPage('all', [conversation('a')], null, true, askedAt);
    expect(store.get().lists.all.ids).toEqual(['new', 'a']);
  });

  it('an old conversation that only a colleague touched does not jump to the top', () => {
    const lists = () => store.get().lists.all.ids;
    store.putPage('all', [conversation('b', { updated_at: at(8) }), conversation('a', { updated_at: at(6) })], 'x', true);
    store.apply({ type: 'conversation', seq: 1, data: conversation('old', { updated_at: at(2) }) });
    expect(lists()).toEqual(['b', 'a']); // it stands on a page that is not here yet
    store.apply({ type: 'conversation', seq: 2, data: conversation('mid', { updated_at: at(7) }) });
    expect(lists()).toEqual(['b', 'mid', 'a']);
  });

  it('what is taken up again comes back to its place', () => {
    const page = [conversation('c', { updated_at: at(3) }), conversation('b', { updated_at: at(2) }), conversation('a')];
    store.putPage('waiting', page, null, true);
    store.doneByMe('b');
    expect(store.get().lists.waiting.ids).toEqual(['c', 'a']);
    store.undoDone('b');
    expect(store.get().lists.waiting.ids).toEqual(['c', 'b', 'a']);
  });

  it('a conversation, a channel and a message that were removed are gone', () => {
    store.apply({ type: 'hello', seq: 1, server_time: at(0) });
    store.putThread('a', [message('m', { conversation_id: 'a' })], null, true);
    store.apply({ type: 'removed', seq: 2, data: { type: 'message', id: 'm' } });
    expect(store.get().threads.get('a')?.ids).toEqual([]);
    store.apply({ type: 'removed', seq: 3, data: { type: 'conversation', id: 'a' } });
    expect(store.get().lists.all.ids).toEqual(['b']);
    expect(store.get().seq).toBe(3);
  });

  it('a row shows the newest words of its last message', () => {
    store.apply({ type: 'message', seq: 1, data: message('last of a', { conversation_id: 'a', text: 'edited' }) });
    expect(store.get().conversations.get('a')?.last_message?.text).toBe('edited');
  });

  it('a repeated page adds nothing twice', () => {
    store.putPage('all', [conversation('b'), conversation('c')], null, false);
    expect(store.get().lists.all.ids).toEqual(['a', 'b', 'c']);
  });
});

describe('own sends', () => {
  const send = {
    clientId: 'k1',
    conversationId: 'c',
    body: { type: 'text', text: 'hi' },
    text: 'hi',
    seenMessageId: null,
    at: 0,
    state: 'sending',
  } as const;

  it('are replaced by the message of the same client id, whichever way it comes', () => {
    store.putThread('c', [], null, true);
    store.putLocal(send);
    store.apply({
      type: 'message',
      seq: 1,
      data: message('m', { client_id: 'k1', direction: 'outbound', status: 'queued' }),
    });
    expect(store.get().local).toEqual([]);

    store.settleMessage(message('m', { client_id: 'k1', direction: 'outbound', status: 'queued' }));
    expect(store.get().threads.get('c')?.ids).toEqual(['m']);
  });

  it('a slow answer does not take a status back', () => {
    store.apply({
      type: 'message',
      seq: 1,
      data: message('m', { client_id: 'k1', direction: 'outbound', status: 'delivered' }),
    });
    store.settleMessage(message('m', { client_id: 'k1', direction: 'outbound', status: 'queued' }));
    expect(store.get().messages.get('m')?.status).toBe('delivered');
  });

  it('a new attempt is further than any status of the one before', () => {
    store.putMessage(message('m', { status: 'failed', attempt: 1 }));
    store.settleMessage(message('m', { status: 'queued', attempt: 2 }));
    expect(store.get().messages.get('m')).toMatchObject({ status: 'queued', attempt: 2 });
  });

  it('are not shown again when their message is known already', () => {
    store.putMessage(message('m', { client_id: 'k1' }));
    store.putLocal(send);
    expect(store.get().local).toEqual([]);
  });
});

it('older pages come before what is known', () => {
  store.putThread('c', [message('c3', { created_at: at(3) }), message('c2', { created_at: at(2) })], 'older', true);
  store.putThread('c', [message('c1', { created_at: at(1) })], null, false);
  expect(store.get().threads.get('c')).toMatchObject({ ids: ['c1', 'c2', 'c3'], cursor: null });
});

it('a message that came while its thread was asked for is not lost', () => {
  const askedAt = store.mark();
  store.apply({ type: 'message', seq: 1, data: message('new', { created_at: at(9) }) });
  store.putThread('c', [message('old', { created_at: at(1) })], 'older', true, askedAt);
  expect(store.get().threads.get('c')?.ids).toEqual(['old', 'new']);
});

it('a change of a message on an older page leaves no gap in the thread', () => {
  store.putThread('c', [message('c9', { created_at: at(9) })], 'older', true);
  store.apply({ type: 'message', seq: 1, data: message('c1', { created_at: at(1), text: 'edited' }) });
  expect(store.get().threads.get('c')?.ids).toEqual(['c9']);
  store.putThread('c', [message('c1', { created_at: at(1), text: 'edited' })], null, false);
  expect(store.get().threads.get('c')?.ids).toEqual(['c1', 'c9']);
});

it('taking back removes the message from its thread', () => {
  store.putThread('c', [message('a')], null, true);
  store.removeMessage('a');
  expect(store.get().threads.get('c')?.ids).toEqual([]);
});
