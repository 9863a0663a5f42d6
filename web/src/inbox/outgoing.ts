// What one press of Send becomes: a text, or one message a file with the words as the first caption.
import type { Messenger } from '../api/client';
import type { Attachment } from './attachments';
import { fitOf } from './fits';
import type { Shown } from './sending';
import type { SendBody } from './store';

export interface Outgoing {
  body: SendBody;
  shown: Shown;
}

// `limits` are the messenger's; null: not known yet, then the server says what does not fit.
export function outgoing(
  text: string,
  files: readonly Attachment[],
  replyTo: string | null,
  limits: Messenger['traits']['files'] | null,
): Outgoing[] {
  const reply = replyTo === null ? {} : { reply_to: replyTo };
  const uploads = files.flatMap((file) => file.upload ?? []);
  const kinds = uploads.map((upload) => (limits ? fitOf(limits, upload).kind : null) ?? upload.kind);
  const hasCaption = kinds[0] !== undefined && kinds[0] !== 'audio'; // words do not go with a sound everywhere
  const messages: Outgoing[] = uploads.map((upload, index) => {
    const caption = index === 0 && hasCaption && text !== '' ? { text } : {};
    const type = kinds[index] ?? upload.kind;
    const body: SendBody = { type, upload_id: upload.id, ...caption, ...(index === 0 ? reply : {}) };
    return { body, shown: { text: caption.text ?? '', file: { name: upload.name, size: upload.size } } };
  });
  if (text !== '' && !hasCaption)
    messages.push({ body: { type: 'text', text, ...(uploads.length === 0 ? reply : {}) }, shown: { text } });
  return messages;
}
