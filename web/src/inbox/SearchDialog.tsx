// Finds messages, names and numbers; a result opens its conversation at the message.
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { Search } from 'lucide-react';
import { useLocation } from 'wouter';
import { reasonOf } from '../api/client';
import { searchMessages, type Found } from '../api/more';
import { rowTime } from '../app/times';
import { serverNow } from '../app/clock';
import { t, type Key } from '../i18n/i18n';
import { Avatar } from '../kit/Avatar';
import { Dialog } from '../kit/Dialog';
import { store } from './live';
import { nameOf, preview } from './preview';

interface Answer {
  words: string;
  items: readonly Found[];
  cursor: string | null;
}

const pause = 250;

export function SearchDialog({ onClose }: { onClose: () => void }) {
  const [words, setWords] = useState('');
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [, go] = useLocation();
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const wanted = words.trim();

  useEffect(() => {
    if (wanted.length < 2) return;
    let isWanted = true;
    const timer = setTimeout(() => {
      setProblem(null);
      searchMessages(wanted, null).then(
        (page) => isWanted && setAnswer({ words: wanted, items: page.items, cursor: page.next_cursor }),
        (error: unknown) => isWanted && setProblem(reasonOf(error)),
      );
    }, pause);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [wanted]);

  const more = () => {
    if (!answer?.cursor) return;
    searchMessages(answer.words, answer.cursor).then(
      (page) => setAnswer({ words: answer.words, items: [...answer.items, ...page.items], cursor: page.next_cursor }),
      (error: unknown) => setProblem(reasonOf(error)),
    );
  };
  const open = ({ conversation, message }: Found) => {
    store.putOne(conversation);
    onClose();
    go(`/inbox/all/${conversation.id}?message=${message.id}`);
  };

  // Arrows walk from the field through the results and back.
  const walk = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    const stops = [input.current, ...(list.current?.querySelectorAll('button') ?? [])].filter((stop) => stop !== null);
    const at = stops.findIndex((stop) => stop === document.activeElement);
    const next = stops[at + (event.key === 'ArrowDown' ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  const operator = (sample: string) => {
    setWords((before) => `${before.trim()} ${sample}`.trimStart());
    input.current?.focus();
  };

  const isAnswered = answer !== null && answer.words === wanted;
  return (
    <Dialog title={t('search.title')} className="small tall" onClose={onClose}>
      <div className="d-body">
        <div className="field">
          <Search className="ic" />
          <input
            ref={input}
            type="search"
            // oxlint-disable-next-line jsx-a11y/no-autofocus -- the dialog was opened to type here
            autoFocus
            aria-label={t('search.hint')}
            placeholder={t('search.hint')}
            value={words}
            data-testid="search-input"
            onChange={(event) => setWords(event.target.value)}
            onKeyDown={(event) => {
              const first = isAnswered ? answer.items[0] : undefined;
              if (event.key === 'Enter' && first && !event.nativeEvent.isComposing) open(first);
              else walk(event);
            }}
          />
        </div>
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- arrows only move between its buttons */}
      <div ref={list} className="found" aria-live="polite" onKeyDown={walk}>
        {wanted.length < 2 && <Operators onUse={operator} />}
        {problem !== null && (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        {isAnswered && answer.items.length === 0 && <p className="hint pad">{t('search.none')}</p>}
        {wanted.length >= 2 &&
          answer?.items.map((found) => (
            <button
              key={found.message.id}
              type="button"
              className="item"
              data-testid="search-result"
              onClick={() => open(found)}
            >
              <Avatar name={nameOf(found.conversation)} />
              <span className="grow">
                <span className="l1">
                  <span className="name cut">{nameOf(found.conversation)}</span>
                  <time>{rowTime(found.message.created_at, serverNow())}</time>
                </span>
                <span className="prev two-lines">
                  <Marked text={found.snippet || preview(found.message)} words={answer.words} />
                </span>
              </span>
            </button>
          ))}
        {answer?.cursor && isAnswered && (
          <button type="button" className="btn more" onClick={more}>
            {t('list.more')}
          </button>
        )}
      </div>
    </Dialog>
  );
}

// Marks every word that was searched for; operators name something else than words.
function Marked({ text, words }: { text: string; words: string }) {
  const wanted = words
    .replace(/\w+:("[^"]*"|\S+)/g, ' ')
    .split(/[\s"]+/)
    .filter(Boolean)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  if (wanted.length === 0) return text;
  return text.split(new RegExp(`(${wanted.join('|')})`, 'gi')).map((part, index) =>
    // oxlint-disable-next-line react/no-array-index-key -- parts of one text never change places
    index % 2 === 1 ? <mark key={index}>{part}</mark> : part,
  );
}

const operators: readonly { sample: string; words: Key }[] = [
  { sample: 'from:', words: 'search.from' },
  { sample: 'channel:', words: 'search.channel' },
  { sample: 'has:file', words: 'search.file' },
  { sample: 'after:', words: 'search.after' },
  { sample: 'before:', words: 'search.before' },
];

// Operators of a day are filled with one: the form of a date is shown by an example.
function exampleOf(sample: string): string {
  if (sample !== 'after:' && sample !== 'before:') return sample;
  const today = new Date(serverNow()).toISOString().slice(0, 10);
  return sample + (sample === 'after:' ? `${today.slice(0, 8)}01` : today);
}

function Operators({ onUse }: { onUse: (sample: string) => void }) {
  return (
    <div className="pad">
      <p className="hint">{t('search.operators')}</p>
      <ul className="operators">
        {operators.map(({ sample, words }) => (
          <li key={sample}>
            <button type="button" className="btn btn-sm mono" onClick={() => onUse(exampleOf(sample))}>
              {exampleOf(sample)}
            </button>{' '}
            <span className="meta">{t(words)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
