// A modal dialog on the native element: focus stays inside, Esc closes, focus returns.
import { useEffect, useRef, type ReactNode } from 'react';
import { X } from 'lucide-react';
import { t } from '../i18n/i18n';

interface DialogProps {
  title: string;
  subtitle?: string;
  className?: string;
  onClose: () => void;
  children: ReactNode;
  footer?: ReactNode;
}

export function Dialog({ title, subtitle, className = '', onClose, children, footer }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = element.current;
    if (!dialog || dialog.open) return;
    dialog.showModal();
    // A field to type in, else the safe button of the footer; the browser would choose the closing cross.
    const first = dialog.querySelector<HTMLElement>('input, textarea, select') ?? dialog.querySelector('.d-foot .btn');
    if (first instanceof HTMLElement) first.focus();
  }, []);
  return (
    // A click on the backdrop is a click on the dialog itself; the keyboard has Esc.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions
    <dialog
      ref={element}
      className={`dialog ${className}`}
      aria-label={title}
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && onClose()}
    >
      <header className="d-head">
        <h1 className="cut">{title}</h1>
        {subtitle && <span className="meta cut grow">{subtitle}</span>}
        <button
          type="button"
          className="tool push"
          aria-label={t('dialog.close')}
          title={t('dialog.close')}
          onClick={onClose}
        >
          <X className="ic" />
        </button>
      </header>
      {children}
      {footer && <footer className="d-foot">{footer}</footer>}
    </dialog>
  );
}
