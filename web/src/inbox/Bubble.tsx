// One line of the thread: dividers that begin with it, the bubble, its status and what can be done.
import { memo, useState } from 'react';
import { Check, Copy, Pencil, Reply, SmilePlus, StickyNote, Trash2 } from 'lucide-react';
import type { Message } from '../api/client';
import { useServerNow } from '../app/clock';
import { clockTime, dayWords } from '../app/times';
import { t, type Language } from '../i18n/i18n';
import { Body, Origin } from './Body';
import { AskToDelete, ChangeFailed, ChangeUnderWay } from './Change';
import { mayChange } from './changing';
import type { Line } from './lines';
import { useInbox, useMessengerThatChanges } from './live';
import { preview } from './preview';
import { Status } from './Status';
import { Verdict } from './Verdict';
import { Words } from './Body';

const emojis = ['👍', '❤️', '😂', '😮', '😢', '🙏'];
const looks: Record<string, string> = { failed: 'broken', unknown: 'maybe' };

interface BubbleProps {
  line: Line;
  customer: string;
  canReact: boolean;
  isMarked: boolean; // found by search
  onReply: (message: Message) => void;
  onReact: (message: Message, emoji: string) => void;
  onEdit: (message: Message) => void;
  onJump: (messageId: string) => void;
  onTemplate: (words: string) => void;
  language: Language; // only so that a change of language redraws the line
}

function Quote({ id, customer, onJump }: { id: string; customer: string; onJump: (messageId: string) => void }) {
  const message = useInbox((inbox) => inbox.messages.get(id));
  const who = message?.direction === 'inbound' ? customer : (message?.author.name ?? '');
  return (
    <button type="button" className="quote cut" onClick={() => onJump(id)}>
      <b>{who}</b> {message ? preview(message) : t('message.gone')}
    </button>
  );
}

interface ToolsProps extends Pick<BubbleProps, 'line' | 'canReact' | 'onReply' | 'onReact' | 'onEdit'> {
  onDelete: () => void;
}

function Tools({ line, canReact, onReply, onReact, onEdit, onDelete }: ToolsProps) {
  const [isChoosing, setChoosing] = useState(false);
  const [isCopied, setCopied] = useState(false);
  const { message } = line;
  const messenger = useMessengerThatChanges(useInbox((inbox) => inbox.conversations.get(message.conversation_id)?.channel_id));
  const may = mayChange(message, messenger, useServerNow(30));
  if (isChoosing) {
    return (
      <span className="tools open" role="group" aria-label={t('message.react')}>
        {emojis.map((emoji) => {
          const isSet = line.reactions.includes(emoji);
          return (
            <button
              key={emoji}
              type="button"
              className={isSet ? 'tool on' : 'tool'}
              aria-pressed={isSet}
              onClick={() => {
                onReact(message, isSet ? '' : emoji);
                setChoosing(false);
              }}
            >
              {emoji}
            </button>
          );
        })}
      </span>
    );
  }
  return (
    <span className="tools">
      <button
        type="button"
        className="tool"
        aria-label={t('message.reply')}
        title={t('message.reply')}
        data-testid="message-reply"
        onClick={() => onReply(message)}
      >
        <Reply className="ic" />
      </button>
      {canReact && (
        <button
          type="button"
          className="tool"
          aria-label={t('message.react')}
          title={t('message.react')}
          onClick={() => setChoosing(true)}
        >
          <SmilePlus className="ic" />
        </button>
      )}
      {message.text && (
        <button
          type="button"
          className="tool"
          aria-label={t('message.copy')}
          title={t('message.copy')}
          onClick={() => void navigator.clipboard.writeText(message.text ?? '').then(() => setCopied(true))}
        >
          {isCopied ? <Check className="ic" /> : <Copy className="ic" />}
        </button>
      )}
      {may.edit && (
        <button
          type="button"
          className="tool"
          aria-label={t('change.edit')}
          title={t('change.edit')}
          data-testid="message-edit"
          onClick={() => onEdit(message)}
        >
          <Pencil className="ic" />
        </button>
      )}
      {may.remove && (
        <button
          type="button"
          className="tool"
          aria-label={t('change.delete')}
          title={t('change.delete')}
          data-testid="message-delete"
          onClick={onDelete}
        >
          <Trash2 className="ic" />
        </button>
      )}
    </span>
  );
}

