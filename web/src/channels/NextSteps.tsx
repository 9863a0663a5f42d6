// After a channel was connected: what to give the provider, and ticks that come by themselves.
import { CircleAlert, CircleCheck, CircleDashed, LoaderCircle } from 'lucide-react';
import { Link } from 'wouter';
import type { Channel } from '../api/client';
import { t } from '../i18n/i18n';
import { useInbox } from '../inbox/live';
import { CopyLine } from '../kit/CopyLine';

type StepState = 'done' | 'now' | 'later' | 'failed';

const icons = { done: CircleCheck, now: LoaderCircle, later: CircleDashed, failed: CircleAlert } as const;

function Step({ state, title, detail }: { state: StepState; title: string; detail?: string | null }) {
  const Icon = icons[state];
  return (
    <li className={`step ${state}`}>
      <Icon className={state === 'now' ? 'ic ic-20 spin' : 'ic ic-20'} />
      <div>
        <b>{title}</b>
        {detail && <p className="meta">{detail}</p>}
      </div>
    </li>
  );
}

function access(channel: Channel): { state: StepState; title: string } {
  if (channel.state === 'broken') return { state: 'failed', title: t('channels.stepNoAccess') };
  if (channel.state === 'connecting') return { state: 'now', title: t('channels.stepCheck') };
  return { state: 'done', title: t('channels.stepAccess') };
}

export function NextSteps({ channel, onClose }: { channel: Channel; onClose: () => void }) {
  const hasMessage = useInbox((inbox) =>
    [...inbox.conversations.values()].some((one) => one.channel_id === channel.id && one.last_message !== null),
  );
  const { state, title } = access(channel);
  const first: StepState = hasMessage ? 'done' : state === 'done' ? 'now' : 'later';
  return (
    <div className="next stack-12" data-testid="next-steps">
      <h2>{t('channels.next')}</h2>
      <p className="hint">{t('channels.webhookHint')}</p>
      <CopyLine label={t('channels.webhook')} value={channel.webhook_url} />
      {channel.verify_token !== undefined && <CopyLine label={t('channels.verify')} value={channel.verify_token} />}
      <ol className="steps" aria-live="polite">
        <Step state="done" title={t('channels.stepSaved')} />
        <Step state={state} title={title} detail={channel.state_reason} />
        <Step
          state={first}
          title={t(hasMessage ? 'channels.stepFirst' : 'channels.stepWait')}
          detail={hasMessage ? null : t('channels.stepWrite')}
        />
      </ol>
      <div className="row">
        {hasMessage && (
          <Link className="btn btn-primary" href="/inbox/all">
            {t('channels.ready')}
          </Link>
        )}
        <button type="button" className="btn" onClick={onClose}>
          {t('channels.later')}
        </button>
      </div>
    </div>
  );
}
