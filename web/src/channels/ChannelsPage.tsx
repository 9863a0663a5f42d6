// Connected accounts of messengers: their state with its reason, what to give the provider, and what
// of theirs could not be understood.
import { useEffect, useMemo, useRef, useState } from 'react';
import { Plug, Plus, X } from 'lucide-react';
import { reasonOf, type Channel, type Me, type Messenger } from '../api/client';
import { focusPart } from '../app/focus';
import { t } from '../i18n/i18n';
import { loadChannels, useInbox, useMessengerOf } from '../inbox/live';
import { ChannelCard } from './ChannelCard';
import { ChannelForm } from './ChannelForm';
import { ChooseMessenger } from './ChooseMessenger';
import { Figures } from './Figures';
import { NextSteps } from './NextSteps';
import { SetAsideList } from './SetAsideList';

type Side = { show: 'connect'; messenger?: Messenger } | { show: 'next' | 'edit' | 'set_aside' | 'figures'; channelId: string } | null;

const sideWords = { edit: 'channels.edit', set_aside: 'channels.setAside', figures: 'figures.title' } as const;

function sideTitle(side: NonNullable<Side>, channel: Channel | undefined): string {
  if (side.show === 'connect')
    return side.messenger ? t('connect.title', { title: side.messenger.title }) : t('channels.connect');
  if (side.show === 'next') return channel?.name ?? '';
  return `${channel?.name ?? ''}: ${t(sideWords[side.show])}`;
}

export function ChannelsPage({ me }: { me: Me }) {
  const channels = useInbox((inbox) => inbox.channels);
  const list = useMemo(
    () => [...channels.values()].toSorted((a, b) => (a.created_at < b.created_at ? -1 : 1)),
    [channels],
  );
  const [side, setSideShown] = useState<Side>(null);
  // What opens at the side takes the focus, and gives it back.
  const panel = useRef<HTMLElement>(null);
  const opener = useRef<Element | null>(null);
  const setSide = (next: Side) => {
    if (side === null) opener.current = document.activeElement;
    setSideShown(next);
  };
  useEffect(() => {
    const back = opener.current;
    if (side !== null && panel.current)
      focusPart(panel.current.querySelector<HTMLElement>('input, .choose button') ?? panel.current);
    if (side === null && back instanceof HTMLElement) back.focus();
  }, [side]);
  const [problem, setProblem] = useState<string | null>(null);
  const mayChange = me.role !== 'operator';
  const chosen = side && side.show !== 'connect' ? channels.get(side.channelId) : undefined;
  const messengerOf = useMessengerOf(chosen?.id);
  const isSideShown = side !== null && (side.show === 'connect' || chosen !== undefined);
  const broken = list.filter((channel) => channel.state === 'broken').length;

  const reload = () => {
    setProblem(null);
    loadChannels().catch((error: unknown) => setProblem(reasonOf(error)));
  };
  return (
    <div className={isSideShown ? 'channels with-side' : 'channels'}>
      <section className="p-main" aria-label={t('channels.title')}>
        <header className="bar">
          <h1>{t('channels.title')}</h1>
          <span className="num meta">{list.length}</span>
          {broken > 0 && <span className="chip chip-bad">{t('channels.brokenCount', { count: broken })}</span>}
          <span className="push" />
          {mayChange && (
            <button
              type="button"
              className="btn btn-primary"
              data-testid="connect-open"
              onClick={() => setSide({ show: 'connect' })}
            >
              <Plus className="ic" />
              {t('channels.connect')}
            </button>
          )}
        </header>
        <div className="cards">
          {problem !== null && (
            <p className="problem" role="alert">
              {t('channels.error')} {problem}{' '}
              <button type="button" className="btn btn-sm" onClick={reload}>
                {t('app.retry')}
              </button>
            </p>
          )}
          {list.length === 0 && (
            <div className="center">
              <Plug className="ic big" />
              <p>{t('channels.empty')}</p>
              {!mayChange && <p className="meta">{t('channels.askAdmin')}</p>}
            </div>
          )}
          {list.map((channel) => (
            <ChannelCard
              key={channel.id}
              channel={channel}
              mayChange={mayChange}
              onEdit={() => setSide({ show: 'edit', channelId: channel.id })}
              onFigures={() => setSide({ show: 'figures', channelId: channel.id })}
              onSetAside={() => setSide({ show: 'set_aside', channelId: channel.id })}
            />
          ))}
        </div>
      </section>
      {side !== null && isSideShown && (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Esc closes it, as the cross does
        <aside
          ref={panel}
          className="side"
          aria-label={sideTitle(side, chosen)}
          onKeyDown={(event) => event.key === 'Escape' && setSide(null)}
        >
          <header className="bar">
            <h1 className="cut grow">{sideTitle(side, chosen)}</h1>
            <button
              type="button"
              className="tool"
              aria-label={t('dialog.close')}
              title={t('dialog.close')}
              onClick={() => setSide(null)}
            >
              <X className="ic" />
            </button>
          </header>
          {side.show === 'connect' && !side.messenger && (
            <ChooseMessenger onChoose={(messenger) => setSide({ show: 'connect', messenger })} />
          )}
          {side.show === 'connect' && side.messenger && (
            <ChannelForm
              key={side.messenger.name}
              messenger={side.messenger}
              channel={null}
              onDone={(saved) => setSide({ show: 'next', channelId: saved.id })}
            />
          )}
          {side.show === 'next' && chosen && messengerOf && (
            <NextSteps
              channel={chosen}
              messenger={messengerOf}
              onClose={() => setSide(null)}
              onEdit={() => setSide({ show: 'edit', channelId: chosen.id })}
            />
          )}
          {side.show === 'edit' && chosen && messengerOf && (
            <ChannelForm
              key={chosen.id}
              messenger={messengerOf}
              channel={chosen}
              onDone={() => setSide(chosen.called_at === null ? { show: 'next', channelId: chosen.id } : null)}
            />
          )}
          {side.show === 'figures' && chosen && <Figures key={chosen.id} channel={chosen} mayChange={mayChange} />}
          {side.show === 'set_aside' && chosen && <SetAsideList key={chosen.id} channelId={chosen.id} />}
        </aside>
      )}
    </div>
  );
}