export const Bubble = memo(function Bubble(props: BubbleProps) {
  const { line, customer, canReact, isMarked, onReply, onReact, onEdit, onJump, onTemplate } = props;
  const { message } = line;
  const [isAsked, setAsked] = useState(false); // whether to delete it
  const today = useServerNow(3600);
  const hooks = {
    'data-testid': 'message',
    'data-message-id': message.id,
    'data-direction': message.direction,
    'data-status': message.status ?? '',
    'data-type': message.type,
  };
  return (
    <div className="line">
      {line.day && <span className="day">{dayWords(line.day, today)}</span>}
      {line.isNew && (
        <span className="new" data-testid="new-divider">
          {t('thread.new')}
        </span>
      )}
      {renderMessage()}
    </div>
  );

  function renderMessage() {
    if (message.direction === 'event') {
      return (
        <p className="ev" {...hooks}>
          {preview(message)} <time dateTime={message.created_at}>{clockTime(message.created_at)}</time>
        </p>
      );
    }
    if (message.direction === 'note') {
      return (
        <>
          <div className="note" {...hooks}>
            <span className="k">
              <StickyNote className="ic" />
              {message.author.name}
              <time dateTime={message.created_at}>{clockTime(message.created_at)}</time>
            </span>
            <Words text={message.text ?? ''} />
          </div>
          <Verdict line={line} onTemplate={onTemplate} />
        </>
      );
    }
    const isOut = message.direction === 'outbound';
    const isPicture = message.type === 'sticker' || message.type === 'image' || message.type === 'video';
    const isBare = isPicture && (message.media[0]?.url ?? null) !== null; // until it is here, it is a line of text
    const names = [
      'msg',
      isOut ? 'out' : 'in',
      line.startsGroup ? '' : 'g',
      line.endsGroup ? 'tail' : '',
      isBare ? 'media' : '',
      isBare && !message.text ? 'bare' : '',
      message.type === 'audio' ? 'voice' : '',
      looks[message.status ?? ''] ?? '',
      isMarked ? 'marked' : '',
    ];
    return (
      <>
        {line.author !== null && (
          <span className="from out">
            {line.author}
            {message.author.kind === 'phone' && ` · ${t('message.fromPhone')}`}
          </span>
        )}
        <div className={names.filter(Boolean).join(' ')} {...hooks}>
          <span className="sr">{isOut ? message.author.name : customer}: </span>
          {message.reply_to && <Quote id={message.reply_to} customer={customer} onJump={onJump} />}
          {message.is_deleted && <em className="meta">{t(isOut ? 'change.deleted' : 'message.deleted')} </em>}
          <Origin content={message.content} />
          <Body message={message} />
          {message.is_edited && <em className="meta"> {t('message.edited')}</em>}
          <ChangeUnderWay message={message} />
          <Status message={message} />
          {!line.send && (
            <Tools
              line={line}
              canReact={canReact}
              onReply={onReply}
              onReact={onReact}
              onEdit={onEdit}
              onDelete={() => setAsked(true)}
            />
          )}
        </div>
        {line.reactions.length > 0 && (
          <span
            className={isOut ? 'reactions out' : 'reactions'}
            aria-label={t('kind.reaction')}
            data-testid="reactions"
          >
            {line.reactions.join(' ')}
          </span>
        )}
        <Verdict line={line} onTemplate={onTemplate} />
        {isAsked && <AskToDelete message={message} onClose={() => setAsked(false)} />}
        <ChangeFailed message={message} onEdit={onEdit} />
      </>
    );
  }
});
