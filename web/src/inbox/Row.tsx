// One conversation in the list: who, the last words, how long the window stays open.
import { memo } from 'react';
import { Link } from 'wouter';
import type { Message } from '../api/client';
import type { Language } from '../i18n/i18n';
import { t } from '../i18n/i18n';
import { useServerNow } from '../app/clock';
import { fullTime, rowTime } from '../app/times';
import { Avatar } from '../kit/Avatar';
import { ChannelMark } from './ChannelMark';
import { useDraft } from './drafts';
import { useInbox, useMessengerOf } from './live';
import { nameOf, preview } from './preview';
import { WindowChip } from './WindowChip';

interface RowProps {
  id: string;
  href: string;
  isOpen: boolean;
  myName: string;
  language: Language; // only so that a change of language redraws the row
}

export const Row = memo(function Row({ id, href, isOpen, myName }: RowProps) {
  const conversation = useInbox((inbox) => inbox.conversations.get(id));
  const channel = useInbox((inbox) => inbox.channels.get(conversation?.channel_id ?? ''));
  const messenger = useMessengerOf(conversation?.channel_id);
  const draft = useDraft(id, 'reply').trim();
  const today = useServerNow(3600);
  if (!conversation) return <div className="item" />;
  const last = conversation.last_message;
  const names = ['item', isOpen ? 'sel' : '', conversation.waiting ? 'wait' : ''].join(' ');
  return (
    <Link
      href={href}
      className={names}
      data-testid="conversation-row"
      data-conversation-id={id}
      data-waiting={conversation.waiting}
      aria-current={isOpen ? 'true' : undefined}
    >
      <Avatar name={nameOf(conversation)} />
      <div className="grow">
        <div className="l1">
          <span className="name cut">{nameOf(conversation)}</span>
          {last && (
            <time dateTime={last.created_at} title={fullTime(last.created_at)}>
              {rowTime(last.created_at, today)}
            </time>
          )}
        </div>
        <div className="l2">
          <span className="prev cut">
            {draft !== '' ? (
              <>
                <em className="draft">{t('list.draft')}</em> {draft}
              </>
            ) : (
              last && <LastWords last={last} myName={myName} />
            )}
          </span>
          {conversation.unread > 0 && (
            <span className="count" aria-label={t('list.unread', { count: conversation.unread })}>
              {conversation.unread > 99 ? '99+' : conversation.unread}
            </span>
          )}
        </div>
        <div className="l3">
          <ChannelMark channel={channel} messenger={messenger} />
          <WindowChip conversation={conversation} />
        </div>
      </div>
    </Link>
  );
});

function LastWords({ last, myName }: { last: Message; myName: string }) {
  if (last.direction === 'note')
    return (
      <>
        <em className="note-word">{t('list.note')}</em> {preview(last)}
      </>
    );
  if (last.direction === 'outbound') {
    const isMine = last.author.kind === 'operator' && last.author.name === myName;
    return (
      <>
        {isMine ? t('list.you') : `${last.author.name}:`} {preview(last)}
      </>
    );
  }
  return <>{preview(last)}</>;
}
