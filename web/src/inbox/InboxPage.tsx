// The inbox: views, the list, the open conversation, and the keys that reach all of it.
import { useEffect, useRef, useState } from 'react';
import { MessagesSquare } from 'lucide-react';
import { Redirect, useLocation, useSearch } from 'wouter';
import { reasonOf, type Me, type View } from '../api/client';
import { focusPart } from '../app/focus';
import { t } from '../i18n/i18n';
import type { ComposerHandle } from './Composer';
import { ContactPanel } from './ContactPanel';
import { readDraft } from './drafts';
import { actionOf, keepsKeys } from './keys';
import { KeysDialog } from './KeysDialog';
import { List } from './List';
import { lastSeen, markDone, sending, store, useInbox } from './live';
import { NewConversation } from './NewConversation';
import { SearchDialog } from './SearchDialog';
import { neighbourOf } from './shown_order';
import { views } from './store';
import { TemplatePicker, type Chosen } from './TemplatePicker';
import { filledText } from './template_text';
import { Thread } from './Thread';
import { UndoBar, useUndo } from './UndoBar';
import { Views } from './Views';
import { nameOf } from './preview';

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

const contactKey = 'okno.contact';
const besideFrom = 1400; // as in styles/inbox.css

// Open beside the thread where there is room for both, until the person decides.
function isContactWanted(): boolean {
  const saved = localStorage.getItem(contactKey);
  return saved === null ? innerWidth >= besideFrom : saved === 'open';
}

function useContactPanel(): [boolean, (isOpen: boolean) => void] {
  const [isOpen, setOpen] = useState(isContactWanted);
  return [
    isOpen,
    (next) => {
      localStorage.setItem(contactKey, next ? 'open' : 'closed');
      setOpen(next);
    },
  ];
}

function Inbox({ me, view, openId }: { me: Me; view: View; openId: string | null }) {
  const [, go] = useLocation();
  const target = new URLSearchParams(useSearch()).get('message');
  const [over, setOver] = useState<Over>(null);
  const [unsentWords, setUnsentWords] = useState(''); // of a message that failed, offered to a template
  const [doneProblem, setDoneProblem] = useState<{ id: string; words: string } | null>(null);
  const [hasContact, setContact] = useContactPanel();
  const composer = useRef<ComposerHandle>(null);
  const conversation = useInbox((inbox) => (openId === null ? undefined : inbox.conversations.get(openId)));

  const undo = useUndo((id) => go(`/inbox/${view}/${id}`));
  const done = () => {
    if (openId === null || !conversation?.waiting) return;
    const next = neighbourOf(openId, 1) ?? neighbourOf(openId, -1);
    const isLeaving = view === 'waiting';
    undo.offer(conversation);
    markDone(openId).catch((error: unknown) => {
      undo.withdraw();
      setDoneProblem({ id: openId, words: reasonOf(error) });
      go(`/inbox/${view}/${openId}`);
    });
    if (isLeaving) go(next === null || next === openId ? `/inbox/${view}` : `/inbox/${view}/${next}`);
  };

  const press = useRef<(event: KeyboardEvent) => void>(() => {});
  const step = (by: 1 | -1) => {
    const next = neighbourOf(openId, by);
    if (next !== null) go(`/inbox/${view}/${next}`);
  };
  const turn = (by: 1 | -1) => go(`/inbox/${views[(views.indexOf(view) + by + views.length) % views.length]}`);

  useEffect(() => {
    press.current = (event) => {
      if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
      const action = actionOf(event);
      if (action === null) return;
      if (action === 'search_anywhere') {
        event.preventDefault();
        return setOver('search');
      }
      if (keepsKeys(event.target, event.key)) {
        const thread = document.querySelector<HTMLElement>('.thread .log') ?? document.querySelector<HTMLElement>('main');
        if (action === 'out' && thread) focusPart(thread);
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
          return openId === null ? undefined : openTemplates();
        case 'search':
          return setOver('search');
        case 'view_before':
          return turn(-1);
        case 'view_after':
          return turn(1);
        case 'contact':
          return setContact(!hasContact);
        case 'undo':
          return undo.undo();
        case 'help':
          return setOver('keys');
        case 'out':
          if (openId !== null && hasContact && innerWidth < besideFrom) return setContact(false); // it lies over the thread
          return go(`/inbox/${view}`);
      }
    };
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => press.current(event);
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);

  // A conversation that opens where the focus was takes it; so does the row of one that is closed.
  const wasOpen = useRef<string | null>(null);
  useEffect(() => {
    const before = wasOpen.current;
    wasOpen.current = openId;
    if (before === openId) return undefined;
    const frame = requestAnimationFrame(() => {
      const now = document.activeElement;
      if (now instanceof HTMLElement && now !== document.body && now.getClientRects().length > 0 && now.isConnected)
        return;
      const row = document.querySelector<HTMLElement>(`[data-conversation-id="${before ?? ''}"]`);
      const part = openId === null ? row : document.querySelector<HTMLElement>('section.thread');
      if (part) focusPart(part);
    });
    return () => cancelAnimationFrame(frame);
  }, [openId]);

  const close = () => setOver(null);
  const openTemplates = (words = '') => {
    setUnsentWords(words);
    setOver('template');
  };
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
    <div className={['inbox', openId && 'reading', openId && hasContact && 'with-contact'].filter(Boolean).join(' ')}>
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
          onTemplate={openTemplates}
          onDone={done}
          isContactShown={hasContact}
          onContact={() => setContact(!hasContact)}
          problem={doneProblem?.id === openId ? doneProblem.words : undo.problem}
        />
      )}
      {conversation && hasContact && (
        <ContactPanel
          conversation={conversation}
          hrefOf={(messageId) => `/inbox/${view}/${conversation.id}?message=${messageId}`}
          onClose={() => setContact(false)}
        />
      )}
      {undo.conversation && <UndoBar conversation={undo.conversation} undo={undo.undo} />}
      {over === 'search' && <SearchDialog onClose={close} />}
      {over === 'start' && <NewConversation company={me.workspace.name} onClose={close} />}
      {over === 'keys' && <KeysDialog onClose={close} />}
      {over === 'template' && conversation && (
        <TemplatePicker
          title={t('picker.title')}
          subtitle={nameOf(conversation)}
          company={me.workspace.name}
          channelId={conversation.channel_id}
          suggestions={[
            nameOf(conversation).split(/\s+/)[0] ?? '',
            unsentWords,
            readDraft(conversation.id, 'reply').trim(),
          ].filter(Boolean)}
          onSend={sendTemplate}
          onClose={close}
        />
      )}
    </div>
  );
}
