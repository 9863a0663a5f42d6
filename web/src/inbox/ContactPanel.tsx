// Beside the thread: who the customer is, how the messenger knows them, and the files of the thread.
import { useMemo, useState } from 'react';
import { Check, Copy, FileText, Image as ImageIcon, Music, Video, X } from 'lucide-react';
import { Link } from 'wouter';
import type { Conversation, Message } from '../api/client';
import { useServerNow } from '../app/clock';
import { dayWords, fullTime, rowTime } from '../app/times';
import { t } from '../i18n/i18n';
import { Avatar } from '../kit/Avatar';
import { ChannelMark } from './ChannelMark';
import { useInbox, useMessengerOf } from './live';
import { kindWords, nameOf } from './preview';
import { untold } from './Status';
import { WindowChip } from './WindowChip';

const shownFiles = 8;
const icons: Readonly<Record<string, typeof FileText>> = {
  image: ImageIcon,
  sticker: ImageIcon,
  video: Video,
  audio: Music,
};

interface ContactPanelProps {
  conversation: Conversation;
  hrefOf: (messageId: string) => string;
  onClose: () => void;
}

function Phone({ phone }: { phone: string | null }) {
  const [isCopied, setCopied] = useState(false);
  if (phone === null) return <span className="grow meta">{t('contact.noPhone')}</span>;
  return (
    <>
      <a className="grow cut num" href={`tel:${phone}`}>
        {phone}
      </a>
      <button
        type="button"
        className="tool"
        aria-label={t('contact.copyPhone')}
        title={t('contact.copyPhone')}
        onClick={() => void navigator.clipboard.writeText(phone).then(() => setCopied(true))}
      >
        {isCopied ? <Check className="ic" /> : <Copy className="ic" />}
      </button>
    </>
  );
}

function Files({ messages, hrefOf }: { messages: readonly Message[]; hrefOf: (messageId: string) => string }) {
  const now = useServerNow(3600);
  const files = messages
    .flatMap((message) => message.media.map((media) => ({ message, media })))
    .slice(-shownFiles)
    .toReversed();
  if (files.length === 0) return null;
  return (
    <section className="c-part" aria-label={t('contact.files')}>
      <h3>{t('contact.files')}</h3>
      {files.map(({ message, media }) => {
        const Icon = icons[media.kind] ?? FileText;
        return (
          <Link key={media.id} className="c-file" href={hrefOf(message.id)}>
            <Icon className="ic" />
            <span className="grow cut">{media.name ?? kindWords(media.kind)}</span>
            <time className="meta" dateTime={message.created_at}>
              {rowTime(message.created_at, now)}
            </time>
          </Link>
        );
      })}
    </section>
  );
}

export function ContactPanel({ conversation, hrefOf, onClose }: ContactPanelProps) {
  const channel = useInbox((inbox) => inbox.channels.get(conversation.channel_id));
  const messenger = useMessengerOf(conversation.channel_id);
  const ids = useInbox((inbox) => inbox.threads.get(conversation.id)?.ids);
  const known = useInbox((inbox) => inbox.messages);
  const messages = useMemo(() => (ids ?? []).flatMap((id) => known.get(id) ?? []), [ids, known]);
  const now = useServerNow(3600);
  const name = nameOf(conversation);
  const { phone, external_id: externalId } = conversation.identity;
  const last = conversation.last_message;
  return (
    <aside className="contact" aria-label={t('contact.title')} data-testid="contact-panel">
      <header className="bar">
        <h2 className="grow">{t('contact.title')}</h2>
        <button
          type="button"
          className="tool"
          aria-label={t('dialog.close')}
          title={t('dialog.close')}
          onClick={onClose}
        >
          <X className="ic" />
        </button>
      </header>
      <div className="c-who">
        <Avatar name={name} size={44} />
        <b className="words">{name}</b>
      </div>
      <section className="c-part" aria-label={t('contact.accounts')}>
        <h3>{t('contact.accounts')}</h3>
        <div className="row">
          <ChannelMark channel={channel} messenger={messenger} />
          {phone === null && messenger?.traits.finds_by_phone === false ? (
            <span className="grow cut num">{externalId}</span>
          ) : (
            <Phone phone={phone} />
          )}
          <WindowChip conversation={conversation} />
        </div>
      </section>
      <section className="c-part" aria-label={t('contact.conversation')}>
        <h3>{t('contact.conversation')}</h3>
        <dl>
          <dt>{t('contact.channel')}</dt>
          <dd className="cut">{channel?.name ?? t('contact.channelGone')}</dd>
          {conversation.contact.referral !== null && (
            <>
              <dt>{t('contact.referral')}</dt>
              <dd className="words" data-testid="referral">
                {conversation.contact.referral}
              </dd>
            </>
          )}
          {untold(messenger) && (
            <>
              <dt>{t('contact.marks')}</dt>
              <dd>{untold(messenger)}</dd>
            </>
          )}
          {externalId.replace(/\D/g, '') !== phone?.replace(/\D/g, '') && (
            <>
              <dt>{t('contact.id')}</dt>
              <dd className="cut" title={externalId}>
                {externalId}
              </dd>
            </>
          )}
          {last && (
            <>
              <dt>{t('contact.last')}</dt>
              <dd className="cut" title={fullTime(last.created_at)}>
                {dayWords(last.created_at, now)}
              </dd>
            </>
          )}
        </dl>
      </section>
      <Files messages={messages} hrefOf={hrefOf} />
    </aside>
  );
}
