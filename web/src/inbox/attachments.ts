// Files chosen for a conversation and not sent yet. They upload at once, so that sending is quick; once
// uploaded they are part of the draft and survive a reload as its words do.
import { useSyncExternalStore } from 'react';
import { reasonOf } from '../api/client';
import { uploadFile, type Upload } from '../api/more';
import { readDraftFiles, writeDraftFiles } from './drafts';

export interface Attachment {
  readonly key: string;
  readonly name: string;
  readonly size: number;
  readonly file: File | null; // null: uploaded by an earlier page
  readonly part: number; // share uploaded, 0 to 1
  readonly upload: Upload | null;
  readonly error: string | null;
}

const none: readonly Attachment[] = [];
const chosen = new Map<string, readonly Attachment[]>();
const stops = new Map<string, AbortController>();
const listeners = new Set<() => void>();

function now(conversationId: string): readonly Attachment[] {
  let known = chosen.get(conversationId);
  if (!known) {
    const kept = readDraftFiles(conversationId);
    known = kept.length === 0 ? none : kept.map((upload) => ({ ...fromUpload(upload), upload }));
    chosen.set(conversationId, known);
  }
  return known;
}

function fromUpload({ id, name, size }: Upload): Omit<Attachment, 'upload'> {
  return { key: id, name, size, file: null, part: 1, error: null };
}

function put(conversationId: string, next: readonly Attachment[]): void {
  chosen.set(conversationId, next);
  writeDraftFiles(
    conversationId,
    next.flatMap((one) => one.upload ?? []),
  );
  for (const listener of listeners) listener();
}

function change(conversationId: string, key: string, part: Partial<Attachment>): void {
  put(
    conversationId,
    now(conversationId).map((one) => (one.key === key ? { ...one, ...part } : one)),
  );
}

function start(conversationId: string, key: string, file: File): void {
  const stop = new AbortController();
  stops.set(key, stop);
  uploadFile(file, (part) => change(conversationId, key, { part }), stop.signal)
    .then((upload) => change(conversationId, key, { upload, part: 1 }))
    .catch((error: unknown) => change(conversationId, key, { error: reasonOf(error) }))
    .finally(() => stops.delete(key));
}

export function attach(conversationId: string, files: Iterable<File>): void {
  const added = [...files].map((file) => ({
    key: crypto.randomUUID(),
    name: file.name,
    size: file.size,
    file,
    part: 0,
    upload: null,
    error: null,
  }));
  put(conversationId, [...now(conversationId), ...added]);
  for (const { key, file } of added) start(conversationId, key, file);
}

export function retryUpload(conversationId: string, attachment: Attachment): void {
  if (!attachment.file) return;
  change(conversationId, attachment.key, { error: null, part: 0 });
  start(conversationId, attachment.key, attachment.file);
}

export function detach(conversationId: string, key: string): void {
  put(
    conversationId,
    now(conversationId).filter((one) => one.key !== key),
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
    () => now(conversationId),
  );
}

// The session ended: what was uploaded waits with the draft for the same person's next sign-in.
export function forgetAttachments(): void {
  for (const stop of stops.values()) stop.abort();
  chosen.clear();
}
