// Everything the inbox shows, in one place: conversations and messages by id, the order of each view,
// the number of the last event. Every view reads it; only events, answers and own sends change it.
//
// An event is newer than any answer asked before it: each change notes its number, and an answer brings
// the number that was the newest when it was asked (`mark`), so it never overwrites what is further on.
import type { Channel, Conversation, Event, Message, Messenger, View } from '../api/client';
import type { FileKind } from '../api/more';

export interface ListState {
  readonly ids: readonly string[];
  readonly cursor: string | null;
  readonly loaded: boolean;
  readonly error?: string;
}

export interface ThreadState {
  readonly ids: readonly string[]; // oldest first
  readonly cursor: string | null; // null: the beginning is here
  readonly loaded: boolean;
}

interface Choice {
  id: string;
  title: string;
}

export type Choices =
  | { body: string; buttons: Choice[] }
  | { kind: 'list'; body: string; button: string; sections: { rows: Choice[] }[] };

// As the server takes it, without the client id. A note goes to its own address.
export type SendBody =
  | { type: 'text'; text: string; reply_to?: string }
  | { type: 'template'; template: { name: string; language: string; values: Record<string, string> } }
  | { type: FileKind; upload_id: string; text?: string; reply_to?: string }
  | { type: 'reaction'; reaction: { message_id: string; emoji: string } }
  | { type: 'interactive'; interactive: Choices }
  | { type: 'location'; location: { latitude: number; longitude: number; name?: string } }
  | { type: 'note'; text: string };

// What the operator sent and the server has not confirmed. `clientId` makes repeating it safe.
export interface LocalSend {
  readonly clientId: string;
  readonly conversationId: string;
  readonly body: SendBody;
  readonly text: string; // as shown meanwhile
  readonly file?: { name: string; size: number };
  readonly seenMessageId: string | null;
  readonly at: number;
  readonly state: 'sending' | 'waiting' | 'refused' | 'conflict';
  readonly reason?: string;
  readonly code?: string;
  readonly theirs?: Message;
}

export interface InboxState {
  readonly conversations: ReadonlyMap<string, Conversation>;
  readonly messages: ReadonlyMap<string, Message>;
  readonly lists: Readonly<Record<View, ListState>>;
  readonly threads: ReadonlyMap<string, ThreadState>;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly messengers: ReadonlyMap<string, Messenger>; // by name, in the order of the server
  readonly local: readonly LocalSend[];
  readonly seq: number | null;
  readonly generation: number; // grows when views must be loaded again
  readonly offlineSince: number | null;
}

const emptyList: ListState = { ids: [], cursor: null, loaded: false };

export function emptyInbox(): InboxState {
  return {
    conversations: new Map(),
    messages: new Map(),
    lists: { waiting: emptyList, all: emptyList, unread: emptyList },
    threads: new Map(),
    channels: new Map(),
    messengers: new Map(),
    local: [],
    seq: null,
    generation: 0,
    offlineSince: null,
  };
}

export const views: readonly View[] = ['waiting', 'all', 'unread'];
const order = ['queued', 'sending', 'unknown', 'failed', 'sent', 'delivered', 'read'];

export function belongs(conversation: Conversation, view: View): boolean {
  if (view === 'waiting') return conversation.waiting;
  if (view === 'unread') return conversation.unread > 0;
  return true;
}

function isFurther(a: Message, b: Message): boolean {
  if (a.attempt !== b.attempt) return a.attempt > b.attempt;
  return order.indexOf(a.status ?? '') > order.indexOf(b.status ?? '');
}

// Where a conversation stands in the lists: newest first, as the server orders its pages.
interface Place {
  key: string;
  by: string | null; // the last message when it was put there: only a later one of the customer moves it
}

function placeOf({ updated_at: updated, id, last_message: last }: Conversation): Place {
  return { key: `${updated} ${id}`, by: last?.id ?? null };
}

