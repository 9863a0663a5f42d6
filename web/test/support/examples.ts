// A message and a conversation to change in a test.
import type { Conversation, Message } from '../../src/api/client';

export const at = (minute: number): string => new Date(Date.UTC(2026, 4, 12, 9, minute)).toISOString();

export function message(id: string, change: Partial<Message> = {}): Message {
  return {
    id,
    conversation_id: 'c',
    client_id: null,
    direction: 'inbound',
    type: 'text',
    text: id,
    content: {},
    media: [],
    status: null,
    status_times: {},
    error: null,
    provider_id: null,
    reply_to: null,
    author: { kind: 'customer', name: 'Katerina' },
    attempt: 1,
    is_edited: false,
    is_deleted: false,
    created_at: at(1),
    ...change,
  };
}

export function conversation(id: string, change: Partial<Conversation> = {}): Conversation {
  return {
    id,
    channel_id: 'ch',
    contact: { name: id },
    identity: { external_id: id, phone: null },
    reply_window: { verdict: 'free_text', closes_at: null },
    waiting: true,
    unread: 1,
    draft: null,
    last_message: message(`last of ${id}`, { conversation_id: id }),
    updated_at: at(1),
    ...change,
  };
}
