// What stays around every screen: the rail, the strips that tell of trouble, the tab's title.
import { useEffect, useState } from 'react';
import { CircleAlert, Inbox as InboxIcon, Plug, VolumeX, Wifi, WifiOff } from 'lucide-react';
import { Link, Redirect, Route, Switch, useLocation } from 'wouter';
import type { Channel, Me } from '../api/client';
import { ChannelsPage } from '../channels/ChannelsPage';
import { useReason } from '../channels/use_words';
import { t } from '../i18n/i18n';
import { InboxPage } from '../inbox/InboxPage';
import { useInbox } from '../inbox/live';
import { AccountMenu } from './AccountMenu';
import { useServerNow, serverNow } from './clock';
import { rowTime } from './times';
import { isSoundLocked, showBadge, titleOf } from './notify';

function OfflineStrip({ since }: { since: number }) {
  useServerNow(1);
  const [start] = useState(() => serverNow() - (Date.now() - since));
  const count = Math.max(0, Math.floor((serverNow() - start) / 1000));
  const queued = useInbox((inbox) => inbox.local.filter((send) => send.state === 'waiting').length);
  return (
    <div className="strip" role="status" data-testid="offline-strip">
      <WifiOff className="ic" />
      <span className="num">{t('connection.offline', { count })}</span>
      {queued > 0 && (
        <b className="num" data-testid="offline-queue">
          {t('connection.queue', { count: queued })}
        </b>
      )}
    </div>
  );
}

function Alarm({ channel, now }: { channel: Channel; now: number }) {
  const reason = useReason(channel);
  return (
    <Link className="strip alarm" role="alert" href="/channels" data-testid="channel-alarm">
      <CircleAlert className="ic" />
      <b>{t('thread.channelBroken', { name: channel.name })}</b>
      <span className="cut">
        {t('channels.since', { time: rowTime(channel.state_since, now) })}
        {reason && `. ${reason}`}
      </span>
    </Link>
  );
}

// Of each channel that broke, to whoever can mend it, wherever they are.
function Alarms() {
  const channels = useInbox((inbox) => inbox.channels);
  const now = useServerNow(60);
  return [...channels.values()]
    .filter((channel) => channel.state === 'broken')
    .map((channel) => <Alarm key={channel.id} channel={channel} now={now} />);
}

function Strips({ me }: { me: Me }) {
  const since = useInbox((inbox) => inbox.offlineSince);
  const [isBack, setIsBack] = useState(false);
  const [wasOffline, setWasOffline] = useState(false);
  if (since !== null && !wasOffline) setWasOffline(true);
  if (since === null && wasOffline) {
    setWasOffline(false);
    setIsBack(true);
  }
  useEffect(() => {
    if (!isBack) return;
    const timer = setTimeout(() => setIsBack(false), 3000);
    return () => clearTimeout(timer);
  }, [isBack]);
  return (
    <div className="strips">
      {me.role !== 'operator' && <Alarms />}
      {me.demo && <div className="strip info">{t('demo.banner')}</div>}
      {since !== null && <OfflineStrip since={since} />}
      {since === null && isBack && (
        <div className="strip info" role="status">
          {t('connection.back')}
        </div>
      )}
    </div>
  );
}

// Any press on the page lets it sound; this one says so.
function UnlockSound() {
  const [isLocked, setLocked] = useState(isSoundLocked);
  useEffect(() => {
    if (!isLocked) return;
    const look = () => setLocked(isSoundLocked());
    const kinds = ['pointerup', 'keyup'] as const;
    for (const kind of kinds) document.addEventListener(kind, look);
    return () => {
      for (const kind of kinds) document.removeEventListener(kind, look);
    };
  }, [isLocked]);
  if (!isLocked) return null;
  return (
    <button
      type="button"
      className="tool unlock"
      aria-label={t('look.unlock')}
      title={t('look.unlock')}
      data-testid="unlock-sound"
      onClick={() => setLocked(isSoundLocked())}
    >
      <VolumeX className="ic ic-20" />
    </button>
  );
}

export function Shell({ me, onSignOut }: { me: Me; onSignOut: () => void }) {
  const [path] = useLocation();
  const waiting = useInbox((inbox) => inbox.lists.waiting);
  const isOffline = useInbox((inbox) => inbox.offlineSince !== null);
  useEffect(() => {
    document.title = titleOf(waiting.ids.length, waiting.cursor !== null);
    showBadge(waiting.ids.length);
  }, [waiting]);
  const current = (start: string) => (path.startsWith(start) ? ('page' as const) : undefined);
  return (
    <div className={/^\/inbox\/\w+\/./.test(path) ? 'shell deep' : 'shell'}>
      <nav className="rail" aria-label="Okno">
        <span className="logo">
          <img src="/icon.svg" width="28" height="28" alt="" />
        </span>
        <Link href="/inbox/waiting" aria-current={current('/inbox')} aria-label={t('nav.inbox')} title={t('nav.inbox')}>
          <InboxIcon className="ic ic-20" />
          <span className="word">{t('nav.inbox')}</span>
          {waiting.ids.length > 0 && <i />}
        </Link>
        <Link
          href="/channels"
          aria-current={current('/channels')}
          aria-label={t('nav.channels')}
          title={t('nav.channels')}
        >
          <Plug className="ic ic-20" />
          <span className="word">{t('nav.channels')}</span>
        </Link>
        <span className="spacer" />
        <UnlockSound />
        <span
          className={isOffline ? 'link is-bad' : 'link is-ok'}
          role="img"
          aria-label={isOffline ? t('connection.off') : t('connection.on')}
          title={isOffline ? t('connection.off') : t('connection.on')}
        >
          {isOffline ? <WifiOff className="ic ic-20" /> : <Wifi className="ic ic-20" />}
        </span>
        <AccountMenu me={me} onSignOut={onSignOut} />
      </nav>
      <Strips me={me} />
      <main>
        <Switch>
          <Route path="/inbox/:view/:conversation?">
            {(params) => <InboxPage me={me} view={params.view} conversationId={params.conversation ?? null} />}
          </Route>
          <Route path="/channels">
            <ChannelsPage me={me} />
          </Route>
          <Route>
            <Redirect to="/inbox/waiting" replace />
          </Route>
        </Switch>
      </main>
    </div>
  );
}
