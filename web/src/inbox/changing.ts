// Whether a message that has left may still be edited, or deleted for the customer too: what the messenger allows, and
// for how long. The server decides; this only keeps from the screen what it would refuse.
import type { Message, Messenger } from '../api/client';

export interface MayChange {
  edit: boolean;
  remove: boolean;
}

const nothing: MayChange = { edit: false, remove: false };
const arrived: readonly (string | null)[] = ['sent', 'delivered', 'read'];
const withWords: readonly string[] = ['text', 'image', 'video', 'audio', 'document'];

// `within`: seconds after it left; null: at any time.
function isInTime(message: Message, within: number | null, now: number): boolean {
  const left = Date.parse(message.status_times['sent'] ?? message.created_at);
  return within === null || now < left + within * 1000;
}

// `now`: the server's time in ms. `messenger` undefined: not known yet, the channel is gone, or changes nothing.
export function mayChange(message: Message, messenger: Messenger | undefined, now: number): MayChange {
  const isOurs = message.direction === 'outbound' && message.author.kind !== 'phone' && message.provider_id !== null;
  if (!messenger || !isOurs || !arrived.includes(message.status) || message.is_deleted) return nothing;
  const { change } = message;
  if (change?.kind === 'remove' && change.error === null) return nothing; // it is being deleted
  const { edit_within_seconds: edit, delete_within_seconds: remove, most_text: most } = messenger.traits;
  const isWhole = withWords.includes(message.type) && (message.text ?? '').length <= most; // else it left in parts
  return { edit: isWhole && isInTime(message, edit, now), remove: isInTime(message, remove, now) };
}

// The newest of one's own that may be edited, oldest first given; null: there is none.
export function lastToEdit(
  messages: readonly Message[],
  myName: string,
  messenger: Messenger | undefined,
  now: number,
): Message | null {
  const isMine = ({ author }: Message) => author.kind === 'operator' && author.name === myName;
  return messages.findLast((message) => isMine(message) && mayChange(message, messenger, now).edit) ?? null;
}
