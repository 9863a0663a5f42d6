// The list of keys, opened by "?".
import { t, type Key } from '../i18n/i18n';
import { Dialog } from '../kit/Dialog';

const rows: readonly { keys: readonly string[]; words: Key }[] = [
  { keys: ['J', 'K'], words: 'keys.move' },
  { keys: ['Enter', 'R'], words: 'keys.reply' },
  { keys: ['N'], words: 'keys.note' },
  { keys: ['T'], words: 'keys.template' },
  { keys: ['E'], words: 'keys.done' },
  { keys: ['[', ']'], words: 'keys.views' },
  { keys: ['.'], words: 'keys.contact' },
  { keys: ['/'], words: 'keys.search' },
  { keys: ['Ctrl+K'], words: 'keys.commands' },
  { keys: ['Ctrl+Z'], words: 'keys.undo' },
  { keys: ['Enter', 'Ctrl+Enter'], words: 'keys.send' },
  { keys: ['Ctrl+Shift+Enter'], words: 'keys.sendDone' },
  { keys: ['Shift+Enter'], words: 'keys.break' },
  { keys: ['↑'], words: 'keys.edit' },
  { keys: ['Esc'], words: 'keys.out' },
  { keys: ['?'], words: 'keys.help' },
];

export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t('keys.title')} className="small" onClose={onClose}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- on a low screen it scrolls */}
      <dl className="d-body keys" tabIndex={0}>
        {rows.map(({ keys, words }) => (
          <div key={words} className="row">
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{t(words)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
