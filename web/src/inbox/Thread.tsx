// The open conversation: whose it is, what was said, and where the answer is written.
import { useCallback, useEffect, useState, type Ref } from 'react';
import { ArrowLeft, Check, PanelRight } from 'lucide-react';
import { Link } from 'wouter';
import { reasonOf, type Me, type Message } from '../api/client';
import { useReason } from '../channels/use_words';
import { serverNow } from '../app/clock';
import { fullTime, rowTime } from '../app/times';
import { t } from '../i18n/i18n';
import { Avatar } from '../kit/Avatar';
import { ChannelMark } from './ChannelMark';
import { lastToEdit } from './changing';
import { Composer, type ComposerHandle } from './Composer';
import { useDraft, writeDraft } from './drafts';
import { Elsewhere } from './Elsewhere';
import { loadConversation, lastSeen, loadThread, markRead, store, useInbox, useMessengerOf, useMessengerThatChanges } from './live';
import { nameOf } from './preview';
import { ThreadLog } from './ThreadLog';

interface ThreadProps {
  id: string;
  me: Me;
  target: string | null;
  backHref: string;
  composer: Ref<ComposerHandle>;
  onTemplate: (words?: string) => void;
  onDone: () => void;
  isContactShown: boolean;
  onContact: () => void;
  problem: string | null;
}

// Loads what is missing: the conversation of a pasted address, the messages of any.
function useLoading(id: string): [string | null, () => void] {
  const conversation = useInbox((inbox) => inbox.conversations.get(id));
  const isLoaded = useInbox((inbox) => inbox.threads.get(id)?.loaded ?? false);
  const generation = useInbox((inbox) => inbox.generation);
  const isOnline = useInbox((inbox) => inbox.offlineSince === null);
  const [problem, setProblem] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let isWanted = true;
    const tell = (words: string | null) => isWanted && setProblem(words);
    // Asked for at each opening: the author's other browser may have left a draft.
    const wanted = [loadConversation(id), ...(isLoaded ? [] : [loadThread(id)])];
    Promise.all(wanted).then(
      () => tell(null),
      (error: unknown) => tell(reasonOf(error)),
    );
    return () => {
      isWanted = false;
    };
    // oxlint-disable-next-line react/exhaustive-deps -- that the messages came is no reason to ask again
  }, [id, generation, isOnline, attempt]);
  return [conversation && isLoaded ? null : problem, () => setAttempt((count) => count + 1)];
}

// Reading is being open and visible.
function useMarkRead(id: string, isShown: boolean): void {
  const unread = useInbox((inbox) => inbox.conversations.get(id)?.unread ?? 0);
  useEffect(() => {
    if (!isShown || unread === 0) return;
    const mark = () => {
      if (document.visibilityState === 'visible') markRead(id);
    };
    mark();
    document.addEventListener('visibilitychange', mark);
    return () => document.removeEventListener('visibilitychange', mark);
  }, [id, isShown, unread]);
}

