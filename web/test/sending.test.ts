import { beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { Refusal, type Message, type Problem } from '../src/api/client';
import { loadLanguage } from '../src/i18n/i18n';
import { readUnsent, setDraftOwner } from '../src/inbox/drafts';
import { Sending } from '../src/inbox/sending';
import { InboxStore, type LocalSend } from '../src/inbox/store';
import { message } from './support/examples';

const refusal = (status: number, code: string, more: Partial<Problem> = {}) =>
  new Refusal({ type: 'about:blank', title: code, status, code, detail: code, ...more });
const accepted = (send: LocalSend): Message =>
  message(`m-${send.clientId}`, { client_id: send.clientId, direction: 'outbound', status: 'queued', text: send.text });
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));
const text = (words: string) => ({ type: 'text', text: words }) as const;

let store: InboxStore;
beforeAll(() => loadLanguage('en'));
beforeEach(() => {
  localStorage.clear();
  setDraftOwner('maria');
  store = new InboxStore((notify) => notify());
  store.putThread('c', [], null, true);
});

it('a send is on the screen and on disk before the server answers', async () => {
  const sending = new Sending(store, () => new Promise(() => {}));
  sending.send('c', text('Hi'), { text: 'Hi' }, 'seen');
  expect(store.get().local).toMatchObject([{ text: 'Hi', state: 'sending', seenMessageId: 'seen' }]);
  expect(readUnsent()).toHaveLength(1);
});

it('a confirmed send leaves the disk', async () => {
  const sending = new Sending(store, async (send) => accepted(send));
  sending.send('c', text('Hi'), { text: 'Hi' }, null);
  await settle();
  expect(store.get().local).toEqual([]);
  expect(readUnsent()).toEqual([]);
});

it('what could not leave waits, and goes again under the same client id', async () => {
  const deliver = vi
    .fn<(send: LocalSend) => Promise<Message>>()
    .mockRejectedValueOnce(refusal(0, 'network'))
    .mockImplementation(async (send) => accepted(send));
  const sending = new Sending(store, deliver);
  sending.send('c', text('Hi'), { text: 'Hi' }, null);
  await settle();
  expect(store.get().local[0]?.state).toBe('waiting');

  sending.flush();
  await settle();
  expect(store.get().local).toEqual([]);
  expect(deliver.mock.calls[0]?.[0].clientId).toBe(deliver.mock.calls[1]?.[0].clientId);
});

it('a reload takes up again what was under way', async () => {
  new Sending(store, () => new Promise(() => {})).send('c', text('Hi'), { text: 'Hi' }, null);
  const clientId = store.get().local[0]?.clientId;

  const reloaded = new InboxStore((notify) => notify());
  const deliver = vi.fn(async (send: LocalSend) => accepted(send));
  new Sending(reloaded, deliver).restore();
  await settle();
  expect(deliver.mock.calls[0]?.[0].clientId).toBe(clientId);
  expect(reloaded.get().local).toEqual([]);
});

it('a refusal stays with its reason and is not repeated', async () => {
  const deliver = vi.fn(async () => Promise.reject(refusal(422, 'window_closed')));
  const sending = new Sending(store, deliver);
  sending.send('c', text('Hi'), { text: 'Hi' }, null);
  await settle();
  sending.flush();
  await settle();
  expect(store.get().local).toMatchObject([{ state: 'refused', code: 'window_closed' }]);
  expect(deliver).toHaveBeenCalledOnce();
});

it("a colleague's answer stops the send until the person decides", async () => {
  const theirs = message('theirs', { direction: 'outbound' });
  const deliver = vi
    .fn<(send: LocalSend) => Promise<Message>>()
    .mockRejectedValueOnce(refusal(409, 'colleague_answered', { theirs }))
    .mockImplementation(async (send) => accepted(send));
  const sending = new Sending(store, deliver);
  sending.send('c', text('Hi'), { text: 'Hi' }, 'seen');
  await settle();
  const [stopped] = store.get().local;
  expect(stopped).toMatchObject({ state: 'conflict', theirs: { id: 'theirs' } });

  sending.sendAnyway(stopped?.clientId ?? '');
  await settle();
  expect(deliver.mock.calls[1]?.[0].seenMessageId).toBeNull();
  expect(store.get().local).toEqual([]);
});

it('within a conversation messages go one after another', async () => {
  const order: string[] = [];
  const sending = new Sending(store, async (send) => {
    order.push(`start ${send.text}`);
    await settle();
    order.push(`end ${send.text}`);
    return accepted(send);
  });
  sending.send('c', text('1'), { text: '1' }, null);
  sending.send('c', text('2'), { text: '2' }, null);
  await settle();
  await settle();
  await settle();
  await settle();
  expect(order).toEqual(['start 1', 'end 1', 'start 2', 'end 2']);
});

it('the end of a session leaves unsent words on disk', async () => {
  const sending = new Sending(store, async () => Promise.reject(refusal(401, 'not_signed_in')));
  sending.send('c', text('Hi'), { text: 'Hi' }, null);
  await settle();
  sending.forget();
  store.clear();
  expect(readUnsent()).toHaveLength(1);
});
