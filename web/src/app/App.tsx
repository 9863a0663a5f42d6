// Decides what a visitor sees: the first run, the sign-in, or the application.
import { useCallback, useEffect, useState } from 'react';
import { api, ask, reasonOf, Refusal, setCsrfToken, whenSessionEnds, type Me } from '../api/client';
import { t, useLanguage } from '../i18n/i18n';
import { startInbox, stopInbox } from '../inbox/live';
import { Setup, SignIn } from '../session/forms';
import { renewPush } from './push';
import { Shell } from './Shell';

type Stage =
  { at: 'opening' } | { at: 'failed'; reason: string; isOffline: boolean } | { at: 'setup' } | { at: 'sign_in' } | { at: 'in'; me: Me };

function failure(error: unknown): Stage {
  const isOffline = error instanceof Refusal && error.code === 'network';
  return { at: 'failed', reason: reasonOf(error), isOffline };
}

async function firstStage(): Promise<Stage> {
  try {
    return { at: 'in', me: await ask(api.GET('/api/v1/me')) };
  } catch (error) {
    if (!(error instanceof Refusal) || error.problem.status !== 401) return failure(error);
  }
  try {
    return { at: (await ask(api.GET('/api/v1/setup'))).needed ? 'setup' : 'sign_in' };
  } catch (error) {
    return failure(error);
  }
}

export function App() {
  useLanguage();
  const [stage, setStage] = useState<Stage>({ at: 'opening' });

  const enter = useCallback((me: Me) => {
    setCsrfToken(me.csrf_token);
    startInbox(me, leave);
    if (me.role !== 'operator') renewPush();
    setStage({ at: 'in', me });
  }, []);

  const open = useCallback(async () => {
    const first = await firstStage();
    if (first.at === 'in') enter(first.me);
    else setStage(first);
  }, [enter]);

  // Drafts and unsent words stay in the browser for the same person's next sign-in.
  function leave() {
    stopInbox();
    setStage((now) => (now.at === 'in' ? { at: 'sign_in' } : now));
  }

  useEffect(() => {
    whenSessionEnds(leave);
    void open();
    return stopInbox;
  }, [open]);

  // Without a server the page tries again by itself.
  useEffect(() => {
    if (stage.at !== 'failed') return;
    const timer = setTimeout(() => void open(), 5000);
    const again = () => void open();
    globalThis.addEventListener('online', again);
    return () => {
      clearTimeout(timer);
      globalThis.removeEventListener('online', again);
    };
  }, [stage, open]);

  switch (stage.at) {
    case 'opening':
      return (
        <div className="center" aria-busy="true">
          {t('app.loading')}
        </div>
      );
    case 'failed':
      return (
        <main className="center" role="alert">
          <p>{stage.isOffline ? t('app.offline') : t('app.failed')}</p>
          {!stage.isOffline && <p className="meta">{stage.reason}</p>}
          <button type="button" className="btn" onClick={() => void open()}>
            {t('app.retry')}
          </button>
        </main>
      );
    case 'setup':
      return <Setup onDone={enter} onTaken={() => setStage({ at: 'sign_in' })} />;
    case 'sign_in':
      return <SignIn onDone={enter} />;
    case 'in':
      return <Shell me={stage.me} onSignOut={leave} />;
  }
}
