// How a channel does: what came and left in 24 hours, how fast, what failed and why, what its provider says of it.
import { useCallback, useEffect, useState } from 'react';
import { RotateCw } from 'lucide-react';
import { api, ask, reasonOf, type Channel, type ChannelFigures } from '../api/client';
import { useServerNow } from '../app/clock';
import { fullTime, rowTime } from '../app/times';
import { language, t } from '../i18n/i18n';
import { causeWords } from '../inbox/reasons';
import { Webhooks } from './Webhooks';

function spanOf(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  const shown = new Intl.NumberFormat(language(), { maximumFractionDigits: seconds < 10 ? 1 : 0 }).format(seconds);
  return t('figures.seconds', { seconds: shown });
}

function Moment({ at, now }: { at: string | null; now: number }) {
  if (at === null) return t('figures.notIn30Days');
  return (
    <time dateTime={at} title={fullTime(at)}>
      {rowTime(at, now)}
    </time>
  );
}

function Numbers({ figures, now }: { figures: ChannelFigures; now: number }) {
  return (
    <dl className="figures">
      <dt>{t('figures.lastIn')}</dt>
      <dd>
        <Moment at={figures.last_in_at} now={now} />
      </dd>
      <dt>{t('figures.lastOut')}</dt>
      <dd>
        <Moment at={figures.last_out_at} now={now} />
      </dd>
      <dt>{t('figures.came')}</dt>
      <dd className="num">{figures.came}</dd>
      <dt>{t('figures.left')}</dt>
      <dd className="num">{figures.left}</dd>
      <dt>{t('figures.failed')}</dt>
      <dd className={figures.failed > 0 ? 'num is-bad' : 'num'}>{figures.failed}</dd>
      <dt>{t('figures.waiting')}</dt>
      <dd className="num">{figures.waiting}</dd>
      <dt>{t('figures.slowest')}</dt>
      <dd className="num">{figures.slowest_ms === null ? '—' : spanOf(figures.slowest_ms)}</dd>
      {figures.quality !== null && (
        <>
          <dt>{t('figures.quality')}</dt>
          <dd>{figures.quality}</dd>
        </>
      )}
      {figures.limit !== null && (
        <>
          <dt>{t('figures.limit')}</dt>
          <dd>{figures.limit}</dd>
        </>
      )}
    </dl>
  );
}

export function Figures({ channel, mayChange }: { channel: Channel; mayChange: boolean }) {
  const [figures, setFigures] = useState<ChannelFigures | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const now = useServerNow(60);
  const { id } = channel;
  const load = useCallback(() => {
    setProblem(null);
    ask(api.GET('/api/v1/channels/{id}/figures', { params: { path: { id } } })).then(setFigures, (error: unknown) =>
      setProblem(reasonOf(error)),
    );
  }, [id]);
  useEffect(load, [load]);
  return (
    <div className="next stack-12" data-testid="figures" aria-busy={figures === null && problem === null}>
      <div className="row">
        <h2 className="grow">{t('figures.day')}</h2>
        <button type="button" className="tool" aria-label={t('app.retry')} title={t('figures.again')} onClick={load}>
          <RotateCw className="ic" />
        </button>
      </div>
      {problem !== null && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      {figures !== null && (
        <>
          <Numbers figures={figures} now={now} />
          {figures.errors.length > 0 && (
            <section aria-label={t('figures.causes')}>
              <h2>{t('figures.causes')}</h2>
              <ul className="steps">
                {figures.errors.map((cause) => (
                  <li key={cause.code} className="step">
                    <b className="num">{cause.count}</b>
                    <span className="grow">
                      {causeWords(cause.code)} <span className="mono meta">{cause.code}</span>
                    </span>
                    <time className="meta" dateTime={cause.last_at} title={fullTime(cause.last_at)}>
                      {rowTime(cause.last_at, now)}
                    </time>
                  </li>
                ))}
              </ul>
            </section>
          )}
        </>
      )}
      {mayChange && <Webhooks channelId={id} />}
    </div>
  );
}
