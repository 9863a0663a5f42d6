// The time of a message and what became of it: an icon, and the words for whoever asks.
import { Check, CheckCheck, CircleAlert, CircleHelp, Clock3, Send } from 'lucide-react';
import type { Message } from '../api/client';
import { clockTime, fullTime } from '../app/times';
import { t, type Key } from '../i18n/i18n';

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

function story(message: Message): string {
  const steps = Object.entries(message.status_times)
    .filter(([status]) => status in words)
    .toSorted(([, a], [, b]) => (a < b ? -1 : 1))
    .map(([status, at]) => `${statusWords(status as StatusName)}: ${fullTime(at)}`);
  const head = message.status ? [statusWords(message.status)] : [];
  const tail = message.error?.message ? [message.error.message] : [];
  return [...head, ...(steps.length > 0 ? steps : [fullTime(message.created_at)]), ...tail].join('\n');
}

export function Status({ message }: { message: Message }) {
  const { status } = message;
  const Icon = status ? icons[status] : null;
  return (
    <span className={`st ${status ?? ''}`} title={story(message)}>
      <time dateTime={message.created_at}>{clockTime(message.created_at)}</time>
      {Icon && <Icon className="ic" aria-hidden="true" />}
      {status && <span className="sr">{statusWords(status)}</span>}
    </span>
  );
}
