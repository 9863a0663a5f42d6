// After a channel was connected: what to do in the provider's pages, and ticks that come by themselves.
import type { ReactNode } from 'react';
import { CircleAlert, CircleCheck, CircleDashed, LoaderCircle } from 'lucide-react';
import { Link } from 'wouter';
import type { Channel, Conversation, Messenger } from '../api/client';
import { t, useLanguage } from '../i18n/i18n';
import { sending, useInbox } from '../inbox/live';
import { CopyLine } from '../kit/CopyLine';
import { useReason, useWords } from './use_words';

type StepState = 'done' | 'now' | 'later' | 'failed';

const icons = { done: CircleCheck, now: LoaderCircle, later: CircleDashed, failed: CircleAlert } as const;

interface StepProps {
  state: StepState;
  title: string;
  detail?: string | null;
  children?: ReactNode;
}

function Step({ state, title, detail, children }: StepProps) {
  const Icon = icons[state];
  return (
    <li className={`step ${state}`} data-state={state}>
      <Icon className={state === 'now' ? 'ic ic-20 spin' : 'ic ic-20'} />
      <div className="grow">
        <b>{title}</b>
        {detail && <p className="meta">{detail}</p>}
        {children}
      </div>
    </li>
  );
}

function access(channel: Channel): { state: StepState; title: string } {
  if (channel.state === 'broken') return { state: 'failed', title: t('channels.stepNoAccess') };
  if (channel.state === 'connecting') return { state: 'now', title: t('channels.stepCheck') };
  return { state: 'done', title: t('channels.stepAccess') };
}

// How the provider comes to tell what happens: it calls, or it is asked.
function Calling({ channel, messenger, isOpen }: { channel: Channel; messenger: Messenger; isOpen: boolean }) {
  const own = useWords(messenger.name);
  const language = useLanguage();
  const title = messenger.title;
  if (channel.settings['is_polled'] === '1') return <Step state="done" title={t('channels.stepPolled', { title })} />;
  if (channel.called_at !== null) return <Step state="done" title={t('channels.stepCalled', { title })} />;
  if (messenger.webhook === 'by_okno')
    return <Step state={isOpen ? 'done' : 'later'} title={t('channels.stepRegistered', { title })} />;
  return (
    <Step state="now" title={t('channels.stepToCall', { title })}>
      <ol className="bullets">
        {own?.[language].webhook.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ol>
      <div className="stack-12">
        <CopyLine label={t('channels.webhook')} value={channel.webhook_url} />
        {messenger.shows_verify_token && channel.verify_token !== undefined && (
          <CopyLine label={t('channels.verify')} value={channel.verify_token} />
        )}
      </div>
    </Step>
  );
}

const arrived: readonly (string | null)[] = ['sent', 'delivered', 'read'];

// The test back: one press, and a tick when the provider took it.
function Answering({ conversation }: { conversation: Conversation | undefined }) {
  const last = conversation?.last_message ?? null;
  const isOut = last?.direction === 'outbound';
  if (isOut && arrived.includes(last.status)) return <Step state="done" title={t('channels.stepAnswered')} />;
  if (isOut && last.status === 'failed')
    return <Step state="failed" title={t('channels.stepNotAnswered')} detail={last.error?.message ?? null} />;
  if (!conversation || isOut) return <Step state={isOut ? 'now' : 'later'} title={t('channels.stepAnswer')} />;
  const send = () => {
    const text = t('channels.testText');
    sending.send(conversation.id, { type: 'text', text }, { text }, last?.id ?? null);
  };
  return (
    <Step state="now" title={t('channels.stepAnswer')}>
      <button type="button" className="btn btn-sm" data-testid="send-test" onClick={send}>
        {t('channels.sendTest', { text: t('channels.testText') })}
      </button>
    </Step>
  );
}

interface NextProps {
  channel: Channel;
  messenger: Messenger;
  onClose: () => void;
  onEdit: () => void;
}

export function NextSteps({ channel, messenger, onClose, onEdit }: NextProps) {
  const conversation = useInbox((inbox) =>
    [...inbox.conversations.values()].find((one) => one.channel_id === channel.id && one.last_message !== null),
  );
  const { state, title } = access(channel);
  const reason = useReason(channel);
  const hasMessage = conversation !== undefined;
  const first: StepState = hasMessage ? 'done' : state === 'done' ? 'now' : 'later';
  const handle = String(channel.settings['handle'] ?? '') || channel.name;
  return (
    <div className="next stack-12" data-testid="next-steps">
      <h2>{t('channels.next')}</h2>
      <ol className="steps" aria-live="polite">
        <Step state="done" title={t('channels.stepSaved')} />
        <Step state={state} title={title} detail={reason || null}>
          {state === 'failed' && (
            <button type="button" className="btn btn-sm" data-testid="next-edit" onClick={onEdit}>
              {t('channels.edit')}
            </button>
          )}
        </Step>
        <Calling channel={channel} messenger={messenger} isOpen={state === 'done'} />
        <Step
          state={first}
          title={t(hasMessage ? 'channels.stepFirst' : 'channels.stepWait')}
          detail={hasMessage ? null : t('channels.stepWrite', { handle })}
        />
        <Answering conversation={conversation} />
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
