// The first column of the inbox: search, a new conversation, the views with their counts.
import { Clock, Layers, MailOpen, MessageSquarePlus, Search } from 'lucide-react';
import { Link } from 'wouter';
import type { View } from '../api/client';
import { t } from '../i18n/i18n';
import { ViewCount, viewNames } from './List';
import { views } from './store';

const icons = { waiting: Clock, all: Layers, unread: MailOpen } as const;

interface ViewsProps {
  view: View;
  company: string;
  onSearch: () => void;
  onNew: () => void;
}

export function Views({ view, company, onSearch, onNew }: ViewsProps) {
  return (
    <nav className="views" aria-label={t('view.label')}>
      <div className="bar">
        <h2 className="cut grow" title={company}>
          {company}
        </h2>
        <button
          type="button"
          className="tool"
          aria-label={t('start.title')}
          title={t('start.title')}
          data-testid="new-conversation"
          onClick={onNew}
        >
          <MessageSquarePlus className="ic" />
        </button>
      </div>
      <button type="button" className="field search-button" data-testid="search-open" onClick={onSearch}>
        <Search className="ic" />
        <span className="grow">{t('search.short')}</span>
        <kbd>/</kbd>
      </button>
      {views.map((other) => {
        const Icon = icons[other];
        return (
          <Link
            key={other}
            className="view"
            href={`/inbox/${other}`}
            aria-current={other === view ? 'page' : undefined}
            data-testid={`view-${other}`}
          >
            <Icon className="ic" />
            <span className="cut">{t(viewNames[other])}</span>
            <ViewCount view={other} />
          </Link>
        );
      })}
    </nav>
  );
}
