// Connects a channel, or changes one. Secrets are never shown again: an empty one keeps the stored one.
import { useState, type FormEvent } from 'react';
import { api, ask, reasonOf, Refusal, type Channel } from '../api/client';
import { t } from '../i18n/i18n';
import { store } from '../inbox/live';
import { Field } from '../kit/Field';

type Words = Record<string, string>;

function filled(words: Words, names: readonly string[]): Words {
  return Object.fromEntries(names.flatMap((name) => (words[name] ? [[name, words[name]]] : [])));
}

function save(channel: Channel | null, words: Words): Promise<Channel> {
  const name = words['name'] ?? '';
  const required = { phone_number_id: words['phone_number_id'] ?? '', waba_id: words['waba_id'] ?? '' };
  const more = filled(words, ['base_url', 'api_version']);
  const credentials = filled(words, ['access_token', 'app_secret', 'verify_token']);
  if (channel === null) {
    const secrets = { access_token: words['access_token'] ?? '', app_secret: words['app_secret'] ?? '' };
    const body = {
      messenger: 'whatsapp' as const,
      name,
      settings: { ...required, ...more },
      credentials: { ...secrets, ...credentials },
    };
    return ask(api.POST('/api/v1/channels', { body }));
  }
  const changed = Object.keys(credentials).length > 0 ? { credentials } : {};
  const body = { name, settings: { ...channel.settings, ...required, ...more }, ...changed };
  return ask(api.PATCH('/api/v1/channels/{id}', { params: { path: { id: channel.id } }, body }));
}

export function ChannelForm({ channel, onDone }: { channel: Channel | null; onDone: (saved: Channel) => void }) {
  const [problem, setProblem] = useState<{ field: string | null; words: string } | null>(null);
  const [busy, setBusy] = useState(false);
  const isNew = channel === null;
  const errorOf = (name: string) => (problem?.field === name ? problem.words : undefined);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const words: Words = {};
    for (const [name, value] of new FormData(event.currentTarget)) words[name] = String(value).trim();
    setBusy(true);
    setProblem(null);
    try {
      const saved = await save(channel, words);
      store.putChannel(saved);
      onDone(saved);
    } catch (error) {
      const field = error instanceof Refusal ? (error.problem.field?.split('.').pop() ?? null) : null;
      setProblem({ field: field !== null && field in words ? field : null, words: reasonOf(error) });
    } finally {
      setBusy(false);
    }
  };

  return (
    <form className="stack-12" onSubmit={(event) => void submit(event)}>
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
      <Field
        label={t('connect.phoneNumberId')}
        name="phone_number_id"
        required
        inputMode="numeric"
        autoComplete="off"
        defaultValue={channel?.settings.phone_number_id}
        error={errorOf('phone_number_id')}
        data-testid="connect-phone-number-id"
      />
      <Field
        label={t('connect.wabaId')}
        name="waba_id"
        required
        inputMode="numeric"
        autoComplete="off"
        defaultValue={channel?.settings.waba_id}
        error={errorOf('waba_id')}
        data-testid="connect-waba-id"
      />
      <Field
        label={t('connect.accessToken')}
        name="access_token"
        type="password"
        required={isNew}
        autoComplete="off"
        hint={isNew ? t('connect.secretHint') : t('connect.secretKept')}
        error={errorOf('access_token')}
        data-testid="connect-access-token"
      />
      <Field
        label={t('connect.appSecret')}
        name="app_secret"
        type="password"
        required={isNew}
        autoComplete="off"
        hint={isNew ? t('connect.secretHint') : t('connect.secretKept')}
        error={errorOf('app_secret')}
        data-testid="connect-app-secret"
      />
      <Field
        label={t('connect.verifyToken')}
        name="verify_token"
        autoComplete="off"
        hint={isNew ? t('connect.verifyHint') : t('connect.secretKept')}
        error={errorOf('verify_token')}
        data-testid="connect-verify-token"
      />
      <details open={errorOf('base_url') !== undefined || errorOf('api_version') !== undefined || undefined}>
        <summary>{t('connect.more')}</summary>
        <div className="stack-12 more-fields">
          <Field
            label={t('connect.baseUrl')}
            name="base_url"
            type="url"
            placeholder="https://graph.facebook.com"
            defaultValue={channel?.settings.base_url}
            error={errorOf('base_url')}
            data-testid="connect-base-url"
          />
          <Field
            label={t('connect.apiVersion')}
            name="api_version"
            placeholder="v23.0"
            defaultValue={channel?.settings.api_version}
            error={errorOf('api_version')}
            data-testid="connect-api-version"
          />
        </div>
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
