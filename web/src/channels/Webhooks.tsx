// The newest webhooks of a channel as their shape: whether the provider calls, and with what.
import { useState } from 'react';
import { api, ask, reasonOf, type Schemas } from '../api/client';
import { fullTime, shortTime } from '../app/times';
import { t } from '../i18n/i18n';
import { readable } from './SetAsideList';

export function Webhooks({ channelId }: { channelId: string }) {
  const [items, setItems] = useState<readonly Schemas['RawWebhook'][] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const load = () => {
    setProblem(null);
    const params = { path: { id: channelId }, query: { limit: 50 } };
    ask(api.GET('/api/v1/channels/{id}/webhooks', { params })).then(
      (page) => setItems(page.items),
      (error: unknown) => setProblem(reasonOf(error)),
    );
  };
  return (
    <details data-testid="webhooks" onToggle={(event) => event.currentTarget.open && load()}>
      <summary>{t('figures.webhooks')}</summary>
      <p className="hint">{t('figures.webhooksHint')}</p>
      {problem !== null && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      {items?.length === 0 && <p className="hint">{t('figures.noWebhooks')}</p>}
      {items?.map((item) => (
        <div key={item.n} className="raw-row" data-testid="webhook">
          <time className="meta" dateTime={item.received_at} title={fullTime(item.received_at)}>
            {shortTime(item.received_at)}
          </time>
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keyboard */}
          <pre className="mono" tabIndex={0}>
            {readable(item.body)}
          </pre>
        </div>
      ))}
    </details>
  );
}
