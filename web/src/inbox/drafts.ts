// Words that were not sent yet, kept in this browser: a draft a conversation and mode, and own sends
// that the server has not confirmed. Both survive a reload; draft_sync.ts brings drafts to the server.
import { useSyncExternalStore } from 'react';
import type { Upload } from '../api/more';
import type { LocalSend } from './store';

export type Mode = 'reply' | 'note';
type Part = Mode | 'answers'; // which message the reply answers

const listeners = new Set<() => void>();
let owner = '';

const key = (conversationId: string, mode: Part): string => `okno.draft.${owner}.${conversationId}.${mode}`;
const unsentPrefix = (): string => `okno.unsent.${owner}.`;

// Drafts are private to their author, also on a shared computer.
export function setDraftOwner(userId: string): void {
  owner = userId;
}

export function readDraft(conversationId: string, mode: Part): string {
  return localStorage.getItem(key(conversationId, mode)) ?? '';
}

function put(name: string, value: string): void {
  if (value === '') localStorage.removeItem(name);
  else localStorage.setItem(name, value);
}

export function writeDraft(conversationId: string, mode: Part, text: string): void {
  put(key(conversationId, mode), text);
  if (mode !== 'answers') {
    put(unsavedPrefix() + conversationId, '1');
    for (const listener of typedListeners) listener(conversationId);
  }
  for (const listener of listeners) listener();
}

// ---- what the server keeps of them ----

const unsavedPrefix = (): string => `okno.unsaved.${owner}.`;
const typedListeners = new Set<(conversationId: string) => void>();

export function onTyped(listener: (conversationId: string) => void): () => void {
  typedListeners.add(listener);
  return () => typedListeners.delete(listener);
}

export function isUnsaved(conversationId: string): boolean {
  return localStorage.getItem(unsavedPrefix() + conversationId) !== null;
}

export function noteSaved(conversationId: string): void {
  localStorage.removeItem(unsavedPrefix() + conversationId);
}

export function unsavedDrafts(): string[] {
  const names = Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index) ?? '');
  return names.filter((name) => name.startsWith(unsavedPrefix())).map((name) => name.slice(unsavedPrefix().length));
}

// The author typed it in another browser.
export function adoptDraft(conversationId: string, text: string, note: string): void {
  if (readDraft(conversationId, 'reply') === text && readDraft(conversationId, 'note') === note) return;
  put(key(conversationId, 'reply'), text);
  put(key(conversationId, 'note'), note);
  for (const listener of listeners) listener();
}

const filesKey = (conversationId: string): string => `okno.draft.${owner}.${conversationId}.files`;

export function readDraftFiles(conversationId: string): Upload[] {
  try {
    return JSON.parse(localStorage.getItem(filesKey(conversationId)) ?? '[]') as Upload[];
  } catch {
    return []; // written by a page that died halfway
  }
}

export function writeDraftFiles(conversationId: string, files: readonly Upload[]): void {
  if (files.length === 0) localStorage.removeItem(filesKey(conversationId));
  else localStorage.setItem(filesKey(conversationId), JSON.stringify(files));
}

export function subscribeDrafts(listener: () => void): () => void {
  listeners.add(listener);
  globalThis.addEventListener('storage', listener); // another tab writes
  return () => {
    listeners.delete(listener);
    globalThis.removeEventListener('storage', listener);
  };
}

export function useDraft(conversationId: string, mode: Part): string {
  return useSyncExternalStore(subscribeDrafts, () => readDraft(conversationId, mode));
}

// One entry a send: two tabs of one person must not wipe each other's words.
export function keepUnsent(send: LocalSend): void {
  localStorage.setItem(unsentPrefix() + send.clientId, JSON.stringify(send));
}

export function dropUnsent(clientId: string): void {
  localStorage.removeItem(unsentPrefix() + clientId);
}

// Oldest first.
export function readUnsent(): LocalSend[] {
  const found: LocalSend[] = [];
  for (let i = 0; i < localStorage.length; i += 1) {
    const name = localStorage.key(i);
    if (!name?.startsWith(unsentPrefix())) continue;
    try {
      found.push(JSON.parse(localStorage.getItem(name) ?? '') as LocalSend);
    } catch {
      // Written by a page that died halfway: there is nothing to send in it.
    }
  }
  return found.toSorted((a, b) => a.at - b.at);
}