function byTime(messages: ReadonlyMap<string, Message>) {
  return (a: string, b: string): number => {
    const left = messages.get(a);
    const right = messages.get(b);
    if (!left || !right) return 0;
    if (left.created_at !== right.created_at) return left.created_at < right.created_at ? -1 : 1;
    return a < b ? -1 : 1;
  };
}

// A hidden page gets no frames, and its title must still count.
function onceAFrame(notify: () => void): void {
  if (document.hidden) setTimeout(notify, 200);
  else requestAnimationFrame(notify);
}

export class InboxStore {
  private state = emptyInbox();
  private readonly listeners = new Set<() => void>();
  private frame = false;
  private helloSeq = 0;
  private readonly changedAt = new Map<string, number>(); // number of the last change, by id
  private readonly places = new Map<string, Place>(); // of the conversations in the lists

  // `schedule` gathers changes: two hundred events a second redraw once a frame.
  constructor(private readonly schedule: (notify: () => void) => void = onceAFrame) {}

  readonly get = (): InboxState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private set(change: Partial<InboxState>): void {
    this.state = { ...this.state, ...change };
    if (this.frame) return;
    this.frame = true;
    this.schedule(() => {
      this.frame = false;
      for (const listener of this.listeners) listener();
    });
  }

  clear(): void {
    this.changedAt.clear();
    this.places.clear();
    this.set(emptyInbox());
  }

  // Taken before a request: what changes after it is newer than the answer.
  mark(): number {
    return this.state.seq ?? 0;
  }

  // What this page did itself is newer than every event so far, and older than the next.
  private noteOwnChange(id: string): void {
    this.changedAt.set(id, this.mark() + 0.5);
  }

  private isNewer(id: string, askedAt: number): boolean {
    return (this.changedAt.get(id) ?? -1) > askedAt;
  }

  setOffline(since: number | null): void {
    if (since !== null && this.state.offlineSince !== null) return;
    this.set({ offlineSince: since });
  }

  // ---- events ----

  apply(event: Event): void {
    switch (event.type) {
      case 'hello':
        this.helloSeq = event.seq;
        // The first connection asks for nothing old: what the views load now covers it.
        if (this.state.seq !== null) return;
        this.set({ seq: event.seq });
        this.reload();
        return;
      case 'resync':
        this.set({ seq: this.helloSeq });
        this.reload();
        return;
      case 'clock':
        return;
      case 'conversation':
        if (this.take(event.seq)) this.putConversation(event.data);
        return;
      case 'message':
        if (this.take(event.seq)) this.putMessage(event.data);
        return;
      case 'channel':
        if (this.take(event.seq)) this.putChannel(event.data);
        return;
      case 'removed':
        if (this.take(event.seq)) this.remove(event.data.type, event.data.id);
        return;
    }
  }

  private remove(type: string, id: string): void {
    if (type === 'message') this.removeMessage(id);
    if (type === 'channel') this.removeChannel(id);
    if (type === 'conversation') this.removeConversation(id);
  }

  private removeConversation(id: string): void {
    const conversations = new Map(this.state.conversations);
    const threads = new Map(this.state.threads);
    const lists = { ...this.state.lists };
    conversations.delete(id);
    threads.delete(id);
    for (const view of views) lists[view] = { ...lists[view], ids: lists[view].ids.filter((other) => other !== id) };
    this.set({ conversations, threads, lists });
  }

  // Everything shown is asked for again; until the answers come, what we have stays on the screen.
  reload(): void {
    const threads = new Map([...this.state.threads].map(([id, thread]) => [id, { ...thread, loaded: false }]));
    this.set({ threads, generation: this.state.generation + 1 });
  }

  private take(seq: number): boolean {
    if (this.state.seq !== null && seq <= this.state.seq) return false; // sent again after a break
    this.set({ seq });
    return true;
  }

