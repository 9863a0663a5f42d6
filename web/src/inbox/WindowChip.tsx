// How long the customer may still be answered freely, as a chip of a row.
import { Ban, Clock, Lock } from 'lucide-react';
import type { Conversation } from '../api/client';
import { useServerNow } from '../app/clock';
import { fullTime, spanWords } from '../app/times';
import { t } from '../i18n/i18n';
import { windowState } from './reply_window';

const colours = { open: 'chip', soon: 'chip chip-warn', now: 'chip chip-bad' } as const;

export function WindowChip({ conversation }: { conversation: Conversation }) {
  const now = useServerNow(1);
  if (conversation.blocked_since !== null)
    return (
      <span
        className="chip chip-bad"
        title={t('blocked.since', { time: fullTime(conversation.blocked_since) })}
        data-testid="blocked-chip"
      >
        <Ban className="ic" />
        {t('blocked.chip')}
      </span>
    );
  const state = windowState(conversation.reply_window, now);
  switch (state.kind) {
    case 'no_limit':
      return null;
    case 'not_allowed':
    case 'closed':
      return (
        <span className="chip" title={t('window.why')}>
          <Lock className="ic" />
          {t('window.chipClosed')}
        </span>
      );
    case 'open':
    case 'soon':
    case 'now':
      return (
        <span className={colours[state.kind]} title={t('window.open', { time: spanWords(state.left) })}>
          <Clock className="ic" />
          {spanWords(state.left)}
        </span>
      );
  }
}
