// What one press of Send becomes: a text, or one message a file with the words as the first caption.
import type { Attachment } from './attachments';
import type { Shown } from './sending';
import type { SendBody } from './store';

export interface Outgoing {
  body: SendBody;
  shown: Shown;
}

export function outgoing(text: string, files: readonly Attachment[], replyTo: string | null): Outgoing[] {
  const reply = replyTo === null ? {} : { reply_to: replyTo };
  const uploads = files.flatMap((file) => file.upload ?? []);
  const hasCaption = uploads[0] !== undefined && uploads[0].kind !== 'audio'; // WhatsApp shows no words with a sound
  const messages: Outgoing[] = uploads.map((upload, index) => {
    const caption = index === 0 && hasCaption && text !== '' ? { text } : {};
    const body: SendBody = { type: upload.kind, upload_id: upload.id, ...caption, ...(index === 0 ? reply : {}) };
    return { body, shown: { text: caption.text ?? '', file: { name: upload.name, size: upload.size } } };
  });
  if (text !== '' && !hasCaption)
    messages.push({ body: { type: 'text', text, ...(uploads.length === 0 ? reply : {}) }, shown: { text } });
  return messages;
}
