// The time of a message and what became of it: an icon, and the words for whoever asks.
import { Check, CheckCheck, CircleAlert, CircleHelp, Clock3, Send } from 'lucide-react';
import type { Message, Messenger } from '../api/client';
import { clockTime, fullTime } from '../app/times';
import { t, type Key } from '../i18n/i18n';
import { useInbox, useMessengerOf } from './live';

export type StatusName = NonNullable<Message['status']>;

const icons = {
  queued: Clock3,
  sending: Send,
  unknown: CircleHelp,
  sent: Check,
  delivered: CheckCheck,
  read: CheckCheck,
  failed: CircleAlert,
} as const;
const words: Record<StatusName, Key> = {
  queued: 'status.queued',
  sending: 'status.sending',
  unknown: 'status.unknown',
  sent: 'status.sent',
  delivered: 'status.delivered',
  read: 'status.read',
  failed: 'status.failed',
};

export function statusWords(status: StatusName): string {
  return t(words[status]);
}

// What of a message's way this messenger never tells; empty: nothing.
export function untold(messenger: Messenger | undefined): string {
  if (!messenger) return '';
  const { tells_delivered: delivered, tells_read: read } = messenger.traits;
  const { title } = messenger;
  if (!delivered && !read) return t('status.untoldBoth', { title });
  if (!delivered) return t('status.untoldDelivered', { title });
  return read ? '' : t('status.untoldRead', { title });
}

function story(message: Message, messenger: Messenger | undefined): string {
  const steps = Object.entries(message.status_times)
    .filter(([status]) => status in words)
    .toSorted(([, a], [, b]) => (a < b ? -1 : 1))
    .map(([status, at]) => `${statusWords(status as StatusName)}: ${fullTime(at)}`);
  const head = message.status ? [statusWords(message.status)] : [];
  const tail = message.error?.message ? [message.error.message] : [];
  const silent = message.status === 'sent' || message.status === 'delivered' ? untold(messenger) : '';
  const more = silent === '' ? [] : [silent];
  return [...head, ...(steps.length > 0 ? steps : [fullTime(message.created_at)]), ...tail, ...more].join('\n');
}

export function Status({ message }: { message: Message }) {
  const { status } = message;
  const channelId = useInbox((inbox) => inbox.conversations.get(message.conversation_id)?.channel_id);
  const messenger = useMessengerOf(channelId);
  const Icon = status ? icons[status] : null;
  return (
    <span className={`st ${status ?? ''}`} title={story(message, messenger)}>
      <time dateTime={message.created_at}>{clockTime(message.created_at)}</time>
      {Icon && <Icon className="ic" aria-hidden="true" />}
      {status && <span className="sr">{statusWords(status)}</span>}
    </span>
  );
}
