// Connects a channel, or changes one: a form made of what its messenger asks for. Secrets are never shown again: an
// empty one keeps the stored one.
import { useState, type FormEvent } from 'react';
import { api, ask, reasonOf, Refusal, type Channel, type ConnectField, type Messenger } from '../api/client';
import { t, useLanguage } from '../i18n/i18n';
import { store } from '../inbox/live';
import { AreaField, ChoiceField, Field } from '../kit/Field';
import { fieldWords } from '../messengers/words';
import { Guide } from './Guide';
import { useWords } from './use_words';

type Words = Record<string, string>;

// What is sent: of an existing channel only what differs, so that nothing is told anew that was not touched.
export function changesOf(messenger: Messenger, channel: Channel | null, words: Words) {
  const settings: Words = {};
  const credentials: Words = {};
  for (const { key, kind } of messenger.fields) {
    const value = words[key] ?? '';
    if (kind === 'secret') {
      if (value !== '') credentials[key] = value;
    } else if (value !== settingOf(channel, key)) {
      settings[key] = value;
    }
  }
  return { settings, credentials };
}

function settingOf(channel: Channel | null, key: string): string {
  const value = channel?.settings[key];
  return value === undefined ? '' : String(value);
}

function save(messenger: Messenger, channel: Channel | null, words: Words): Promise<Channel> {
  const name = words['name'] ?? '';
  const changes = changesOf(messenger, channel, words);
  if (channel === null) {
    const body = { messenger: messenger.name, name, ...changes };
    return ask(api.POST('/api/v1/channels', { body }));
  }
  const body = {
    name,
    ...(Object.keys(changes.settings).length > 0 ? { settings: changes.settings } : {}),
    ...(Object.keys(changes.credentials).length > 0 ? { credentials: changes.credentials } : {}),
  };
  return ask(api.PATCH('/api/v1/channels/{id}', { params: { path: { id: channel.id } }, body }));
}

interface FormProps {
  messenger: Messenger;
  channel: Channel | null;
  onDone: (saved: Channel) => void;
}

export function ChannelForm({ messenger, channel, onDone }: FormProps) {
  const language = useLanguage();
  const own = useWords(messenger.name);
  const [problem, setProblem] = useState<{ field: string | null; words: string } | null>(null);
  const [busy, setBusy] = useState(false);
  const isNew = channel === null;
  const errorOf = (name: string) => (problem?.field === name ? problem.words : undefined);
  const rare = messenger.fields.filter((field) => field.rare);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const words: Words = {};
    for (const [name, value] of new FormData(event.currentTarget)) words[name] = String(value).trim();
    setBusy(true);
    setProblem(null);
    try {
      const saved = await save(messenger, channel, words);
      store.putChannel(saved);
      onDone(saved);
    } catch (error) {
      const field = error instanceof Refusal ? (error.problem.field?.split('.').pop() ?? null) : null;
      setProblem({ field: field !== null && field in words ? field : null, words: reasonOf(error) });
    } finally {
      setBusy(false);
    }
  };

  const draw = (field: ConnectField) => {
    const { label, help } = fieldWords(own, language, field.key);
    const isSecret = field.kind === 'secret';
    const kept = isSecret && !isNew ? t('connect.secretKept') : undefined;
    const hint = [help, kept ?? (isSecret ? t('connect.secretHint') : undefined)].filter(Boolean).join(' ');
    const shared = {
      label,
      hint,
      name: field.key,
      error: errorOf(field.key),
      defaultValue: isSecret ? '' : settingOf(channel, field.key),
      'data-testid': `connect-${field.key.replaceAll('_', '-')}`,
    };
    if (field.choices.length > 0) return <ChoiceField key={field.key} choices={field.choices} {...shared} />;
    if (field.key === 'ca_certificate') return <AreaField key={field.key} {...shared} />;
    return (
      <Field
        key={field.key}
        {...shared}
        type={isSecret ? 'password' : 'text'}
        autoComplete="off"
        required={field.required && (isNew || !isSecret)}
        placeholder={field.fallback ?? undefined}
      />
    );
  };

  return (
    <form className="stack-12" onSubmit={(event) => void submit(event)}>
      {isNew && own && (
        <section aria-label={t('connect.before')}>
          <h2>{t('connect.before')}</h2>
          <ul className="bullets">
            {own[language].before.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </section>
      )}
      <Guide messenger={messenger.name} />
      <Field
        label={t('connect.name')}
        name="name"
        required
        maxLength={100}
        hint={t('connect.nameHint')}
        defaultValue={channel?.name}
        error={errorOf('name')}
        data-testid="connect-name"
      />
      {messenger.fields.filter((field) => !field.rare).map(draw)}
      <details open={rare.some((field) => errorOf(field.key) !== undefined) || undefined}>
        <summary>{t('connect.more')}</summary>
        <div className="stack-12 more-fields">{rare.map(draw)}</div>
      </details>
      {problem !== null && problem.field === null && (
        <p className="problem" role="alert">
          {problem.words}
        </p>
      )}
      <button type="submit" className="btn btn-primary" disabled={busy} data-testid="connect-submit">
        {isNew ? t('connect.save') : t('connect.change')}
      </button>
    </form>
  );
}
