// Finds messages, names and numbers; a result opens its conversation at the message.
import { useEffect, useState } from 'react';
import { Search } from 'lucide-react';
import { useLocation } from 'wouter';
import { reasonOf } from '../api/client';
import { searchMessages, type Found } from '../api/more';
import { rowTime } from '../app/times';
import { serverNow } from '../app/clock';
import { t } from '../i18n/i18n';
import { Avatar } from '../kit/Avatar';
import { Dialog } from '../kit/Dialog';
import { store } from './live';
import { preview } from './preview';

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

  const isAnswered = answer !== null && answer.words === wanted;
  return (
    <Dialog title={t('search.title')} className="small tall" onClose={onClose}>
      <div className="d-body">
        <div className="field">
          <Search className="ic" />
          <input
            type="search"
            // oxlint-disable-next-line jsx-a11y/no-autofocus -- the dialog was opened to type here
            autoFocus
            aria-label={t('search.hint')}
            placeholder={t('search.hint')}
            value={words}
            data-testid="search-input"
            onChange={(event) => setWords(event.target.value)}
          />
        </div>
      </div>
      <div className="found" aria-live="polite">
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
              <Avatar name={found.conversation.contact.name} />
              <span className="grow">
                <span className="l1">
                  <span className="name cut">{found.conversation.contact.name}</span>
                  <time>{rowTime(found.message.created_at, serverNow())}</time>
                </span>
                <span className="prev two-lines">
                  <Marked text={plain(found.snippet) || preview(found.message)} words={answer.words} />
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

// The server may mark what it found; the marking here is our own.
function plain(snippet: string): string {
  return snippet.replace(/<\/?(b|mark|em)>/g, '');
}

function Marked({ text, words }: { text: string; words: string }) {
  const at = text.toLowerCase().indexOf(words.toLowerCase());
  if (at < 0) return text;
  return (
    <>
      {text.slice(0, at)}
      <mark>{text.slice(at, at + words.length)}</mark>
      {text.slice(at + words.length)}
    </>
  );
}
