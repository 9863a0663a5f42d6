// One channel: its state in words, what to give the provider, and what can be done with it.
import { useState } from 'react';
import { Activity, CircleAlert, CircleCheck, CirclePause, CirclePlay, LoaderCircle, Pencil, RotateCw, Trash2 } from 'lucide-react';
import { api, ask, reasonOf, type Channel } from '../api/client';
import { useServerNow } from '../app/clock';
import { fullTime, rowTime } from '../app/times';
import { t } from '../i18n/i18n';
import { store, useMessengerOf } from '../inbox/live';
import { ChannelGlyph } from '../kit/Avatar';
import { CopyLine } from '../kit/CopyLine';
import { Dialog } from '../kit/Dialog';
import { WhoWaits } from './WhoWaits';
import { useReason } from './use_words';

const looks = {
  connected: { chip: 'chip chip-ok', Icon: CircleCheck, words: 'channels.connected' },
  connecting: { chip: 'chip chip-warn', Icon: LoaderCircle, words: 'channels.connecting' },
  broken: { chip: 'chip chip-bad', Icon: CircleAlert, words: 'channels.broken' },
  paused: { chip: 'chip chip-warn', Icon: CirclePause, words: 'channels.paused' },
} as const;

// It says that it works, but less comes than at these hours of other weeks.
const quiet = { chip: 'chip chip-warn', Icon: CircleAlert, words: 'channels.quiet' } as const;

interface CardProps {
  channel: Channel;
  mayChange: boolean;
  onEdit: () => void;
  onSetAside: () => void;
  onFigures: () => void;
}

export function ChannelCard({ channel, mayChange, onEdit, onSetAside, onFigures }: CardProps) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [isAsking, setAsking] = useState(false);
  const reason = useReason(channel);
  const path = { id: channel.id };
  const isQuiet = channel.state === 'connected' && channel.silent_since !== null;
  const { chip, Icon, words } = isQuiet ? quiet : looks[channel.state];
  const since = channel.silent_since ?? channel.state_since;
  const now = useServerNow(60);
  const messenger = useMessengerOf(channel.id);
  const title = messenger?.title ?? channel.messenger;
  const handle = String(channel.settings['handle'] ?? '');
  const official = messenger && t(messenger.traits.is_official ? 'channels.official' : 'channels.unofficial');

  const run = async (action: () => Promise<void>) => {
    setBusy(true);
    setProblem(null);
    try {
      await action();
    } catch (error) {
      setProblem(reasonOf(error));
    } finally {
      setBusy(false);
    }
  };
  const check = () =>
    run(async () => store.putChannel(await ask(api.POST('/api/v1/channels/{id}/check', { params: { path } }))));
  const isPaused = channel.state === 'paused';
  const pause = () =>
    run(async () => {
      const body = { state: isPaused ? ('connected' as const) : ('paused' as const) };
      store.putChannel(await ask(api.PATCH('/api/v1/channels/{id}', { params: { path }, body })));
    });
  const remove = () =>
    run(async () => {
      setAsking(false);
      await ask(api.DELETE('/api/v1/channels/{id}', { params: { path } }));
      store.removeChannel(channel.id);
    });

  return (
    <article className="card" data-testid="channel-card" data-channel-id={channel.id} data-state={channel.state}>
      <div className="top">
        <ChannelGlyph messenger={title} title={title} />
        <div className="grow">
          <h2 className="cut">{channel.name}</h2>
          <p className="meta cut">{[title, handle, official].filter(Boolean).join(' · ')}</p>
        </div>
        <span className={chip} title={fullTime(since)} data-testid="channel-state">
          <Icon className="ic" />
          {t(words)}, {t('channels.since', { time: rowTime(since, now) })}
        </span>
      </div>
      {messenger && !messenger.traits.is_official && (
        <div className="say warn" data-testid="channel-risk">
          <CircleAlert className="ic" />
          <p>{t('channels.unofficialRisk')}</p>
        </div>
      )}
      {isQuiet && (
        <div className="say warn">
          <CircleAlert className="ic" />
          <p>{t('channels.quietWhy', { title })}</p>
        </div>
      )}
      {reason && (
        <div
          className={channel.state === 'broken' ? 'say bad' : 'say info'}
          role={channel.state === 'broken' ? 'alert' : undefined}
        >
          <CircleAlert className="ic" />
          <p>{reason}</p>
        </div>
      )}
      {channel.state === 'broken' && <WhoWaits channelId={channel.id} now={now} />}
      {problem !== null && (
        <div className="say bad" role="alert">
          <CircleAlert className="ic" />
          <p>{problem}</p>
        </div>
      )}
      {messenger?.webhook === 'by_admin' && (
        <div className="hooks">
          <CopyLine label={t('channels.webhook')} value={channel.webhook_url} />
          {messenger.shows_verify_token && channel.verify_token !== undefined && (
            <CopyLine label={t('channels.verify')} value={channel.verify_token} />
          )}
          <p className="hint">{t('channels.webhookHint', { title })}</p>
        </div>
      )}
      <div className="foot">
        <button type="button" className="btn btn-sm" data-testid="channel-figures" onClick={onFigures}>
          <Activity className="ic" />
          {t('figures.title')}
        </button>
        {mayChange && renderActions()}
      </div>
      {isAsking && renderAsking()}
    </article>
  );

  function renderActions() {
    return (
      <>
        <button
          type="button"
          className="btn btn-sm"
          disabled={busy}
          data-testid="channel-check"
          onClick={() => void check()}
        >
          <RotateCw className="ic" />
          {t('channels.check')}
        </button>
        <button
          type="button"
          className="btn btn-sm"
          disabled={busy}
          data-testid="channel-pause"
          onClick={() => void pause()}
        >
          {isPaused ? <CirclePlay className="ic" /> : <CirclePause className="ic" />}
          {t(isPaused ? 'channels.resume' : 'channels.pause')}
        </button>
        <button type="button" className="btn btn-sm" data-testid="channel-edit" onClick={onEdit}>
          <Pencil className="ic" />
          {t('channels.edit')}
        </button>
        <button type="button" className="btn btn-sm btn-quiet" data-testid="set-aside-open" onClick={onSetAside}>
          {t('channels.setAside')}
        </button>
        <button
          type="button"
          className="btn btn-sm btn-quiet btn-bad push"
          disabled={busy}
          data-testid="channel-delete"
          onClick={() => setAsking(true)}
        >
          <Trash2 className="ic" />
          {t('channels.delete')}
        </button>
      </>
    );
  }

  function renderAsking() {
    return (
      <Dialog
        title={t('channels.delete')}
        className="small"
        onClose={() => setAsking(false)}
        footer={
          <>
            <span className="push" />
            <button type="button" className="btn" onClick={() => setAsking(false)}>
              {t('channels.keep')}
            </button>
            <button
              type="button"
              className="btn btn-bad"
              data-testid="channel-delete-yes"
              onClick={() => void remove()}
            >
              <Trash2 className="ic" />
              {t('channels.delete')}
            </button>
          </>
        }
      >
        <p className="d-body">{t('channels.deleteAsk', { name: channel.name, title })}</p>
      </Dialog>
    );
  }
}