  private putConversation(next: Conversation): void {
    this.changedAt.set(next.id, this.mark());
    const conversations = new Map(this.state.conversations).set(next.id, next);
    const last = next.last_message;
    const placed = this.places.get(next.id);
    const customerWrote = last?.direction === 'inbound' && last.id !== placed?.by;
    if (customerWrote || !placed) this.places.set(next.id, placeOf(next));
    const lists = { ...this.state.lists };
    for (const view of views) {
      const list = lists[view];
      if (!list.loaded) continue;
      const isIn = list.ids.includes(next.id);
      if (!belongs(next, view)) {
        if (isIn) lists[view] = { ...list, ids: list.ids.filter((id) => id !== next.id) };
      } else if (!isIn || customerWrote) {
        lists[view] = { ...list, ids: this.withPlaced(list, next.id) };
      }
    }
    this.set({ conversations, lists });
  }

  // One that stands below everything loaded comes with its own page.
  private withPlaced(list: ListState, id: string): readonly string[] {
    const others = list.ids.filter((other) => other !== id);
    const key = (one: string) => this.places.get(one)?.key ?? '';
    const at = others.findIndex((other) => key(other) < key(id));
    if (at < 0) return list.cursor === null ? [...others, id] : others;
    return others.toSpliced(at, 0, id);
  }

  putMessage(next: Message): void {
    this.changedAt.set(next.id, this.mark());
    const messages = new Map(this.state.messages).set(next.id, next);
    const threads = new Map(this.state.threads);
    const thread = this.state.threads.get(next.conversation_id);
    const oldest = messages.get(thread?.ids[0] ?? '')?.created_at ?? '';
    // Of an older page that is not here, a change of one message is kept but not shown before its page is.
    const isBeyond = thread !== undefined && thread.cursor !== null && next.created_at < oldest;
    if (thread && !isBeyond && !thread.ids.includes(next.id)) {
      threads.set(next.conversation_id, { ...thread, ids: [...thread.ids, next.id].toSorted(byTime(messages)) });
    }
    const conversations = this.withLastMessage(next);
    this.set({
      messages,
      threads,
      conversations,
      local: this.state.local.filter((send) => send.clientId !== next.client_id),
    });
  }

  // An edit or a new status of the last message shows in its row too.
  private withLastMessage(next: Message): ReadonlyMap<string, Conversation> {
    const known = this.state.conversations.get(next.conversation_id);
    if (!known || known.last_message?.id !== next.id) return this.state.conversations;
    return new Map(this.state.conversations).set(known.id, { ...known, last_message: next });
  }

  // An answer to our own write: later events may have overtaken it. `askedAt`: of a write that no status tells of.
  settleMessage(answer: Message, askedAt?: number): void {
    if (askedAt !== undefined && this.isNewer(answer.id, askedAt)) return;
    const known = this.state.messages.get(answer.id);
    this.putMessage(known && isFurther(known, answer) ? known : answer);
    this.noteOwnChange(answer.id);
  }

  removeMessage(id: string): void {
    const message = this.state.messages.get(id);
    if (!message) return;
    const messages = new Map(this.state.messages);
    messages.delete(id);
    const threads = new Map(this.state.threads);
    const thread = threads.get(message.conversation_id);
    if (thread) threads.set(message.conversation_id, { ...thread, ids: thread.ids.filter((other) => other !== id) });
    this.set({ messages, threads });
  }

  // ---- answers ----

  putPage(
    view: View,
    items: readonly Conversation[],
    cursor: string | null,
    isFirst: boolean,
    askedAt = this.mark(),
  ): void {
    for (const item of items) if (!this.isNewer(item.id, askedAt)) this.places.set(item.id, placeOf(item));
    const conversations = this.withAnswers(items, askedAt);
    const before = isFirst ? [] : this.state.lists[view].ids;
    const ids = [...before, ...items.map((item) => item.id).filter((id) => !before.includes(id))];
    const isShown = (id: string) => belongs(conversations.get(id)!, view);
    let list: ListState = { ids: ids.filter(isShown), cursor, loaded: true };
    for (const id of isFirst ? conversations.keys() : []) {
      const cameMeanwhile = this.isNewer(id, askedAt) && isShown(id);
      if (cameMeanwhile) list = { ...list, ids: this.withPlaced(list, id) };
    }
    this.set({ conversations, lists: { ...this.state.lists, [view]: list } });
  }

