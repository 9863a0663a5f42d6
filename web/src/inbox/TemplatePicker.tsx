// Chooses an approved template, fills its variables and shows at once what the customer will see.
import { useEffect, useState, type ReactNode } from 'react';
import { Info, Reply, Search, SendHorizontal } from 'lucide-react';
import { api, ask, reasonOf, type Template } from '../api/client';
import { clockTime } from '../app/times';
import { serverNow } from '../app/clock';
import { t } from '../i18n/i18n';
import { Avatar } from '../kit/Avatar';
import { Dialog } from '../kit/Dialog';
import { Field } from '../kit/Field';
import { categoryWords, languageWords, statusWords } from './template_words';
import { isFilled, piecesOf, sortTemplates, type Values } from './template_text';

const recentKey = 'okno.templates.recent';

export interface Chosen {
  template: Template;
  values: Record<string, string>;
}

interface PickerProps {
  title: string;
  subtitle?: string;
  company: string;
  channelId: string | null;
  suggestions: readonly string[]; // what may go into a variable: the customer's name, the kept draft
  top?: ReactNode;
  isBlocked?: boolean;
  problem?: string | null;
  onSend: (chosen: Chosen) => void;
  onClose: () => void;
}

function readRecent(): string[] {
  return (localStorage.getItem(recentKey) ?? '').split('\n').filter(Boolean);
}

function noteRecent({ name, language }: Template): void {
  const one = `${name} ${language}`;
  localStorage.setItem(recentKey, [one, ...readRecent().filter((other) => other !== one)].slice(0, 8).join('\n'));
}

type Loaded =
  { at: 'loading' } | { at: 'failed'; reason: string } | { at: 'here'; channelId: string; templates: Template[] };

function useTemplates(channelId: string | null): [Loaded, () => void] {
  const [state, setState] = useState<Loaded>({ at: 'loading' });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (channelId === null) return;
    let isWanted = true;
    setState({ at: 'loading' });
    ask(api.GET('/api/v1/channels/{id}/templates', { params: { path: { id: channelId } } })).then(
      (page) => isWanted && setState({ at: 'here', channelId, templates: page.items }),
      (error: unknown) => isWanted && setState({ at: 'failed', reason: reasonOf(error) }),
    );
    return () => {
      isWanted = false;
    };
  }, [channelId, attempt]);
  return [state, () => setAttempt((count) => count + 1)];
}

