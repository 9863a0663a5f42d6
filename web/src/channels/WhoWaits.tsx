// Of a channel that does not work: who waits for an answer there.
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { api, ask, type Conversation } from '../api/client';
import { rowTime } from '../app/times';
import { t } from '../i18n/i18n';
import { nameOf } from '../inbox/preview';

const shown = 20;

export function WhoWaits({ channelId, now }: { channelId: string; now: number }) {
  const [page, setPage] = useState<{ items: Conversation[]; next_cursor: string | null } | null>(null);
  useEffect(() => {
    let isCurrent = true;
    const query = { view: 'waiting' as const, channel_id: channelId, limit: shown };
    ask(api.GET('/api/v1/conversations', { params: { query } }))
      .then((read) => isCurrent && setPage(read))
      .catch(() => {}); // the card says what does not work
    return () => {
      isCurrent = false;
    };
  }, [channelId]);
  if (page === null || page.items.length === 0) return null;
  const count = page.items.length;
  return (
    <details className="who-waits" data-testid="who-waits">
      <summary>{t(page.next_cursor === null ? 'channels.whoWaits' : 'channels.whoWaitsMore', { count })}</summary>
      <ul>
        {page.items.map((one) => (
          <li key={one.id}>
            <Link href={`/inbox/waiting/${one.id}`}>{nameOf(one)}</Link>{' '}
            <span className="meta">{rowTime(one.updated_at, now)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
