// Turns the messages of a conversation into the lines of the screen: days, the "New" divider, groups
// of one sender, reactions moved onto the message they belong to. Pure, so that it is easy to test.
import type { Message } from '../api/client';
import { isSameDay } from '../app/times';
import type { LocalSend } from './store';

export interface Line {
  readonly key: string;
  readonly message: Message;
  readonly send: LocalSend | null; // set while the server has not confirmed it
  readonly day: string | null; // a day begins with this line
  readonly isNew: boolean; // the "New" divider stands before it
  readonly startsGroup: boolean;
  readonly endsGroup: boolean;
  readonly author: string | null; // named when it is not me and not the customer
  readonly reactions: readonly string[];
}

const groupGap = 10 * 60 * 1000;
const settled: readonly (string | null)[] = ['queued', 'sending', 'sent', 'delivered', 'read', null];

// A message that only this browser knows of, in the shape of all others.
export function asMessage(send: LocalSend, myName: string): Message {
  const { body } = send;
  const isRefused = send.state === 'refused';
  const media =
    send.file && 'upload_id' in body
      ? [
          {
            id: body.upload_id,
            kind: body.type,
            name: send.file.name,
            mime: null,
            size: send.file.size,
            state: 'sending',
            url: null,
          },
        ]
      : [];
  let content: Record<string, unknown> = {};
  if (body.type === 'template') content = body.template;
  if (body.type === 'reaction') content = body.reaction;
  if (body.type === 'interactive') content = body.interactive;
  if (body.type === 'location') content = body.location;
  return {
    id: send.clientId,
    conversation_id: send.conversationId,
    client_id: send.clientId,
    direction: body.type === 'note' ? 'note' : 'outbound',
    type: body.type === 'note' ? 'text' : body.type,
    text: send.text,
    content,
    media,
    status: isRefused ? 'failed' : 'queued',
    status_times: {},
    error: isRefused ? { code: send.code ?? 'internal', message: send.reason ?? '' } : null,
    provider_id: null,
    reply_to: 'reply_to' in body ? (body.reply_to ?? null) : null,
    author: { kind: 'operator', name: myName },
    attempt: 1,
    is_edited: false,
    is_deleted: false,
    change: null,
    created_at: new Date(send.at).toISOString(),
  };
}

interface Reaction {
  target: string;
  emoji: string;
}

// Our own reaction is a message of its own; what it points at may be named by either id.
function reactionOf(message: Message): Reaction | null {
  if (message.type !== 'reaction') return null;
  const inner = message.content['reaction'];
  const content = (typeof inner === 'object' && inner !== null ? inner : message.content) as Record<string, unknown>;
  const target = content['message_id'] ?? message.reply_to;
  return typeof target === 'string'
    ? { target, emoji: typeof content['emoji'] === 'string' ? content['emoji'] : (message.text ?? '') }
    : null;
}

function theirReactions(message: Message): string[] {
  const { reaction, reactions } = message.content;
  const found = Array.isArray(reactions) ? reactions : [reaction];
  return found.filter((emoji): emoji is string => typeof emoji === 'string' && emoji !== '');
}

function senderOf(message: Message): string {
  return `${message.direction} ${message.author.kind} ${message.author.name}`;
}

export interface LinesOptions {
  myName: string;
  firstNew: string | null; // id of the first message under the "New" divider
}

export function linesOf(
  messages: readonly Message[],
  local: readonly LocalSend[],
  { myName, firstNew }: LinesOptions,
): Line[] {
  const known = new Set(messages.flatMap((message) => [message.id, message.provider_id ?? '']));
  const mine = new Map<string, string>();
  const entries: { message: Message; send: LocalSend | null }[] = [];
  const unsent = local
    .filter((send) => send.state !== 'conflict')
    .map((send) => ({ message: asMessage(send, myName), send }));
  for (const entry of [...messages.map((message) => ({ message, send: null })), ...unsent]) {
    const reaction = reactionOf(entry.message);
    const isShownThere = reaction !== null && known.has(reaction.target) && settled.includes(entry.message.status);
    if (isShownThere) mine.set(reaction.target, reaction.emoji);
    else entries.push(entry);
  }

  return entries.map(({ message, send }, index) => {
    const before = entries[index - 1]?.message;
    const after = entries[index + 1]?.message;
    const startsDay = !before || !isSameDay(before.created_at, message.created_at);
    const isNew = message.id === firstNew;
    const own = mine.get(message.id) ?? mine.get(message.provider_id ?? '');
    const startsGroup = isNew || startsDay || !isGrouped(before, message);
    const isOthers =
      message.direction === 'outbound' && (message.author.kind !== 'operator' || message.author.name !== myName);
    return {
      key: message.client_id ?? message.id,
      message,
      send,
      day: startsDay ? message.created_at : null,
      isNew,
      startsGroup,
      endsGroup:
        !after ||
        after.id === firstNew ||
        !isGrouped(message, after) ||
        !isSameDay(message.created_at, after.created_at),
      author: startsGroup && isOthers ? message.author.name : null,
      reactions: own ? [...theirReactions(message), own] : theirReactions(message),
    };
  });
}

function isGrouped(before: Message | undefined, after: Message): boolean {
  if (!before || senderOf(before) !== senderOf(after)) return false;
  if (after.direction === 'note' || after.direction === 'event') return false;
  return Date.parse(after.created_at) - Date.parse(before.created_at) < groupGap;
}

// The oldest of the `unread` newest messages of the customer.
export function firstUnread(messages: readonly Message[], unread: number): string | null {
  let left = unread;
  let found: string | null = null;
  for (let index = messages.length - 1; index >= 0 && left > 0; index -= 1) {
    const message = messages[index];
    if (message?.direction !== 'inbound') continue;
    found = message.id;
    left -= 1;
  }
  return found;
}
