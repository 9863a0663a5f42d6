// Files chosen for a conversation and not sent yet. They upload at once, so that sending is quick,
// and stay with their conversation while the page lives.
import { useSyncExternalStore } from 'react';
import { reasonOf } from '../api/client';
import { uploadFile, type Upload } from '../api/more';

export interface Attachment {
  readonly key: string;
  readonly file: File;
  readonly part: number; // share uploaded, 0 to 1
  readonly upload: Upload | null;
  readonly error: string | null;
}

const none: readonly Attachment[] = [];
const chosen = new Map<string, readonly Attachment[]>();
const stops = new Map<string, AbortController>();
const listeners = new Set<() => void>();

function put(conversationId: string, next: readonly Attachment[]): void {
  if (next.length === 0) chosen.delete(conversationId);
  else chosen.set(conversationId, next);
  for (const listener of listeners) listener();
}

function change(conversationId: string, key: string, part: Partial<Attachment>): void {
  const now = chosen.get(conversationId) ?? none;
  put(
    conversationId,
    now.map((one) => (one.key === key ? { ...one, ...part } : one)),
  );
}

function start(conversationId: string, { key, file }: Attachment): void {
  const stop = new AbortController();
  stops.set(key, stop);
  uploadFile(file, (part) => change(conversationId, key, { part }), stop.signal)
    .then((upload) => change(conversationId, key, { upload, part: 1 }))
    .catch((error: unknown) => change(conversationId, key, { error: reasonOf(error) }))
    .finally(() => stops.delete(key));
}

export function attach(conversationId: string, files: Iterable<File>): void {
  const added = [...files].map((file) => ({ key: crypto.randomUUID(), file, part: 0, upload: null, error: null }));
  put(conversationId, [...(chosen.get(conversationId) ?? none), ...added]);
  for (const attachment of added) start(conversationId, attachment);
}

export function retryUpload(conversationId: string, attachment: Attachment): void {
  change(conversationId, attachment.key, { error: null, part: 0 });
  start(conversationId, attachment);
}

export function detach(conversationId: string, key: string): void {
  put(
    conversationId,
    (chosen.get(conversationId) ?? none).filter((one) => one.key !== key),
  );
  stops.get(key)?.abort();
}

export function detachAll(conversationId: string): void {
  put(conversationId, none);
}

export function useAttachments(conversationId: string): readonly Attachment[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => chosen.get(conversationId) ?? none,
  );
}
