// The living inbox of the signed-in person: the store, the feed that moves it, and what to ask the
// server for. Screens use `useInbox` and the functions here, nothing else.
import { useSyncExternalStore } from 'react';
import { api, ask, type Me, type Message, type Messenger, type View } from '../api/client';
import { openFeed, type Feed } from '../api/events';
import { setServerTime } from '../app/clock';
import { soundOf } from '../app/notify';
import { forgetAttachments } from './attachments';
import { draftSync } from './draft_sync';
import { setDraftOwner } from './drafts';
import { Sending } from './sending';
import { InboxStore, views, type InboxState } from './store';

export const store = new InboxStore();
export const sending = new Sending(store);

let feed: Feed | null = null;
let loadedGeneration = -1;

export function useInbox<T>(select: (state: InboxState) => T): T {
  return useSyncExternalStore(store.subscribe, () => select(store.get()));
}

export function startInbox(me: Me, onSessionEnd: () => void): void {
  stopInbox();
  setDraftOwner(me.user.id);
  setServerTime(me.server_time);
  feed = openFeed({
    after: () => store.get().seq,
    onEvent: (event) => {
      if (event.type === 'hello' || event.type === 'clock') setServerTime(event.server_time);
      if (event.type === 'message') soundOf(event.data);
      store.apply(event);
      refresh();
    },
    onOnline: () => {
      store.setOffline(null);
      sending.flush();
    },
    onOffline: () => {
      store.setOffline(Date.now());
      if (loadedGeneration < 0) refresh(true); // no feed yet, but there may be answers
    },
    onSessionEnd,
  });
  sending.restore();
  draftSync.start();
}

export function stopInbox(): void {
  feed?.stop();
  feed = null;
  loadedGeneration = -1;
  sending.forget();
  draftSync.stop();
  forgetAttachments();
  store.clear();
}

// After a new generation every view is asked for again; the open thread sees it by its own state.
function refresh(force = false): void {
  const generation = store.get().generation;
  if (!force && generation === loadedGeneration) return;
  loadedGeneration = generation;
  for (const view of views) loadView(view).catch(() => {}); // the list itself shows the error and Retry
  loadChannels().catch(() => {});
}

const underway = new Map<string, Promise<void>>();

// One request a thing at a time: a second asker waits for the first.
function once(name: string, start: () => Promise<void>): Promise<void> {
  const running = underway.get(name);
  if (running) return running;
  const started = start().finally(() => underway.delete(name));
  underway.set(name, started);
  return started;
}

export function loadView(view: View, more = false): Promise<void> {
  return once(`view ${view} ${more} ${store.get().generation}`, async () => {
    const cursor = more ? store.get().lists[view].cursor : null;
    const query = { view, limit: 50, ...(cursor === null ? {} : { cursor }) };
    const askedAt = store.mark();
    const askedTime = performance.now();
    try {
      const page = await ask(api.GET('/api/v1/conversations', { params: { query } }));
      store.putPage(view, page.items, page.next_cursor, !more, askedAt);
      for (const item of page.items) draftSync.adopt(item, askedTime);
    } catch (error) {
      store.failPage(view, error instanceof Error ? error.message : String(error));
      throw error;
    }
  });
}

export function loadChannels(): Promise<void> {
  return once('channels', async () => {
    const [channels, messengers] = await Promise.all([
      ask(api.GET('/api/v1/channels')),
      ask(api.GET('/api/v1/messengers')),
    ]);
    store.putMessengers(messengers.items);
    store.putChannels(channels.items);
  });
}

// What the messenger of the channel is and can do; undefined until it is known, and after its channel is gone.
export function useMessengerOf(channelId: string | undefined): Messenger | undefined {
  return useInbox((inbox) => inbox.messengers.get(inbox.channels.get(channelId ?? '')?.messenger ?? ''));
}

// Undefined too where nothing that has left through the channel can be changed.
export function useMessengerThatChanges(channelId: string | undefined): Messenger | undefined {
  const messenger = useMessengerOf(channelId);
  return useInbox((inbox) => inbox.channels.get(channelId ?? '')?.changes_sent) ? messenger : undefined;
}

