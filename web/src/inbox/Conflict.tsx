// A colleague answered while this was being written: both texts, and the person decides.
import { useEffect, useRef } from 'react';
import { TriangleAlert } from 'lucide-react';
import type { Message } from '../api/client';
import { clockTime } from '../app/times';
import { t } from '../i18n/i18n';
import { Avatar } from '../kit/Avatar';
import { readDraft, writeDraft } from './drafts';
import { sending, store } from './live';
import { preview } from './preview';
import { statusWords } from './Status';
import type { LocalSend } from './store';

function keepAsDraft(send: LocalSend): void {
  const kept = readDraft(send.conversationId, 'reply');
  writeDraft(send.conversationId, 'reply', [send.text, kept].filter(Boolean).join('\n'));
  store.dropLocal(send.clientId);
}

export function Conflict({ send, theirs, myName }: { send: LocalSend; theirs: Message; myName: string }) {
  const safe = useRef<HTMLButtonElement>(null);
  useEffect(() => safe.current?.focus(), []);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Esc in a dialog that is not modal
    <div
      className="conflict"
      role="alertdialog"
      aria-label={t('conflict.title', { name: theirs.author.name })}
      data-testid="colleague-dialog"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        keepAsDraft(send);
      }}
    >
      <div className="h">
        <TriangleAlert className="ic" />
        <span>
          <b>{t('conflict.title', { name: theirs.author.name })}</b> {t('conflict.text')}
        </span>
      </div>
      <div className="two">
        <div>
          <span className="meta row row-4">
            <Avatar name={theirs.author.name} size={20} />
            {theirs.author.name}, {clockTime(theirs.created_at)}
            {theirs.status && `, ${statusWords(theirs.status)}`}
          </span>
          <p>{preview(theirs)}</p>
        </div>
        <div>
          <span className="meta row row-4">
            <Avatar name={myName} size={20} />
            {t('conflict.yours')}
          </span>
          <p>{send.text || send.file?.name}</p>
        </div>
      </div>
      <div className="f">
        <button
          ref={safe}
          type="button"
          className="btn btn-primary"
          data-testid="keep-draft"
          onClick={() => keepAsDraft(send)}
        >
          {t('conflict.keep')}
        </button>
        <button
          type="button"
          className="btn"
          data-testid="send-anyway"
          onClick={() => sending.sendAnyway(send.clientId)}
        >
          {t('conflict.sendAnyway')}
        </button>
        <span className="meta push only-wide">
          <kbd>Esc</kbd> {t('conflict.toDraft')}
        </span>
      </div>
    </div>
  );
}