export function TemplatePicker({
  title,
  subtitle,
  company,
  channelId,
  suggestions,
  top,
  isBlocked = false,
  problem = null,
  onSend,
  onClose,
}: PickerProps) {
  const [loaded, reload] = useTemplates(channelId);
  const [words, setWords] = useState('');
  const [chosen, setChosen] = useState<Template | null>(null);
  const [values, setValues] = useState<Values>({});
  const templates = loaded.at === 'here' ? loaded.templates : [];
  const { approved, others } = sortTemplates(templates, words, readRecent());
  const template = chosen && templates.includes(chosen) ? chosen : null;
  const canSend = template !== null && isFilled(template, values) && !isBlocked;

  const send = () => {
    if (!template || !canSend) return;
    noteRecent(template);
    onSend({
      template,
      values: Object.fromEntries(template.variables.map((name) => [name, (values[name] ?? '').trim()])),
    });
  };
  const footer = (
    <>
      {problem ? (
        <span className="is-bad cut" role="alert">
          {problem}
        </span>
      ) : (
        <span className="meta cut">{template && !isFilled(template, values) ? t('picker.fill') : ''}</span>
      )}
      <span className="push" />
      <button type="button" className="btn" onClick={onClose}>
        {t('dialog.cancel')}
      </button>
      <button type="button" className="btn btn-primary" data-testid="template-send" disabled={!canSend} onClick={send}>
        <SendHorizontal className="ic" />
        {t('picker.send')}
      </button>
    </>
  );
  return (
    <Dialog
      title={title}
      {...(subtitle === undefined ? {} : { subtitle })}
      className="picker"
      onClose={onClose}
      footer={footer}
    >
      {top}
      <div className="picker-in">
        <div className="p-list">
          <div className="field">
            <Search className="ic" />
            <input
              type="search"
              placeholder={t('picker.search')}
              aria-label={t('picker.search')}
              value={words}
              onChange={(event) => setWords(event.target.value)}
            />
          </div>
          {loaded.at === 'loading' && channelId !== null && (
            <p className="hint pad" aria-busy="true">
              {t('app.loading')}
            </p>
          )}
          {loaded.at === 'failed' && (
            <div className="problem" role="alert">
              {t('picker.error')} {loaded.reason}{' '}
              <button type="button" className="btn btn-sm" onClick={reload}>
                {t('app.retry')}
              </button>
            </div>
          )}
          {loaded.at === 'here' && approved.length === 0 && (
            <p className="hint pad">{words === '' ? t('picker.none') : t('search.none')}</p>
          )}
          {approved.length > 0 && <h3>{t('picker.approved')}</h3>}
          {approved.map((one) => (
            <button
              key={`${one.name} ${one.language}`}
              type="button"
              className={one === template ? 'p-item sel' : 'p-item'}
              aria-pressed={one === template}
              data-testid="template-item"
              data-name={one.name}
              onClick={() => {
                setChosen(one);
                setValues({});
              }}
            >
              <span className="l">
                <b className="cut">{one.name}</b>
                <span className="chip">{one.language}</span>
              </span>
              <span className="meta cut">{one.body}</span>
            </button>
          ))}
          {others.length > 0 && <h3>{t('picker.others')}</h3>}
          {others.map((one) => (
            <div key={`${one.name} ${one.language}`} className="p-item off">
              <span className="l">
                <b className="cut">{one.name}</b>
                <span className={one.status === 'rejected' ? 'chip chip-bad' : 'chip chip-warn'}>{statusWords(one)}</span>
              </span>
              <span className="meta cut">{one.body}</span>
            </div>
          ))}
        </div>
        <form
          className="p-form stack-12"
          onSubmit={(event) => {
            event.preventDefault();
            send();
          }}
        >
          {template === null ? (
            <p className="center">{t('picker.choose')}</p>
          ) : (
            <>
              <div className="row wrap">
                <h2>{template.name}</h2>
                <span className="chip">{categoryWords(template)}</span>
                <span className="chip">{languageWords(template)}</span>
              </div>
              {headingFirst(template.variables).map((name, index) => (
                <div key={name}>
                  <Field
                    label={variableWords(name)}
                    data-testid="template-value"
                    data-variable={name}
                    autoComplete="off"
                    // oxlint-disable-next-line jsx-a11y/no-autofocus -- a template was chosen to fill it
                    autoFocus={index === 0}
                    value={values[name] ?? ''}
                    onChange={(event) => setValues({ ...values, [name]: event.target.value })}
                  />
                  {(values[name] ?? '') === '' && (
                    <p className="src">
                      {suggestions.map((known) => (
                        <button
                          key={known}
                          type="button"
                          className="btn-link cut"
                          onClick={() => setValues({ ...values, [name]: known })}
                        >
                          {t('picker.insert', { words: known })}
                        </button>
                      ))}
                    </p>
                  )}
                </div>
              ))}
              <p className="say-note">
                <Info className="ic" />
                {t('picker.note')}
              </p>
              <button type="submit" className="sr" tabIndex={-1} disabled={!canSend}>
                {t('picker.send')}
              </button>
            </>
          )}
        </form>
        <aside className="p-prev">
          <h3>{t('picker.preview')}</h3>
          <div className="mini">
            <div className="ph-hd">
              <Avatar name={company} size={28} />
              <b className="cut">{company}</b>
            </div>
            <div className="ph-log">{template && <PhoneBubble template={template} values={values} />}</div>
          </div>
        </aside>
      </div>
    </Dialog>
  );
}

const isHeading = (name: string): boolean => name.startsWith('header:');

// As they stand in the text.
function headingFirst(names: readonly string[]): string[] {
  return [...names.filter(isHeading), ...names.filter((name) => !isHeading(name))];
}

function variableWords(name: string): string {
  return isHeading(name)
    ? t('picker.headerValue', { name: name.slice('header:'.length) })
    : t('picker.value', { name });
}

function Filled({ text, values, prefix = '' }: { text: string; values: Values; prefix?: string }) {
  return piecesOf(text, values, prefix).map((piece, index) =>
    // oxlint-disable-next-line react/no-array-index-key -- pieces of one text never change places
    piece.variable === null ? piece.text : <mark key={index}>{piece.text}</mark>,
  );
}

function PhoneBubble({ template, values }: { template: Template; values: Values }) {
  return (
    <>
      <div className="pm" data-testid="template-preview">
        {template.header && (
          <b className="words">
            <Filled text={template.header} values={values} prefix="header:" />
            {'\n'}
          </b>
        )}
        <span className="words">
          <Filled text={template.body} values={values} />
        </span>
        {template.footer && <span className="ph-foot">{template.footer}</span>}
        <span className="st num">{clockTime(serverNow())}</span>
      </div>
      {template.buttons.map((title) => (
        <span key={title} className="pb">
          <Reply className="ic" />
          {title}
        </span>
      ))}
    </>
  );
}
