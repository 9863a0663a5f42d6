// Before the inbox: sign-in, and in the first run the making of the company and its owner.
import { useState, type FormEvent, type ReactNode } from 'react';
import { api, ask, reasonOf, Refusal, type Me } from '../api/client';
import { chooseLanguage, languages, t, useLanguage } from '../i18n/i18n';
import { Field } from '../kit/Field';

interface GateProps {
  title: string;
  intro?: string;
  submit: string;
  testId: string;
  problem: string | null;
  busy: boolean;
  onSubmit: (form: FormData) => void;
  children: ReactNode;
}

function Gate({ title, intro, submit, testId, problem, busy, onSubmit, children }: GateProps) {
  const language = useLanguage();
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSubmit(new FormData(event.currentTarget));
  };
  return (
    <main className="gate">
      <p className="brand">
        <img src="/icon.svg" width="32" height="32" alt="" />
        Okno
      </p>
      <form className="card-form stack-12" onSubmit={send}>
        <h1>{title}</h1>
        {intro && <p className="hint">{intro}</p>}
        {children}
        {problem && (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        <button type="submit" className="btn btn-primary" data-testid={testId} disabled={busy}>
          {submit}
        </button>
      </form>
      <p className="row row-4">
        {languages.map(({ code, name }) => (
          <button
            key={code}
            type="button"
            className="btn btn-sm btn-quiet"
            lang={code}
            aria-pressed={language === code}
            onClick={() => void chooseLanguage(code)}
          >
            {name}
          </button>
        ))}
      </p>
    </main>
  );
}

// One try of a form: busy meanwhile, a refusal in words after.
function useTry(onDone: (me: Me) => void) {
  const [problem, setProblem] = useState<Refusal | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const attempt = async (request: Promise<Me>) => {
    setBusy(true);
    setProblem(null);
    setFailure(null);
    try {
      onDone(await request);
    } catch (error) {
      if (error instanceof Refusal) setProblem(error);
      setFailure(reasonOf(error));
    } finally {
      setBusy(false);
    }
  };
  return { problem, failure, busy, attempt };
}

export function SignIn({ onDone }: { onDone: (me: Me) => void }) {
  useLanguage();
  const { failure, busy, attempt } = useTry(onDone);
  const submit = (form: FormData) => {
    const body = { email: String(form.get('email')).trim(), password: String(form.get('password')) };
    void attempt(ask(api.POST('/api/v1/session', { body })));
  };
  return (
    <Gate
      title={t('signIn.title')}
      submit={t('signIn.submit')}
      testId="sign-in-submit"
      problem={failure}
      busy={busy}
      onSubmit={submit}
    >
      <Field
        label={t('signIn.email')}
        name="email"
        type="email"
        autoComplete="username"
        required
        data-testid="sign-in-email"
      />
      <Field
        label={t('signIn.password')}
        name="password"
        type="password"
        autoComplete="current-password"
        required
        data-testid="sign-in-password"
      />
    </Gate>
  );
}

export function Setup({ onDone, onTaken }: { onDone: (me: Me) => void; onTaken: () => void }) {
  useLanguage();
  const { problem, failure, busy, attempt } = useTry(onDone);
  const field = problem?.problem.field;
  const errorOf = (name: string) => (field === name ? problem?.message : undefined);
  const submit = (form: FormData) => {
    const word = (name: string) => String(form.get(name) ?? '').trim();
    const code = word('code');
    const body = {
      workspace: word('workspace'),
      email: word('email'),
      name: word('name'),
      password: String(form.get('password')),
      ...(code ? { code } : {}),
    };
    void attempt(ask(api.POST('/api/v1/setup', { body })));
  };
  if (problem?.code === 'already_set_up') onTaken();
  return (
    <Gate
      title={t('setup.title')}
      intro={t('setup.intro')}
      submit={t('setup.submit')}
      testId="setup-submit"
      problem={field ? null : failure}
      busy={busy}
      onSubmit={submit}
    >
      <Field
        label={t('setup.workspace')}
        name="workspace"
        required
        maxLength={100}
        autoComplete="organization"
        error={errorOf('workspace')}
        data-testid="setup-workspace"
      />
      <Field
        label={t('setup.name')}
        name="name"
        required
        maxLength={100}
        autoComplete="name"
        error={errorOf('name')}
        data-testid="setup-name"
      />
      <Field
        label={t('signIn.email')}
        name="email"
        type="email"
        required
        autoComplete="username"
        error={errorOf('email')}
        data-testid="setup-email"
      />
      <Field
        label={t('signIn.password')}
        name="password"
        type="password"
        required
        minLength={10}
        maxLength={256}
        autoComplete="new-password"
        hint={t('setup.passwordHint', { count: 10 })}
        error={errorOf('password')}
        data-testid="setup-password"
      />
      <Field
        label={t('setup.code')}
        name="code"
        hint={t('setup.codeHint')}
        autoComplete="off"
        error={errorOf('code')}
        data-testid="setup-code"
      />
    </Gate>
  );
}
