// How long one may write freely, over the composer; and what stands in its place when one may not.
import { CircleAlert, Clock, FileText, Lock, PencilLine, StickyNote } from 'lucide-react';
import { agoWords, rowTime, spanWords, untilTime } from '../app/times';
import { serverNow } from '../app/clock';
import { t } from '../i18n/i18n';
import type { Obstacle, WritingState } from './reply_window';

const looks = { open: 'w-bar', soon: 'w-bar warn', now: 'w-bar bad' } as const;

export function WindowBar({ state }: { state: WritingState }) {
  switch (state.kind) {
    case 'no_limit':
      return null;
    case 'closed':
    case 'blocked':
    case 'gone':
    case 'not_allowed': // over a note, which may be written at any time
      return (
        <div className="w-bar" data-testid="window-bar" data-verdict={verdictOf(state)}>
          <Lock className="ic" />
          <span>{closedWords(state)}</span>
        </div>
      );
    case 'open':
    case 'soon':
    case 'now': {
      const Icon = state.kind === 'now' ? CircleAlert : Clock;
      const words = state.kind === 'open' ? 'window.open' : 'window.closesIn';
      return (
        <div className={looks[state.kind]} data-testid="window-bar" data-verdict="free_text">
          <Icon className="ic" />
          <span>
            {t(words, { time: spanWords(state.left) })},{' '}
            {t('window.until', { time: untilTime(state.closesAt, serverNow()) })}
          </span>
        </div>
      );
    }
  }
}

const verdicts = {
  closed: 'template_only',
  not_allowed: 'not_allowed',
  blocked: 'blocked',
  gone: 'channel_gone',
} as const;

function verdictOf(state: Obstacle): string {
  return verdicts[state.kind];
}

interface ClosedProps {
  state: Obstacle;
  draft: string;
  onTemplate: () => void;
  onNote: () => void;
}

function closedWords(state: Obstacle): string {
  if (state.kind === 'gone') return t('contact.channelGone');
  if (state.kind === 'blocked') return t('blocked.since', { time: rowTime(state.since, serverNow()) });
  if (state.kind === 'not_allowed') return t('window.notAllowed');
  if (state.ago === null) return t('window.never');
  return state.ago < 60_000 ? t('window.closedNow') : t('window.closed', { time: agoWords(state.ago) });
}

const reasons = {
  closed: 'window.why',
  not_allowed: 'window.notAllowedWhy',
  blocked: 'blocked.why',
  gone: 'blocked.gone',
} as const;

export function Closed({ state, draft, onTemplate, onNote }: ClosedProps) {
  const isAllowed = state.kind === 'closed';
  return (
    <div className="closed" data-testid="window-bar" data-verdict={verdictOf(state)}>
      <div className="why">
        <span className="lock">
          <Lock className="ic" />
        </span>
        <div>
          <b>{closedWords(state)}</b>
          <p className="meta">{t(reasons[state.kind])}</p>
        </div>
      </div>
      <div className="acts">
        {isAllowed && (
          <button type="button" className="act main" data-testid="template-open" onClick={onTemplate}>
            <FileText className="ic" />
            <b className="grow">{t('window.sendTemplate')}</b>
            <span className="meta">{t('window.goesNow')}</span>
            <kbd>T</kbd>
          </button>
        )}
        <button type="button" className="act" data-testid="note-tab" onClick={onNote}>
          <StickyNote className="ic" />
          <b className="grow">{t('window.writeNote')}</b>
          <span className="meta">{t('composer.noteHint')}</span>
          <kbd>N</kbd>
        </button>
      </div>
      {draft !== '' && (
        <div className="draft">
          <PencilLine className="ic is-accent" />
          <span className="cut">
            <span className="is-accent">{t('window.draftKept')}</span> {draft}
          </span>
        </div>
      )}
    </div>
  );
}
