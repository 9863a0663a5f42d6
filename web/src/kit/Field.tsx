// A labelled input with a hint or an error under it; several lines, or one of a few values.
import { useId, type InputHTMLAttributes, type ReactNode } from 'react';

interface Said {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
}

type FieldProps = Said & InputHTMLAttributes<HTMLInputElement>;

interface Aria {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
}

function Labelled({ label, hint, error, className = '', render }: Said & { className?: string; render: (aria: Aria) => ReactNode }) {
  const id = useId();
  const under = error ?? hint;
  const aria: Aria = {
    id,
    'aria-describedby': under ? `${id}-under` : undefined,
    'aria-invalid': error ? true : undefined,
  };
  return (
    <div>
      <label className="label" htmlFor={id}>
        {label}
      </label>
      <div className={['field', className, error ? 'wrong' : ''].filter(Boolean).join(' ')}>{render(aria)}</div>
      {under && (
        <p id={`${id}-under`} className={error ? 'hint is-bad' : 'hint'}>
          {under}
        </p>
      )}
    </div>
  );
}

export function Field({ label, hint, error, ...input }: FieldProps) {
  return <Labelled label={label} hint={hint} error={error} render={(aria) => <input {...aria} {...input} />} />;
}

interface OtherProps extends Said {
  name: string;
  defaultValue: string;
  'data-testid'?: string;
}

export function AreaField({ label, hint, error, ...area }: OtherProps) {
  return (
    <Labelled
      label={label}
      hint={hint}
      error={error}
      className="area"
      render={(aria) => <textarea rows={3} spellCheck={false} className="mono" {...aria} {...area} />}
    />
  );
}

export function ChoiceField({ label, hint, error, choices, ...select }: OtherProps & { choices: readonly string[] }) {
  return (
    <Labelled
      label={label}
      hint={hint}
      error={error}
      render={(aria) => (
        <select {...aria} {...select}>
          <option value="">—</option>
          {choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      )}
    />
  );
}
