// Requests and answers that openapi.yaml does not describe yet, written by hand.
import { call, csrf, problemOf, Refusal, unreachable, type Conversation, type Message } from './client';

export type FileKind = 'image' | 'video' | 'audio' | 'document';

export interface Upload {
  id: string;
  kind: FileKind;
  name: string;
  mime: string;
  size: number;
}

// Stops when `signal` does. `onPart` gets the share sent, 0 to 1: fetch cannot tell it, so this is XHR.
export function uploadFile(file: File, onPart: (part: number) => void, signal: AbortSignal): Promise<Upload> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/v1/uploads?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
    request.setRequestHeader('X-CSRF-Token', csrf());
    request.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable) onPart(event.loaded / event.total);
    });
    request.addEventListener('load', () => {
      let answer: unknown;
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        answer = null;
      }
      if (request.status === 201 || request.status === 200) resolve(answer as Upload);
      else reject(new Refusal(problemOf(answer, request.status)));
    });
    request.addEventListener('error', () => reject(unreachable()));
    request.addEventListener('abort', () => reject(unreachable()));
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

export interface NewConversation {
  client_id: string;
  channel_id: string;
  phone: string;
  template: { name: string; language: string; values: Record<string, string> };
}

export function startConversation(wanted: NewConversation): Promise<Conversation> {
  return call('POST', '/api/v1/conversations', wanted);
}

export interface Found {
  conversation: Conversation;
  message: Message;
  snippet: string;
}

export function searchMessages(
  words: string,
  cursor: string | null,
): Promise<{ items: Found[]; next_cursor: string | null }> {
  const query = new URLSearchParams({ q: words, limit: '30' });
  if (cursor !== null) query.set('cursor', cursor);
  return call('GET', `/api/v1/search?${query}`);
}

// The customer sees "typing…"; nobody waits for the answer, and a failure changes nothing.
export function tellTyping(conversationId: string): void {
  call('POST', `/api/v1/conversations/${conversationId}/typing`).catch(() => {});
}

export function sendMessage(conversationId: string, body: unknown): Promise<Message> {
  return call('POST', `/api/v1/conversations/${conversationId}/messages`, body);
}