export function loadConversation(id: string): Promise<void> {
  return once(`conversation ${id}`, async () => {
    const askedAt = store.mark();
    const askedTime = performance.now();
    const conversation = await ask(api.GET('/api/v1/conversations/{id}', { params: { path: { id } } }));
    store.putOne(conversation, askedAt);
    draftSync.adopt(conversation, askedTime);
  });
}

export function loadThread(id: string, older = false): Promise<void> {
  return once(`thread ${id} ${older} ${store.get().generation}`, async () => {
    const before = older ? (store.get().threads.get(id)?.cursor ?? null) : null;
    if (older && before === null) return;
    // A thread opens at its first unread message, so the first page reaches that far.
    const unread = older ? 0 : (store.get().conversations.get(id)?.unread ?? 0);
    const limit = Math.min(200, Math.max(50, unread + 20));
    const params = { path: { id }, query: { limit, ...(before === null ? {} : { before }) } };
    const askedAt = store.mark();
    const page = await ask(api.GET('/api/v1/conversations/{id}/messages', { params }));
    store.putThread(id, page.items, page.next_cursor, !older, askedAt);
  });
}

// Loads older pages until the message is there. False when the beginning came first.
export async function loadUntil(conversationId: string, messageId: string): Promise<boolean> {
  for (let page = 0; page < 100; page += 1) {
    const thread = store.get().threads.get(conversationId);
    if (thread?.ids.includes(messageId)) return true;
    if (thread?.loaded && thread.cursor === null) return false;
    await loadThread(conversationId, thread?.loaded ?? false);
  }
  return false;
}

// The newest message of either side on the screen: an answer newer than this one was not seen.
export function lastSeen({ threads, messages }: InboxState, conversationId: string): string | null {
  const ids = threads.get(conversationId)?.ids ?? [];
  for (let index = ids.length - 1; index >= 0; index -= 1) {
    const message = messages.get(ids[index] ?? '');
    if (message?.direction === 'inbound' || message?.direction === 'outbound') return message.id;
  }
  return null;
}

export function markRead(id: string): void {
  if ((store.get().conversations.get(id)?.unread ?? 0) === 0) return;
  store.readByMe(id);
  ask(api.POST('/api/v1/conversations/{id}/read', { params: { path: { id } } })).catch(() => {});
}

// The row leaves at once and comes back when the server refuses.
export async function markDone(id: string): Promise<void> {
  const before = store.get().conversations.get(id);
  if (!before?.waiting) return;
  store.doneByMe(id);
  try {
    await ask(api.POST('/api/v1/conversations/{id}/done', { params: { path: { id } } }));
  } catch (error) {
    store.undoDone(id);
    throw error;
  }
}

// Done taken back: the customer waits again.
export async function takeUp(id: string): Promise<void> {
  store.undoDone(id);
  try {
    await ask(api.DELETE('/api/v1/conversations/{id}/done', { params: { path: { id } } }));
  } catch (error) {
    store.doneByMe(id);
    throw error;
  }
}

export async function retryMessage(message: Message, confirmUnknown: boolean): Promise<void> {
  const body = { attempt: message.attempt, confirm_unknown: confirmUnknown };
  store.settleMessage(
    await ask(api.POST('/api/v1/messages/{id}/retry', { params: { path: { id: message.id } }, body })),
  );
}

export async function settleMessage(message: Message, outcome: 'sent' | 'not_sent'): Promise<void> {
  const params = { path: { id: message.id } };
  store.settleMessage(await ask(api.POST('/api/v1/messages/{id}/settle', { params, body: { outcome } })));
}

// `text`: the new one of an edit. What happens to the message comes with its events.
export async function changeMessage(message: Message, kind: 'edit' | 'remove', text: string | null): Promise<void> {
  const askedAt = store.mark();
  const params = { path: { id: message.id } };
  const body = text === null ? { kind } : { kind, text };
  store.settleMessage(await ask(api.PUT('/api/v1/messages/{id}/change', { params, body })), askedAt);
}

export async function forgetChange(message: Message): Promise<void> {
  const askedAt = store.mark();
  const params = { path: { id: message.id } };
  store.settleMessage(await ask(api.DELETE('/api/v1/messages/{id}/change', { params })), askedAt);
}

export async function takeBack(message: Message): Promise<void> {
  await ask(api.DELETE('/api/v1/messages/{id}', { params: { path: { id: message.id } } }));
  store.removeMessage(message.id);
}