export function Thread(props: ThreadProps) {
  const { id, me, target, backHref, composer, onTemplate, onDone, isContactShown, onContact, problem } = props;
  const conversation = useInbox((inbox) => inbox.conversations.get(id));
  const channel = useInbox((inbox) => inbox.channels.get(conversation?.channel_id ?? ''));
  const messenger = useMessengerOf(conversation?.channel_id);
  const changing = useMessengerThatChanges(conversation?.channel_id);
  const reason = useReason(channel);
  const thread = useInbox((inbox) => inbox.threads.get(id));
  const seen = useInbox((inbox) => lastSeen(inbox, id));
  const [loadProblem, retry] = useLoading(id);
  const answered = useDraft(id, 'answers');
  const replyTo = useInbox((inbox) => inbox.messages.get(answered)) ?? null;
  const setReplyTo = useCallback((message: Message | null) => writeDraft(id, 'answers', message?.id ?? ''), [id]);
  const [edited, setEdited] = useState<Message | null>(null);
  const editLast = () => {
    const shown = (thread?.ids ?? []).flatMap((one) => store.get().messages.get(one) ?? []);
    setEdited(lastToEdit(shown, me.user.name, changing, serverNow()));
  };
  useMarkRead(id, thread?.loaded ?? false);

  if (!conversation) {
    return (
      <section className="thread" aria-label={t('thread.messages')}>
        <div className="center" role={loadProblem === null ? undefined : 'alert'}>
          <p>{loadProblem ?? t('app.loading')}</p>
          {loadProblem !== null && (
            <button type="button" className="btn" onClick={retry}>
              {t('app.retry')}
            </button>
          )}
          <Link className="btn only-narrow" href={backHref}>
            {t('thread.back')}
          </Link>
        </div>
      </section>
    );
  }
  const name = nameOf(conversation);
  const place = [channel?.name, conversation.identity.phone].filter(Boolean).join(' · ');
  return (
    <section className="thread" aria-label={name}>
      <header className="t-head">
        <div className="bar">
          <Link className="tool only-narrow" href={backHref} aria-label={t('thread.back')} title={t('thread.back')}>
            <ArrowLeft className="ic ic-20" />
          </Link>
          <span className="only-wide">
            <Avatar name={name} />
          </span>
          <div className="grow titles">
            <h1 className="cut">{name}</h1>
            <p className="meta cut">
              <ChannelMark channel={channel} messenger={messenger} /> {place}
            </p>
          </div>
          {problem !== null && (
            <span className="is-bad cut" role="alert">
              {problem}
            </span>
          )}
          {conversation.waiting && (
            <button type="button" className="btn" title={`${t('thread.done')} (E)`} data-testid="done" onClick={onDone}>
              <Check className="ic" />
              <span>{t('thread.done')}</span>
            </button>
          )}
          <button
            type="button"
            className={isContactShown ? 'tool on' : 'tool'}
            aria-label={t('contact.title')}
            title={`${t('contact.title')} (.)`}
            aria-pressed={isContactShown}
            data-testid="contact-toggle"
            onClick={onContact}
          >
            <PanelRight className="ic" />
          </button>
        </div>
        {conversation.blocked_since !== null && (
          <p className="strip" data-testid="blocked-strip" title={fullTime(conversation.blocked_since)}>
            {t('blocked.strip', { name, time: rowTime(conversation.blocked_since, serverNow()) })}
          </p>
        )}
        {channel?.state === 'broken' && (
          <Link className="strip" href="/channels">
            {t('thread.channelBroken', { name: channel.name })} <span className="reason">{reason}</span>
          </Link>
        )}
        {channel?.state === 'broken' && <Elsewhere conversation={conversation} />}
        {channel?.state === 'paused' && (
          <Link className="strip" href="/channels">
            {t('thread.channelPaused', { name: channel.name })}
          </Link>
        )}
      </header>
      {renderLog()}
      <Composer
        key={id}
        ref={composer}
        conversation={conversation}
        myName={me.user.name}
        seenMessageId={seen}
        replyTo={replyTo}
        onReplyTo={setReplyTo}
        edited={edited}
        onEdited={() => setEdited(null)}
        onEditLast={editLast}
        onTemplate={() => onTemplate()}
        onDone={onDone}
      />
    </section>
  );

  function renderLog() {
    if (!thread || (!thread.loaded && thread.ids.length === 0)) {
      return (
        <div className="scroll center" aria-busy={loadProblem === null}>
          <p role={loadProblem === null ? undefined : 'alert'}>
            {loadProblem === null ? '' : `${t('thread.error')} ${loadProblem}`}
          </p>
          {loadProblem !== null && (
            <button type="button" className="btn" onClick={retry}>
              {t('app.retry')}
            </button>
          )}
        </div>
      );
    }
    if (!conversation) return null;
    return (
      <ThreadLog
        key={id}
        conversation={conversation}
        thread={thread}
        myName={me.user.name}
        target={target}
        onReply={setReplyTo}
        onEdit={setEdited}
        onTemplate={onTemplate}
      />
    );
  }
}
