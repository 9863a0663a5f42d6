// Under a message that did not simply go: what happened to the customer, and what can be done now.
import { CircleAlert, CircleHelp, CloudOff, FileText, Plug, RotateCw } from 'lucide-react';
import { Link } from 'wouter';
import { t } from '../i18n/i18n';
import { readDraft, writeDraft } from './drafts';
import type { Line } from './lines';
import { retryMessage, sending, settleMessage, store, takeBack } from './live';
import { explain } from './reasons';
import { useAction } from './use_action';

function backToComposer(line: Line): void {
  const { message, send } = line;
  const mode = message.direction === 'note' ? 'note' : 'reply';
  const kept = readDraft(message.conversation_id, mode);
  writeDraft(message.conversation_id, mode, [kept, message.text ?? ''].filter(Boolean).join('\n'));
  if (send) store.dropLocal(send.clientId);
}

interface VerdictProps {
  line: Line;
  onTemplate: (words: string) => void; // the failed words may go into a template
}

function Failed({ line, onTemplate }: VerdictProps) {
  const { message, send } = line;
  const { problem, busy, run } = useAction();
  const retry = () => (send ? sending.again(send.clientId) : run(() => retryMessage(message, false)));
  const { title, detail, next } = explain(message.error);
  const isWords = message.type === 'text' && (message.text ?? '') !== '';
  return (
    <div className="verdict bad">
      <div className="row">
        <CircleAlert className="ic" />
        {title}
      </div>
      <p>{detail}</p>
      {problem && (
        <p className="is-bad" role="alert">
          {t('failed.action', { reason: problem })}
        </p>
      )}
      <div className="acts">
        {next === 'template' && (
          <button
            type="button"
            className="btn btn-sm"
            data-testid="failed-template"
            onClick={() => onTemplate(message.type === 'text' ? (message.text ?? '') : '')}
          >
            <FileText className="ic" />
            {t('failed.template')}
          </button>
        )}
        {next === 'channel' && (
          <Link className="btn btn-sm" href="/channels">
            <Plug className="ic" />
            {t('failed.channel')}
          </Link>
        )}
        <button type="button" className="btn btn-sm" data-testid="retry" disabled={busy} onClick={retry}>
          <RotateCw className="ic" />
          {t('failed.retry')}
        </button>
        {isWords && (
          <button type="button" className="btn btn-sm" onClick={() => backToComposer(line)}>
            {t('failed.edit')}
          </button>
        )}
        {send && (
          <button type="button" className="btn btn-sm btn-quiet" onClick={() => store.dropLocal(send.clientId)}>
            {t('failed.drop')}
          </button>
        )}
      </div>
    </div>
  );
}

function Unknown({ line }: { line: Line }) {
  const { message } = line;
  const { problem, busy, run } = useAction();
  return (
    <div className="verdict warn">
      <div className="row">
        <CircleHelp className="ic" />
        {t('unknown.title')}
      </div>
      <p>
        {t('unknown.text')}
        {message.error?.message && ` ${message.error.message}`}
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
          data-testid="settle-sent"
          disabled={busy}
          onClick={() => run(() => settleMessage(message, 'sent'))}
        >
          {t('unknown.sent')}
        </button>
        <button
          type="button"
          className="btn btn-sm"
          data-testid="settle-not-sent"
          disabled={busy}
          onClick={() => run(() => settleMessage(message, 'not_sent'))}
        >
          {t('unknown.notSent')}
        </button>
        <button
          type="button"
          className="btn btn-sm"
          data-testid="retry"
          disabled={busy}
          onClick={() => run(() => retryMessage(message, true))}
        >
          <RotateCw className="ic" />
          {t('unknown.retry')}
        </button>
        <span className="meta row">{t('unknown.twice')}</span>
      </div>
    </div>
  );
}

function Queued({ line }: { line: Line }) {
  const { message, send } = line;
  const { problem, busy, run } = useAction();
  const waits = send?.state === 'waiting';
  const back = () => {
    if (send) backToComposer(line);
    else run(() => takeBack(message));
  };
  return (
    <div className="under">
      {waits && (
        <span className="meta row row-4">
          <CloudOff className="ic" />
          {t('status.waits')}
        </span>
      )}
      {problem && (
        <span className="is-bad" role="alert">
          {t('failed.action', { reason: problem })}
        </span>
      )}
      <button type="button" className="btn-link meta" data-testid="take-back" disabled={busy} onClick={back}>
        {t('message.cancel')}
      </button>
    </div>
  );
}

export function Verdict({ line, onTemplate }: VerdictProps) {
  switch (line.message.status) {
    case 'failed':
      return <Failed line={line} onTemplate={onTemplate} />;
    case 'unknown':
      return <Unknown line={line} />;
    case 'queued':
      // A send on its way to the server cannot be called back: its answer is not known yet.
      return line.send?.state === 'sending' ? null : <Queued line={line} />;
    default:
      return null;
  }
}
