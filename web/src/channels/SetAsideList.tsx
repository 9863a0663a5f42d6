// Webhooks that were stored and could not be understood, each with its reason and a second try.
import { useCallback, useEffect, useState } from 'react';
import { RotateCw } from 'lucide-react';
import { api, ask, reasonOf, type SetAside } from '../api/client';
import { fullTime, shortTime } from '../app/times';
import { t } from '../i18n/i18n';

// As the provider sent it, laid out to be read; what is no JSON stays as it is.
export function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

export function SetAsideList({ channelId }: { channelId: string }) {
  const [items, setItems] = useState<readonly SetAside[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [replayed, setReplayed] = useState<ReadonlySet<number>>(new Set());

  const load = useCallback(
    async (from: string | null) => {
      setProblem(null);
      try {
        const query = from === null ? {} : { cursor: from };
        const page = await ask(
          api.GET('/api/v1/channels/{id}/set-aside', { params: { path: { id: channelId }, query } }),
        );
        setItems((before) => [...(from === null ? [] : (before ?? [])), ...page.items]);
        setCursor(page.next_cursor);
      } catch (error) {
        setProblem(reasonOf(error));
      }
    },
    [channelId],
  );
  useEffect(() => void load(null), [load]);

  const replay = async (n: number) => {
    setProblem(null);
    try {
      await ask(api.POST('/api/v1/channels/{id}/set-aside/{n}/replay', { params: { path: { id: channelId, n } } }));
      setReplayed((before) => new Set(before).add(n));
    } catch (error) {
      setProblem(reasonOf(error));
    }
  };

  return (
    <div className="asides" aria-busy={items === null && problem === null}>
      {problem !== null && (
        <p className="problem" role="alert">
          {problem}{' '}
          <button type="button" className="btn btn-sm" onClick={() => void load(null)}>
            {t('app.retry')}
          </button>
        </p>
      )}
      {items?.length === 0 && <p className="center">{t('channels.setAsideEmpty')}</p>}
      {items?.map((item) => (
        <div key={item.n} className="aside-row" data-testid="set-aside">
          <div className="row">
            <b className="num">№ {item.n}</b>
            <time className="meta cut grow" dateTime={item.received_at} title={fullTime(item.received_at)}>
              {shortTime(item.received_at)}
            </time>
            {replayed.has(item.n) ? (
              <span className="chip chip-ok">{t('channels.replayed')}</span>
            ) : (
              <button type="button" className="btn btn-sm" data-testid="replay" onClick={() => void replay(item.n)}>
                <RotateCw className="ic" />
                {t('channels.replay')}
              </button>
            )}
          </div>
          <p className="is-bad">{item.reason}</p>
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keyboard */}
          <pre className="mono" tabIndex={0}>
            {readable(item.body)}
          </pre>
        </div>
      ))}
      {cursor !== null && (
        <button type="button" className="btn more" onClick={() => void load(cursor)}>
          {t('list.more')}
        </button>
      )}
    </div>
  );
}
