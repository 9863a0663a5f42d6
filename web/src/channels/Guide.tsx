// The messenger's page of the documentation, folded.
import { useState } from 'react';
import { t } from '../i18n/i18n';
import { Markdown } from '../kit/Markdown';
import { loadGuide } from '../messengers/words';

export function Guide({ messenger }: { messenger: string }) {
  const [text, setText] = useState<string | null>(null);
  const [isMissing, setMissing] = useState(false);
  const load = () => {
    if (text !== null) return;
    loadGuide(messenger).then(
      (loaded) => (loaded === null ? setMissing(true) : setText(loaded)),
      () => setMissing(true),
    );
  };
  return (
    <details className="guide" data-testid="guide" onToggle={load}>
      <summary>{t('connect.guide')}</summary>
      {text !== null && <Markdown text={text} />}
      {isMissing && <p className="hint">{t('connect.noGuide')}</p>}
    </details>
  );
}
