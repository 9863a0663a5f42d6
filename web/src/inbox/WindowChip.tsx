// How long the customer may still be answered freely, as a chip of a row.
import { Clock, Lock } from 'lucide-react';
import type { Conversation } from '../api/client';
import { useServerNow } from '../app/clock';
import { spanWords } from '../app/times';
import { t } from '../i18n/i18n';
import { windowState } from './reply_window';

const colours = { open: 'chip', soon: 'chip chip-warn', now: 'chip chip-bad' } as const;

export function WindowChip({ reply }: { reply: Conversation['reply_window'] }) {
  const now = useServerNow(1);
  const state = windowState(reply, now);
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
