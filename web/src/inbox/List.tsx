// The conversations of one view. Rows rise only when a customer writes, and not under the hand.
import { createContext, useContext, useEffect, useLayoutEffect, useRef, useState, type Ref } from 'react';
import { ArrowUp, MessageSquarePlus, Search } from 'lucide-react';
import { VList, type CustomItemComponentProps, type VListHandle } from 'virtua';
import { Link, useLocation } from 'wouter';
import type { View } from '../api/client';
import { t, useLanguage, type Key } from '../i18n/i18n';
import { loadView, useInbox } from './live';
import { Row } from './Row';
import { noteOnScreen, shownOrder } from './shown_order';
import { views, type ListState } from './store';

export const viewNames: Record<View, Key> = { waiting: 'view.waiting', all: 'view.all', unread: 'view.unread' };
const emptyWords: Record<View, Key> = {
  waiting: 'list.empty.waiting',
  all: 'list.empty.all',
  unread: 'list.empty.unread',
};

interface ListProps {
  view: View;
  openId: string | null;
  myName: string;
  onSearch: () => void;
  onNew: () => void;
}

export function countWords(list: ListState): string {
  return `${list.ids.length}${list.cursor === null ? '' : '+'}`;
}

// Nothing for all: how many there are tells nobody what to do.
export function ViewCount({ view }: { view: View }) {
  const list = useInbox((inbox) => inbox.lists[view]);
  if (view === 'all' || !list.loaded || list.ids.length === 0) return null;
  return <span className="num">{countWords(list)}</span>;
}

function EmptyList({ view }: { view: View }) {
  const hasChannels = useInbox((inbox) => inbox.channels.size > 0);
  return (
    <div className="center">
      <p>{t(emptyWords[view])}</p>
      {view !== 'all' && (
        <Link className="btn" href="/inbox/all">
          {t('list.showAll')}
        </Link>
      )}
      {view === 'all' && !hasChannels && (
        <Link className="btn btn-primary" href="/channels">
          {t('list.connect')}
        </Link>
      )}
    </div>
  );
}

export function List({ view, openId, myName, onSearch, onNew }: ListProps) {
  const language = useLanguage();
  const [, go] = useLocation();
  const list = useInbox((inbox) => inbox.lists[view]);
  const [isHeld, setHeld] = useState(false);
  const [shown, setShown] = useState<{ view: View; ids: readonly string[] }>({ view, ids: list.ids });
  const handle = useRef<VListHandle>(null);

  const order = shownOrder(shown.view === view ? shown.ids : list.ids, list.ids, isHeld && shown.view === view, openId);
  const isSame =
    shown.view === view &&
    shown.ids.length === order.ids.length &&
    shown.ids.every((id, index) => id === order.ids[index]);
  if (!isSame) setShown({ view, ids: order.ids });
  useLayoutEffect(() => noteOnScreen(order.ids), [order.ids]);

  // The open row stays in sight when keys step through the list.
  const scrolledTo = useRef<string | null>(null);
  useEffect(() => {
    const at = openId === null ? -1 : order.ids.indexOf(openId);
    if (at < 0 || scrolledTo.current === openId) return;
    scrolledTo.current = openId;
    handle.current?.scrollToIndex(at, { align: 'nearest' });
  }, [openId, order.ids]);

  const loadMore = (offset: number) => {
    const scroll = handle.current;
    if (!scroll || list.cursor === null || list.error !== undefined) return;
    if (offset + scroll.viewportSize > scroll.scrollSize - 600) loadView(view, true).catch(() => {});
  };

  return (
    <section className="list" aria-label={t('list.label')}>
      <header className="bar">
        <h1>{t(viewNames[view])}</h1>
        <select
          className="pick"
          aria-label={t('view.label')}
          value={view}
          onChange={(event) => go(`/inbox/${event.target.value}`)}
        >
          {views.map((other) => (
            <option key={other} value={other}>
              {t(viewNames[other])}
            </option>
          ))}
        </select>
        <span className="num">{list.loaded ? countWords(list) : ''}</span>
        <span className="push" />
        <button
          type="button"
          className="tool only-folded"
          aria-label={t('search.title')}
          title={t('search.title')}
          onClick={onSearch}
        >
          <Search className="ic" />
        </button>
        <button
          type="button"
          className="tool only-folded"
          aria-label={t('start.title')}
          title={t('start.title')}
          onClick={onNew}
        >
          <MessageSquarePlus className="ic" />
        </button>
      </header>
      <nav className="view-chips" aria-label={t('view.label')}>
        {views.map((other) => (
          <Link key={other} href={`/inbox/${other}`} aria-current={other === view ? 'page' : undefined}>
            {t(viewNames[other])} <ViewCount view={other} />
          </Link>
        ))}
      </nav>
      {list.error !== undefined && (
        <div className="problem in-list" role="alert">
          <p>
            {t('list.error')} {list.error}
          </p>
          <button type="button" className="btn btn-sm" onClick={() => void loadView(view).catch(() => {})}>
            {t('app.retry')}
          </button>
        </div>
      )}
      {order.waiting > 0 && (
        <button
          type="button"
          className="pill"
          onClick={() => {
            setShown({ view, ids: list.ids });
            handle.current?.scrollTo(0);
          }}
        >
          <ArrowUp className="ic" />
          {t('list.new', { count: order.waiting })}
        </button>
      )}
      {list.loaded && order.ids.length === 0 ? (
        <EmptyList view={view} />
      ) : (
        // The pointer and the keyboard only hold the order; every action has its own control.
        <div
          className="rows"
          role="presentation"
          onPointerEnter={(event) => event.pointerType === 'mouse' && setHeld(true)}
          onPointerLeave={() => setHeld(false)}
          onFocus={(event) => event.target.matches(':focus-visible') && setHeld(true)}
          onBlur={() => setHeld(false)}
        >
          {list.loaded || order.ids.length > 0 ? (
            <Total value={list.cursor === null ? order.ids.length : -1}>
              <VList
                ref={handle}
                role="list"
                item={Place}
                key={view}
                itemSize={72}
                onScroll={loadMore}
                data={order.ids}
                aria-busy={!list.loaded}
              >
                {(id) => (
                  <Row
                    key={id}
                    id={id}
                    href={`/inbox/${view}/${id}`}
                    isOpen={id === openId}
                    myName={myName}
                    language={language}
                  />
                )}
              </VList>
            </Total>
          ) : (
            list.error === undefined && <Skeleton />
          )}
        </div>
      )}
    </section>
  );
}

// The number of rows, or -1 while older ones are not loaded: a list must tell its position and total.
const Total = createContext(-1);

function Place({ ref, index, style, children }: CustomItemComponentProps & { ref?: Ref<HTMLDivElement> }) {
  return (
    <div ref={ref} style={style} role="listitem" aria-posinset={index + 1} aria-setsize={useContext(Total)}>
      {children}
    </div>
  );
}

function Skeleton() {
  return (
    <div className="skeletons" aria-busy="true" aria-label={t('app.loading')}>
      {[0, 1, 2, 3, 4, 5].map((row) => (
        <div key={row} className="item">
          <span className="av" />
          <span className="bone" />
        </div>
      ))}
    </div>
  );
}
