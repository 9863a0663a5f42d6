// In place of the composer while a message that has left is edited. The draft of an answer waits meanwhile.
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { Check, Pencil, X } from 'lucide-react';
import type { Message, Messenger } from '../api/client';
import { t } from '../i18n/i18n';
import { changeMessage } from './live';
import { useAction } from './use_action';

interface EditBoxProps {
  message: Message; // its text is what the editor begins with
  messenger: Messenger | undefined;
  onClose: () => void;
}

export function EditBox({ message, messenger, onClose }: EditBoxProps) {
  const [text, setText] = useState(message.text ?? '');
  const { problem, busy, run } = useAction();
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    area.current?.focus();
    area.current?.setSelectionRange(area.current.value.length, area.current.value.length);
  }, []);

  const words = text.trim();
  const isLong = messenger !== undefined && words.length > messenger.traits.most_text;
  const isReady = words !== '' && !isLong && !busy;
  const save = () => {
    if (!isReady) return;
    run(async () => {
      await changeMessage(message, 'edit', words);
      onClose();
    });
  };
  const keys = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      onClose();
    }
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    save();
  };
  return (
    <div className="box" role="group" aria-label={t('edit.title')}>
      <div className="answering">
        <Pencil className="ic" />
        <span className="cut grow">
          <b>{t('edit.title')}</b>
        </span>
        <button type="button" className="tool" aria-label={t('edit.cancel')} title={t('edit.cancel')} onClick={onClose}>
          <X className="ic" />
        </button>
      </div>
      <textarea
        ref={area}
        rows={2}
        value={text}
        aria-label={t('edit.title')}
        data-testid="edit-text"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={keys}
      />
      <div className="t-bar">
        {isLong && <span className="is-bad cut">{t('edit.tooLong', { title: messenger.title })}</span>}
        {problem !== null && (
          <span className="is-bad cut" role="alert">
            {t('failed.action', { reason: problem })}
          </span>
        )}
        <span className="push" />
        <span className="meta only-wide">
          <kbd>Esc</kbd> {t('edit.cancel')}
        </span>
        <button
          type="button"
          className="btn btn-primary"
          data-testid="edit-save"
          disabled={!isReady}
          onClick={save}
        >
          <Check className="ic" />
          {t('edit.save')}
        </button>
      </div>
    </div>
  );
}
