// A question with choices for the customer to press, and how this messenger will show them.
import { useState } from 'react';
import { ListOrdered, Plus, SendHorizontal } from 'lucide-react';
import type { Messenger } from '../api/client';
import { t } from '../i18n/i18n';
import { Dialog } from '../kit/Dialog';
import { Field } from '../kit/Field';
import { lookOf, mostChoices, numbered } from './choices';

const atFirst = 3;
const longest = 20;

interface ButtonsProps {
  text: string;
  messenger: Messenger | undefined;
  onClose: () => void;
  onSend: (body: string, titles: string[]) => void;
}

function Appearance({ body, titles, messenger }: { body: string; titles: string[]; messenger: Messenger | undefined }) {
  const look = lookOf(Math.max(1, titles.length), messenger);
  if (look === 'buttons') return <p className="hint">{t('buttons.hint')}</p>;
  if (look === 'list') return <p className="hint">{t('buttons.asList')}</p>;
  return (
    <div className="as-lines" data-testid="as-numbers">
      <p className="row">
        <ListOrdered className="ic" />
        {t('buttons.asNumbers', { title: messenger?.title ?? '' })}
      </p>
      {titles.length > 0 && <pre className="words">{numbered(body, titles)}</pre>}
    </div>
  );
}

export function ButtonsDialog({ text, messenger, onClose, onSend }: ButtonsProps) {
  const [body, setBody] = useState(text);
  const [titles, setTitles] = useState<readonly string[]>(Array.from({ length: atFirst }, () => ''));
  const given = titles.map((title) => title.trim()).filter(Boolean);
  const isReady = body.trim() !== '' && given.length > 0 && new Set(given).size === given.length;
  const footer = (
    <>
      <span className="push" />
      <button type="button" className="btn" onClick={onClose}>
        {t('dialog.cancel')}
      </button>
      <button
        type="button"
        className="btn btn-primary"
        data-testid="buttons-send"
        disabled={!isReady}
        onClick={() => onSend(body.trim(), given)}
      >
        <SendHorizontal className="ic" />
        {t('composer.send')}
      </button>
    </>
  );
  return (
    <Dialog title={t('buttons.title')} className="small" onClose={onClose} footer={footer}>
      <div className="d-body stack-12">
        <label className="label-block">
          <span className="label">{t('buttons.question')}</span>
          <textarea
            className="field area"
            rows={3}
            maxLength={1024}
            value={body}
            onChange={(event) => setBody(event.target.value)}
          />
        </label>
        {titles.map((title, place) => (
          <Field
            // oxlint-disable-next-line react/no-array-index-key -- choices never change places
            key={place}
            label={t('buttons.button', { number: place + 1 })}
            maxLength={longest}
            value={title}
            onChange={(event) => setTitles(titles.with(place, event.target.value))}
          />
        ))}
        {titles.length < mostChoices && (
          <button
            type="button"
            className="btn btn-sm btn-quiet"
            data-testid="buttons-more"
            onClick={() => setTitles([...titles, ''])}
          >
            <Plus className="ic" />
            {t('buttons.more')}
          </button>
        )}
        <Appearance body={body.trim()} titles={given} messenger={messenger} />
      </div>
    </Dialog>
  );
}
