// What becomes of a message that is to be changed after it has left: the question before it is deleted, that it is on
// its way, and why it could not be.
import { useEffect, useRef } from 'react';
import { CircleAlert, RotateCw, Trash2 } from 'lucide-react';
import type { Message } from '../api/client';
import { t } from '../i18n/i18n';
import { changeMessage, forgetChange } from './live';
import { causeWords } from './reasons';
import { useAction } from './use_action';

// Inside the bubble, beside its words.
export function ChangeUnderWay({ message }: { message: Message }) {
  const { change } = message;
  const { problem, busy, run } = useAction();
  if (!change || change.error !== null) return null;
  return (
    <span className="meta" data-testid="change-underway" title={change.text ?? undefined}>
      {' '}
      <em>{t(change.kind === 'edit' ? 'change.editing' : 'change.deleting')}</em>{' '}
      <button type="button" className="btn-link" disabled={busy} onClick={() => run(() => forgetChange(message))}>
        {t('message.cancel')}
      </button>
      {problem && (
        <span className="is-bad" role="alert">
          {' '}
          {problem}
        </span>
      )}
    </span>
  );
}

export function ChangeFailed({ message, onEdit }: { message: Message; onEdit: (message: Message) => void }) {
  const { change } = message;
  const { problem, busy, run } = useAction();
  if (!change?.error) return null;
  const isEdit = change.kind === 'edit';
  const title = t(isEdit ? 'change.notEdited' : 'change.notDeleted', { reason: causeWords(change.error.code) });
  return (
    <div className="verdict bad" data-testid="change-failed">
      <div className="row">
        <CircleAlert className="ic" />
        {title}
      </div>
      <p>
        {t(isEdit ? 'change.stillOld' : 'change.stillThere')} {t('reason.provider', { words: change.error.message })}
      </p>
      {problem && (
        <p className="is-bad" role="alert">
          {t('failed.action', { reason: problem })}
        </p>
      )}
      <div className="acts">
        <button
          type="button"
          className="btn btn-sm"
          data-testid="change-again"
          disabled={busy}
          onClick={() => run(() => changeMessage(message, change.kind, change.text))}
        >
          <RotateCw className="ic" />
          {t('failed.retry')}
        </button>
        {isEdit && (
          <button
            type="button"
            className="btn btn-sm"
            onClick={() => onEdit({ ...message, text: change.text })}
          >
            {t('change.otherWords')}
          </button>
        )}
        <button
          type="button"
          className="btn btn-sm btn-quiet"
          data-testid="change-forget"
          disabled={busy}
          onClick={() => run(() => forgetChange(message))}
        >
          {t('change.leave')}
        </button>
      </div>
    </div>
  );
}

export function AskToDelete({ message, onClose }: { message: Message; onClose: () => void }) {
  const { problem, busy, run } = useAction();
  const safe = useRef<HTMLButtonElement>(null);
  useEffect(() => safe.current?.focus(), []);
  const remove = () =>
    run(async () => {
      await changeMessage(message, 'remove', null);
      onClose();
    });
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Esc in a dialog that is not modal
    <div
      className="verdict warn"
      role="alertdialog"
      aria-label={t('change.ask')}
      data-testid="delete-dialog"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onClose();
      }}
    >
      <div className="row">
        <Trash2 className="ic" />
        {t('change.ask')}
      </div>
      <p>{t('change.askText')}</p>
      {problem && (
        <p className="is-bad" role="alert">
          {t('failed.action', { reason: problem })}
        </p>
      )}
      <div className="acts">
        <button type="button" className="btn btn-sm" data-testid="delete-confirm" disabled={busy} onClick={remove}>
          {t('change.delete')}
        </button>
        <button ref={safe} type="button" className="btn btn-sm" onClick={onClose}>
          {t('change.keep')}
        </button>
      </div>
    </div>
  );
}
