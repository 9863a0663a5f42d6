// The scrolling part of a thread. It opens at the first unread message, else at the end; follows new
// messages only when it is at the end; keeps its place per conversation and when older pages come.
import { useCallback, useEffect, useEffectEvent, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { ArrowDown } from 'lucide-react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { reasonOf, type Conversation, type Message } from '../api/client';
import { t, useLanguage } from '../i18n/i18n';
import { Bubble } from './Bubble';
import { firstUnread, linesOf, type Line } from './lines';
import { loadThread, loadUntil, sending, store, useInbox } from './live';
import type { ThreadState } from './store';
import { nameOf } from './preview';

interface Place {
  key: string; // of the first line in sight
  below: number; // how far the top of the window stands under its top
}

// Where each conversation was left; nothing when it was left at the end.
const places = new Map<string, Place>();
const nearEnd = 48;
const calmFrames = 5;
const handKinds = ['wheel', 'touchstart', 'pointerdown', 'keydown'] as const;

interface ThreadLogProps {
  conversation: Conversation;
  thread: ThreadState;
  myName: string;
  target: string | null; // a message to show, found by search
  onReply: (message: Message) => void;
  onEdit: (message: Message) => void;
  onTemplate: (words: string) => void;
}

export function ThreadLog({ conversation, thread, myName, target, onReply, onEdit, onTemplate }: ThreadLogProps) {
  const language = useLanguage();
  const { id } = conversation;
  const messages = useInbox((inbox) => inbox.messages);
  const local = useInbox((inbox) => inbox.local);
  const shown = useStable(useMemo(() => thread.ids.flatMap((one) => messages.get(one) ?? []), [thread.ids, messages]));
  const [firstNew, setFirstNew] = useState(() => firstUnread(shown, conversation.unread));
  const ownSends = useStable(useMemo(() => local.filter((send) => send.conversationId === id), [local, id]));
  const lines = useMemo(() => linesOf(shown, ownSends, { myName, firstNew }), [shown, ownSends, myName, firstNew]);

  const handle = useRef<VirtualizerHandle>(null);
  const log = useRef<HTMLDivElement>(null);
  const offsetBefore = useRef(0);
  // On the way to the end: lines that are measured on the way move it, only the person stops it.
  const isHeading = useRef(false);
  useEffect(() => {
    const stop = () => {
      isHeading.current = false;
    };
    const element = log.current;
    for (const kind of handKinds) element?.addEventListener(kind, stop, { passive: true });
    return () => {
      for (const kind of handKinds) element?.removeEventListener(kind, stop);
    };
  }, []);
  const [isAtEnd, setAtEnd] = useState(true);
  const atEnd = useRef(true);
  const [seenKey, setSeenKey] = useState<string | null>(null); // the last line when the end was left
  const [problem, setProblem] = useState<string | null>(null);
  const [marked, setMarked] = useState<string | null>(null);

  // Older lines came in front: only then may the list keep its place from the end.
  const [firstKey, setFirstKey] = useState(lines[0]?.key);
  const isShifted = firstKey !== lines[0]?.key && lines.some((line, index) => index > 0 && line.key === firstKey);
  useLayoutEffect(() => {
    // The list has just scrolled by what came in front, and learns of it with the next scroll event: until
    // then it would measure from where it was, and at the top it would throw the new place away.
    if (isShifted) log.current?.dispatchEvent(new Event('scroll'));
    setFirstKey(lines[0]?.key);
  }, [lines, isShifted]);

  // Not the list's own scrolling, which goes on for a while and would pull back who scrolls up meanwhile.
  const stick = useCallback(() => {
    if (log.current) log.current.scrollTop = log.current.scrollHeight;
  }, []);
  // There, for as long as lines that come into sight are measured: the list then corrects its offset by itself, which
  // must not be taken for somebody who goes up.
  const settle = useCallback(() => {
    let calm = 0;
    const look = () => {
      const element = log.current;
      if (!isHeading.current || !element) return;
      const isNear = element.scrollHeight - element.scrollTop - element.clientHeight <= nearEnd;
      calm = isNear ? calm + 1 : 0;
      if (!isNear) stick();
      if (calm < calmFrames) requestAnimationFrame(look);
      else isHeading.current = false;
    };
    requestAnimationFrame(look);
  }, [stick]);
  const toEnd = useCallback(() => {
    const element = log.current;
    atEnd.current = true;
    const isFar = element !== null && element.scrollHeight - element.scrollTop - element.clientHeight > nearEnd;
    if (isFar && !isHeading.current) {
      isHeading.current = true;
      settle();
    }
    stick();
  }, [settle, stick]);

  // The first placing, once there is something to place.
  const isPlaced = useRef(false);
  useLayoutEffect(() => {
    const list = handle.current;
    if (isPlaced.current || !list || lines.length === 0) return;
    isPlaced.current = true;
    const place = places.get(id);
    const kept = place ? lines.findIndex((line) => line.key === place.key) : -1;
    const unread = firstNew === null ? -1 : lines.findIndex((line) => line.message.id === firstNew);
    if (target !== null) {
      atEnd.current = false;
      return;
    }
    if (unread >= 0) list.scrollToIndex(unread, { align: 'start' });
    else if (place && kept >= 0) list.scrollToIndex(kept, { align: 'start', offset: place.below });
    else toEnd();
    if (unread >= 0 || kept >= 0) atEnd.current = false;
  }, [lines, id, firstNew, target, toEnd]);

  // New lines at the end: follow them when at the end, and always follow one's own.
  const lastKey = lines[lines.length - 1]?.key;
  const lastIsMine = lines[lines.length - 1]?.send?.state === 'sending';
  useLayoutEffect(() => {
    if (!isPlaced.current) return;
    if (atEnd.current || lastIsMine) toEnd();
  }, [lastKey, lastIsMine, toEnd]);

  const loadOlder = useCallback(() => {
    setProblem(null);
    loadThread(id, true).catch((error: unknown) => setProblem(reasonOf(error)));
  }, [id]);

  const notePlace = useCallback(
    (offset: number) => {
      const list = handle.current;
      if (!list || !isPlaced.current) return;
      const isNear = offset + list.viewportSize >= list.scrollSize - nearEnd;
      // What grows at the end is followed; only going up leaves it.
      const isEnd = isNear || isHeading.current || (atEnd.current && offset >= offsetBefore.current);
      offsetBefore.current = offset;
      atEnd.current = isEnd;
      setAtEnd(isEnd);
      if (isEnd && !isNear) stick();
      const index = list.findItemIndex(offset);
      const line = lines[index];
      if (isEnd || !line) places.delete(id);
      else places.set(id, { key: line.key, below: offset - list.getItemOffset(index) });
      if (isEnd) setSeenKey(null);
      else setSeenKey((seen) => seen ?? lines[lines.length - 1]?.key ?? null);
      if (offset < 400 && thread.cursor !== null && problem === null) loadOlder();
    },
    [id, lines, thread.cursor, problem, loadOlder, stick],
  );

  // A thread that fits the screen never scrolls, so nothing else would tell that its end is in sight.
  const isMeasured = useRef(false);
  useEffect(() => {
    if (isMeasured.current || !isPlaced.current) return undefined;
    const frames = [0, 0];
    frames[0] = requestAnimationFrame(() => {
      frames[1] = requestAnimationFrame(() => {
        if (handle.current) notePlace(handle.current.scrollOffset);
        isMeasured.current = true;
      });
    });
    return () => frames.forEach(cancelAnimationFrame);
  }, [notePlace]);

  const jump = useCallback(
    async (messageId: string) => {
      const isThere = await loadUntil(id, messageId).catch(() => false);
      if (!isThere) return;
      setMarked(messageId);
      requestAnimationFrame(() => {
        const at = store.get().threads.get(id)?.ids.indexOf(messageId) ?? -1;
        if (at < 0) return;
        atEnd.current = false;
        isHeading.current = false;
        handle.current?.scrollToIndex(lineIndex.current(messageId), { align: 'center' });
      });
    },
    [id],
  );
  const lineIndex = useRef<(messageId: string) => number>(() => 0);
  useLayoutEffect(() => {
    lineIndex.current = (messageId) =>
      Math.max(
        0,
        lines.findIndex((line) => line.message.id === messageId),
      );
  }, [lines]);
  useEffect(() => {
    if (target !== null) void jump(target);
  }, [target, jump]);

  // What came while the page was hidden is new to whoever comes back to it.
  const unreadNow = useEffectEvent(() => {
    if (document.visibilityState === 'visible' && conversation.unread > 0)
      setFirstNew(firstUnread(shown, conversation.unread));
  });
  useEffect(() => {
    const look = () => unreadNow();
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);

  const react = useCallback(
    (message: Message, emoji: string) => {
      sending.send(id, { type: 'reaction', reaction: { message_id: message.id, emoji } }, { text: emoji }, null);
    },
    [id],
  );

  const canReact = conversation.reply_window.verdict === 'free_text';
  const unseen = seenKey === null ? 0 : countAfter(lines, seenKey);
  return (
    <div className="scroll">
      {problem !== null && (
        <div className="problem over" role="alert">
          {t('thread.error')} {problem}{' '}
          <button type="button" className="btn btn-sm" onClick={loadOlder}>
            {t('app.retry')}
          </button>
        </div>
      )}
      <div
        ref={log}
        className="log"
        role="log"
        aria-live={isAtEnd ? 'polite' : 'off'}
        aria-label={t('thread.messages')}
        data-testid="thread"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keyboard
        tabIndex={0}
      >
        <div className="spring" />
        <Virtualizer
          ref={handle}
          shift={isShifted}
          onScroll={notePlace}
          onResize={() => atEnd.current && isPlaced.current && stick()}
        >
          {lines.map((line) => (
            <Bubble
              key={line.key}
              line={line}
              customer={nameOf(conversation)}
              canReact={canReact && line.message.direction !== 'note'}
              isMarked={line.message.id === marked}
              onReply={onReply}
              onReact={react}
              onEdit={onEdit}
              onJump={jump}
              onTemplate={onTemplate}
              language={language}
            />
          ))}
        </Virtualizer>
      </div>
      {!isAtEnd && (
        <button type="button" className="btn to-end" data-testid="to-end" onClick={toEnd}>
          {unseen > 0 ? t('thread.newBelow', { count: unseen }) : t('thread.toEnd')}
          <ArrowDown className="ic" />
        </button>
      )}
    </div>
  );
}

function countAfter(lines: readonly Line[], key: string): number {
  const at = lines.findIndex((line) => line.key === key);
  return at < 0 ? 0 : lines.slice(at + 1).filter((line) => line.message.direction === 'inbound').length;
}

// Keeps the same array while its members are the same, so that nothing is computed again.
function useStable<T>(next: readonly T[]): readonly T[] {
  const [kept, setKept] = useState(next);
  const isSame = kept.length === next.length && kept.every((item, index) => item === next[index]);
  if (!isSame) setKept(next);
  return isSame ? kept : next;
}
