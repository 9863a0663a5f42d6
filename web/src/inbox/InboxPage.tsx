// The inbox: views, the list, the open conversation, and the keys that reach all of it.
import { useEffect, useRef, useState } from 'react';
import { MessagesSquare } from 'lucide-react';
import { Redirect, useLocation, useSearch } from 'wouter';
import { reasonOf, type Me, type View } from '../api/client';
import { t } from '../i18n/i18n';
import type { ComposerHandle } from './Composer';
import { readDraft } from './drafts';
import { actionOf, keepsKeys } from './keys';
import { KeysDialog } from './KeysDialog';
import { List } from './List';
import { lastSeen, markDone, sending, store, useInbox } from './live';
import { NewConversation } from './NewConversation';
import { SearchDialog } from './SearchDialog';
import { views } from './store';
import { TemplatePicker, type Chosen } from './TemplatePicker';
import { filledText } from './template_text';
import { Thread } from './Thread';
import { Views } from './Views';

type Over = 'search' | 'start' | 'template' | 'keys' | null;

interface InboxPageProps {
  me: Me;
  view: string;
  conversationId: string | null;
}

export function InboxPage({ me, view, conversationId }: InboxPageProps) {
  const isView = (views as readonly string[]).includes(view);
  if (!isView) return <Redirect to="/inbox/waiting" replace />;
  return <Inbox me={me} view={view as View} openId={conversationId} />;
}

function neighbour(view: View, openId: string | null, step: 1 | -1): string | null {
  const { ids } = store.get().lists[view];
  const at = openId === null ? -1 : ids.indexOf(openId);
  if (at < 0) return ids[0] ?? null;
  return ids[at + step] ?? null;
}

function Inbox({ me, view, openId }: { me: Me; view: View; openId: string | null }) {
  const [, go] = useLocation();
  const target = new URLSearchParams(useSearch()).get('message');
  const [over, setOver] = useState<Over>(null);
  const [doneProblem, setDoneProblem] = useState<{ id: string; words: string } | null>(null);
  const composer = useRef<ComposerHandle>(null);
  const conversation = useInbox((inbox) => (openId === null ? undefined : inbox.conversations.get(openId)));

  const done = () => {
    if (openId === null || !conversation?.waiting) return;
    const next = neighbour(view, openId, 1) ?? neighbour(view, openId, -1);
    const isLeaving = view === 'waiting';
    markDone(openId).catch((error: unknown) => {
      setDoneProblem({ id: openId, words: reasonOf(error) });
      go(`/inbox/${view}/${openId}`);
    });
    if (isLeaving) go(next === null || next === openId ? `/inbox/${view}` : `/inbox/${view}/${next}`);
  };

  const press = useRef<(event: KeyboardEvent) => void>(() => {});
  const step = (by: 1 | -1) => {
    const next = neighbour(view, openId, by);
    if (next !== null) go(`/inbox/${view}/${next}`);
  };
  const turn = (by: 1 | -1) => go(`/inbox/${views[(views.indexOf(view) + by + views.length) % views.length]}`);

  useEffect(() => {
    press.current = (event) => {
      if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
      const action = actionOf(event);
      if (action === null) return;
      if (keepsKeys(event.target, event.key)) {
        if (action === 'out' && event.target instanceof HTMLElement) event.target.blur();
        return;
      }
      event.preventDefault();
      switch (action) {
        case 'next':
          return step(1);
        case 'previous':
          return step(-1);
        case 'reply':
          return composer.current?.focus('reply');
        case 'note':
          return composer.current?.focus('note');
        case 'done':
          return done();
        case 'template':
          return setOver(openId === null ? null : 'template');
        case 'search':
          return setOver('search');
        case 'view_before':
          return turn(-1);
        case 'view_after':
          return turn(1);
        case 'help':
          return setOver('keys');
        case 'out':
          return go(`/inbox/${view}`);
      }
    };
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => press.current(event);
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);

  const close = () => setOver(null);
  const sendTemplate = ({ template, values }: Chosen) => {
    if (openId === null) return;
    const { name, language } = template;
    sending.send(
      openId,
      { type: 'template', template: { name, language, values } },
      { text: filledText(template, values) },
      lastSeen(store.get(), openId),
    );
    close();
  };

  return (
    <div className={openId === null ? 'inbox' : 'inbox reading'}>
      <Views
        view={view}
        company={me.workspace.name}
        onSearch={() => setOver('search')}
        onNew={() => setOver('start')}
      />
      <List
        view={view}
        openId={openId}
        myName={me.user.name}
        onSearch={() => setOver('search')}
        onNew={() => setOver('start')}
      />
      {openId === null ? (
        <section className="thread" aria-label={t('thread.messages')}>
          <div className="center">
            <MessagesSquare className="ic big" />
            {t('thread.choose')}
          </div>
        </section>
      ) : (
        <Thread
          key={openId}
          id={openId}
          me={me}
          target={target}
          backHref={`/inbox/${view}`}
          composer={composer}
          onTemplate={() => setOver('template')}
          onDone={done}
          problem={doneProblem?.id === openId ? doneProblem.words : null}
        />
      )}
      {over === 'search' && <SearchDialog onClose={close} />}
      {over === 'start' && <NewConversation company={me.workspace.name} onClose={close} />}
      {over === 'keys' && <KeysDialog onClose={close} />}
      {over === 'template' && conversation && (
        <TemplatePicker
          title={t('picker.title')}
          subtitle={conversation.contact.name}
          company={me.workspace.name}
          channelId={conversation.channel_id}
          suggestions={[
            conversation.contact.name.split(/\s+/)[0] ?? '',
            readDraft(conversation.id, 'reply').trim(),
          ].filter(Boolean)}
          onSend={sendTemplate}
          onClose={close}
        />
      )}
    </div>
  );
}
