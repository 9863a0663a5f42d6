// A question with up to three buttons for the customer to press.
import { useState } from 'react';
import { SendHorizontal } from 'lucide-react';
import { t } from '../i18n/i18n';
import { Dialog } from '../kit/Dialog';
import { Field } from '../kit/Field';

const places = [0, 1, 2] as const;
const longest = 20;

export function ButtonsDialog({
  text,
  onClose,
  onSend,
}: {
  text: string;
  onClose: () => void;
  onSend: (body: string, titles: string[]) => void;
}) {
  const [body, setBody] = useState(text);
  const [titles, setTitles] = useState(['', '', '']);
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
        {places.map((place) => (
          <Field
            key={place}
            label={t('buttons.button', { number: place + 1 })}
            maxLength={longest}
            value={titles[place] ?? ''}
            onChange={(event) => setTitles(titles.with(place, event.target.value))}
          />
        ))}
        <p className="hint">{t('buttons.hint')}</p>
      </div>
    </Dialog>
  );
}
