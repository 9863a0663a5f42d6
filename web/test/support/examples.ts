// A message and a conversation to change in a test.
import type { Channel, Conversation, Message, Messenger } from '../../src/api/client';

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
    change: null,
    created_at: at(1),
    ...change,
  };
}

export function conversation(id: string, change: Partial<Conversation> = {}): Conversation {
  return {
    id,
    channel_id: 'ch',
    contact: { name: id, referral: null },
    identity: { external_id: id, phone: null },
    reply_window: { verdict: 'free_text', closes_at: null },
    blocked_since: null,
    waiting: true,
    unread: 1,
    draft: null,
    last_message: message(`last of ${id}`, { conversation_id: id }),
    updated_at: at(1),
    ...change,
  };
}

export function messenger(traits: Partial<Messenger['traits']> = {}): Messenger {
  return {
    name: 'whatsapp',
    title: 'WhatsApp',
    webhook: 'by_admin',
    shows_verify_token: true,
    fields: [
      { key: 'number_id', kind: 'text', required: true, rare: false, fallback: null, choices: [] },
      { key: 'token', kind: 'secret', required: true, rare: false, fallback: null, choices: [] },
      { key: 'base_url', kind: 'text', required: false, rare: true, fallback: 'https://api.example', choices: [] },
    ],
    traits: {
      reply_window_seconds: 86_400,
      edit_within_seconds: 0,
      delete_within_seconds: 0,
      has_templates: true,
      is_official: true,
      finds_by_phone: true,
      most_text: 4096,
      most_choices: 10,
      tells_delivered: true,
      tells_read: true,
      messages_per_second: 80,
      files: [],
      ...traits,
    },
  };
}

export function channel(settings: Channel['settings'] = {}): Channel {
  return {
    id: 'ch',
    messenger: 'whatsapp',
    name: 'Support',
    state: 'connected',
    state_reason: null,
    state_since: at(0),
    silent_since: null,
    called_at: null,
    settings,
    changes_sent: true,
    webhook_url: 'https://okno.example/hooks/key',
    created_at: at(0),
  };
}
