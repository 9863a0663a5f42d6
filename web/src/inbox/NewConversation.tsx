// Writes first: a number and an approved template, because the customer has not opened the window.
import { useMemo, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { reasonOf } from '../api/client';
import { startConversation } from '../api/more';
import { t } from '../i18n/i18n';
import { Field } from '../kit/Field';
import { store, useInbox } from './live';
import { TemplatePicker, type Chosen } from './TemplatePicker';

const none: readonly string[] = [];

export function NewConversation({ company, onClose }: { company: string; onClose: () => void }) {
  const channels = useInbox((inbox) => inbox.channels);
  const messengers = useInbox((inbox) => inbox.messengers);
  const list = useMemo(
    () =>
      [...channels.values()].filter((channel) => {
        const traits = messengers.get(channel.messenger)?.traits;
        return traits?.finds_by_phone && traits.has_templates;
      }),
    [channels, messengers],
  );
  const [picked, setPicked] = useState<string | null>(null);
  const [phone, setPhone] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const clientId = useRef(crypto.randomUUID()); // kept for a repeat after a lost answer
  const [, go] = useLocation();
  const channelId = picked ?? list[0]?.id ?? null;
  const digits = phone.replace(/[^\d]/g, '');
  const isPhone = digits.length >= 7 && digits.length <= 15;

  const send = async ({ template, values }: Chosen) => {
    if (channelId === null || busy) return;
    setBusy(true);
    setProblem(null);
    try {
      const wanted = {
        client_id: clientId.current,
        channel_id: channelId,
        phone: `+${digits}`,
        template: { name: template.name, language: template.language, values },
      };
      const conversation = await startConversation(wanted);
      store.putOne(conversation);
      onClose();
      go(`/inbox/all/${conversation.id}`);
    } catch (error) {
      clientId.current =
        error instanceof Error && 'code' in error && error.code === 'network' ? clientId.current : crypto.randomUUID();
      setProblem(reasonOf(error));
    } finally {
      setBusy(false);
    }
  };

  const top = (
    <div className="p-top">
      <label>
        <span className="label">{t('start.channel')}</span>
        <span className="field">
          <select
            value={channelId ?? ''}
            data-testid="start-channel"
            onChange={(event) => setPicked(event.target.value)}
          >
            {list.map((channel) => (
              <option key={channel.id} value={channel.id}>
                {channel.name}
              </option>
            ))}
          </select>
        </span>
      </label>
      <Field
        label={t('start.phone')}
        type="tel"
        inputMode="tel"
        autoComplete="off"
        placeholder="+7 921 555-01-48"
        value={phone}
        data-testid="start-phone"
        error={phone !== '' && !isPhone && digits.length > 15 ? t('start.wrongPhone') : undefined}
        onChange={(event) => setPhone(event.target.value)}
      />
    </div>
  );
  return (
    <TemplatePicker
      title={t('start.title')}
      company={company}
      channelId={channelId}
      suggestions={none}
      top={top}
      isBlocked={!isPhone || busy}
      problem={list.length === 0 ? t('start.noChannel') : problem}
      onSend={(chosen) => void send(chosen)}
      onClose={onClose}
    />
  );
}
