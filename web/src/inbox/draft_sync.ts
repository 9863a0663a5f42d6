// Drafts follow their author: local at once, on the server within two seconds, and from there to the
// author's other browsers. What was typed here and is not saved yet wins over what the server has.
import { api, ask, Refusal, type Conversation } from '../api/client';
import { adoptDraft, isUnsaved, noteSaved, onTyped, readDraft, unsavedDrafts } from './drafts';

export type Save = (conversationId: string, draft: { text: string; note: string }) => Promise<unknown>;

const pause = 1000;
const pauseAfterFailure = 5000;

function saveOnServer(id: string, body: { text: string; note: string }): Promise<unknown> {
  return ask(api.PUT('/api/v1/conversations/{id}/draft', { params: { path: { id } }, body }));
}

export class DraftSync {
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly savedAt = new Map<string, number>();
  private stopListening = () => {};

  constructor(private readonly save: Save = saveOnServer) {}

  // Also saves what an earlier page had no time for.
  start(): void {
    this.stop();
    this.stopListening = onTyped((id) => this.schedule(id, pause));
    for (const id of unsavedDrafts()) this.schedule(id, 0);
  }

  stop(): void {
    this.stopListening();
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    this.savedAt.clear();
  }

  // What the server answered to a question of `askedAt`: a question older than our own saving knows less.
  adopt({ id, draft }: Conversation, askedAt: number): void {
    if (isUnsaved(id) || (this.savedAt.get(id) ?? -1) >= askedAt) return;
    adoptDraft(id, draft?.text ?? '', draft?.note ?? '');
  }

  // Typing on does not put it off.
  private schedule(id: string, after: number): void {
    if (this.timers.has(id)) return;
    this.timers.set(
      id,
      setTimeout(() => void this.flush(id), after),
    );
  }

  private async flush(id: string): Promise<void> {
    const sent = { text: readDraft(id, 'reply'), note: readDraft(id, 'note') };
    let next = pause;
    try {
      await this.save(id, sent);
      this.savedAt.set(id, performance.now());
      const isSame = sent.text === readDraft(id, 'reply') && sent.note === readDraft(id, 'note');
      if (isSame) noteSaved(id);
    } catch (error) {
      next = pauseAfterFailure;
      const isGone = error instanceof Refusal && error.code === 'not_found';
      if (isGone) noteSaved(id); // the conversation became part of another one
    }
    if (!this.timers.delete(id)) return; // stopped meanwhile
    if (isUnsaved(id)) this.schedule(id, next);
  }
}

export const draftSync = new DraftSync();
