// A labelled input with a hint or an error under it.
import { useId, type InputHTMLAttributes } from 'react';

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
}

export function Field({ label, hint, error, ...input }: FieldProps) {
  const id = useId();
  const under = error ?? hint;
  return (
    <div>
      <label className="label" htmlFor={id}>
        {label}
      </label>
      <div className={error ? 'field wrong' : 'field'}>
        <input
          id={id}
          aria-describedby={under ? `${id}-under` : undefined}
          aria-invalid={error ? true : undefined}
          {...input}
        />
      </div>
      {under && (
        <p id={`${id}-under`} className={error ? 'hint is-bad' : 'hint'}>
          {under}
        </p>
      )}
    </div>
  );
}