  failPage(view: View, error: string): void {
    this.set({ lists: { ...this.state.lists, [view]: { ...this.state.lists[view], error } } });
  }

  putOne(conversation: Conversation, askedAt = this.mark()): void {
    this.set({ conversations: this.withAnswers([conversation], askedAt) });
  }

  private withAnswers(items: readonly Conversation[], askedAt: number): Map<string, Conversation> {
    const conversations = new Map(this.state.conversations);
    for (const item of items) {
      if (!conversations.has(item.id) || !this.isNewer(item.id, askedAt)) conversations.set(item.id, item);
    }
    return conversations;
  }

  putThread(
    conversationId: string,
    newestFirst: readonly Message[],
    cursor: string | null,
    isFirst: boolean,
    askedAt = this.mark(),
  ): void {
    const messages = new Map(this.state.messages);
    for (const item of newestFirst) {
      const known = messages.get(item.id);
      if (!known || (!this.isNewer(item.id, askedAt) && !isFurther(known, item))) messages.set(item.id, item);
    }
    // A first page replaces what was here, for after a resync there may be a gap between the two; what
    // came while it was asked for is not in it.
    const oldest = newestFirst[newestFirst.length - 1]?.created_at ?? '';
    const cameMeanwhile = (message: Message) =>
      message.conversation_id === conversationId &&
      this.isNewer(message.id, askedAt) &&
      (cursor === null || message.created_at >= oldest);
    const kept = isFirst
      ? [...messages.values()].filter(cameMeanwhile).map((message) => message.id)
      : (this.state.threads.get(conversationId)?.ids ?? []);
    const ids = [...new Set([...newestFirst.map((item) => item.id), ...kept])].toSorted(byTime(messages));
    const confirmed = new Set(newestFirst.map((item) => item.client_id));
    this.set({
      messages,
      threads: new Map(this.state.threads).set(conversationId, { ids, cursor, loaded: true }),
      local: this.state.local.filter((send) => !confirmed.has(send.clientId)),
    });
  }

  putChannels(items: readonly Channel[]): void {
    this.set({ channels: new Map(items.map((item) => [item.id, item])) });
  }

  putMessengers(items: readonly Messenger[]): void {
    this.set({ messengers: new Map(items.map((item) => [item.name, item])) });
  }

  readByMe(conversationId: string): void {
    const known = this.state.conversations.get(conversationId);
    if (!known || known.unread === 0) return;
    this.noteOwnChange(conversationId);
    // The row stays where it is in "Unread": nothing moves under the hand.
    this.set({ conversations: new Map(this.state.conversations).set(conversationId, { ...known, unread: 0 }) });
  }

  doneByMe(conversationId: string): void {
    const known = this.state.conversations.get(conversationId);
    if (known) this.putConversation({ ...known, waiting: false });
    this.noteOwnChange(conversationId);
  }

  // The row comes back to the place it had.
  undoDone(conversationId: string): void {
    const known = this.state.conversations.get(conversationId);
    if (known) this.putConversation({ ...known, waiting: true });
    this.noteOwnChange(conversationId);
  }

  removeChannel(id: string): void {
    const channels = new Map(this.state.channels);
    channels.delete(id);
    this.set({ channels });
  }

  putChannel(channel: Channel): void {
    this.set({ channels: new Map(this.state.channels).set(channel.id, channel) });
  }

  // ---- own sends ----

  putLocal(send: LocalSend): void {
    const known = [...this.state.messages.values()].some((message) => message.client_id === send.clientId);
    const others = this.state.local.filter((other) => other.clientId !== send.clientId);
    this.set({ local: known ? others : [...others, send] });
  }

  changeLocal(clientId: string, change: Partial<LocalSend>): void {
    this.set({ local: this.state.local.map((send) => (send.clientId === clientId ? { ...send, ...change } : send)) });
  }

  dropLocal(clientId: string): void {
    this.set({ local: this.state.local.filter((send) => send.clientId !== clientId) });
  }
}
