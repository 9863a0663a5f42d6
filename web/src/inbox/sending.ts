// Sends what the operator wrote: at once on the screen, then to the server under a client id that
// makes every repeat safe. What could not leave waits and goes when the connection returns.
import { api, ask, Refusal, type Message } from '../api/client';
import { sendMessage } from '../api/more';
import { dropUnsent, keepUnsent, readUnsent } from './drafts';
import type { InboxStore, LocalSend, SendBody } from './store';

const day = 24 * 60 * 60 * 1000;
const pause = 5000;

export type Deliver = (send: LocalSend) => Promise<Message>;

function deliverToServer(send: LocalSend): Promise<Message> {
  const body = send.body;
  if (body.type === 'note') {
    const params = { path: { id: send.conversationId } };
    return ask(
      api.POST('/api/v1/conversations/{id}/notes', { params, body: { client_id: send.clientId, text: body.text } }),
    );
  }
  const seen = send.seenMessageId === null ? {} : { seen_message_id: send.seenMessageId };
  return sendMessage(send.conversationId, { client_id: send.clientId, ...body, ...seen });
}

export interface Shown {
  text: string;
  file?: { name: string; size: number };
}

export class Sending {
  private readonly underway = new Set<string>();
  private readonly lanes = new Map<string, Promise<void>>();
  private readonly kept = new Map<string, LocalSend>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly store: InboxStore,
    private readonly deliver: Deliver = deliverToServer,
  ) {
    store.subscribe(() => this.keep());
  }

  // What an earlier page could not send, taken up again.
  restore(): void {
    const known = new Set(this.store.get().local.map((send) => send.clientId));
    for (const send of readUnsent()) {
      if (known.has(send.clientId)) continue;
      this.kept.set(send.clientId, send);
      this.store.putLocal(send.state === 'sending' ? { ...send, state: 'waiting' } : send);
    }
    this.flush();
  }

  send(conversationId: string, body: SendBody, shown: Shown, seenMessageId: string | null): void {
    const send: LocalSend = {
      clientId: crypto.randomUUID(),
      conversationId,
      body,
      ...shown,
      seenMessageId,
      at: Date.now(),
      state: 'sending',
    };
    this.store.putLocal(send);
    this.keep();
    this.queue(send);
  }

  // The session ended: what is on disk stays there for the same person's next sign-in.
  forget(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.kept.clear();
  }

  // Everything that waits goes again, oldest first, one at a time within a conversation.
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const send of this.store.get().local) {
      if (send.state !== 'waiting') continue;
      if (Date.now() - send.at > day) this.store.changeLocal(send.clientId, { state: 'refused', code: 'too_old' });
      else this.again(send.clientId);
    }
  }

  again(clientId: string, change: Partial<LocalSend> = {}): void {
    this.store.changeLocal(clientId, { ...change, state: 'sending' });
    const send = this.store.get().local.find((other) => other.clientId === clientId);
    if (send) this.queue(send);
  }

  // The colleague's answer was read and the operator sends all the same.
  sendAnyway(clientId: string): void {
    this.again(clientId, { seenMessageId: null });
  }

  private keep(): void {
    const now = this.store.get().local;
    for (const send of now) {
      if (this.kept.get(send.clientId) === send) continue;
      this.kept.set(send.clientId, send);
      keepUnsent(send);
    }
    const present = new Set(now.map((send) => send.clientId));
    for (const clientId of this.kept.keys()) {
      if (present.has(clientId)) continue;
      this.kept.delete(clientId);
      dropUnsent(clientId);
    }
  }

  private queue(send: LocalSend): void {
    if (this.underway.has(send.clientId)) return;
    this.underway.add(send.clientId);
    const before = this.lanes.get(send.conversationId) ?? Promise.resolve();
    this.lanes.set(
      send.conversationId,
      before.then(() => this.attempt(send)),
    );
  }

  private async attempt(send: LocalSend): Promise<void> {
    try {
      this.store.settleMessage(await this.deliver(send));
    } catch (error) {
      this.refuse(send, error);
    } finally {
      this.underway.delete(send.clientId);
    }
  }

  private refuse(send: LocalSend, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    const problem = error instanceof Refusal ? error.problem : null;
    const code = problem?.code ?? 'internal';
    const mayPass =
      code === 'network' || code === 'not_signed_in' || (problem?.status ?? 0) >= 500 || problem?.status === 429;
    if (problem?.theirs && code === 'colleague_answered') {
      this.store.changeLocal(send.clientId, { state: 'conflict', theirs: problem.theirs });
    } else if (mayPass) {
      this.store.changeLocal(send.clientId, { state: 'waiting', reason });
      this.timer ??= setTimeout(() => this.flush(), pause);
    } else {
      this.store.changeLocal(send.clientId, { state: 'refused', reason, code });
    }
  }
}
