// The first step of connecting: which messenger, with what decides about it.
import type { Messenger } from '../api/client';
import { t } from '../i18n/i18n';
import { useInbox } from '../inbox/live';
import { ChannelGlyph } from '../kit/Avatar';

function factsOf({ traits }: Messenger): string {
  const hours = traits.reply_window_seconds === null ? null : Math.round(traits.reply_window_seconds / 3600);
  return [
    t(traits.is_official ? 'channels.official' : 'channels.unofficial'),
    hours === null ? t('connect.noWindow') : t('connect.window', { count: hours }),
    t(traits.finds_by_phone ? 'connect.byPhone' : 'connect.notByPhone'),
  ].join(' · ');
}

export function ChooseMessenger({ onChoose }: { onChoose: (messenger: Messenger) => void }) {
  const messengers = useInbox((inbox) => inbox.messengers);
  return (
    <div className="choose">
      <h2>{t('connect.choose')}</h2>
      <ul>
        {[...messengers.values()].map((messenger) => (
          <li key={messenger.name}>
            <button type="button" data-testid={`messenger-${messenger.name}`} onClick={() => onChoose(messenger)}>
              <ChannelGlyph messenger={messenger.title} title={messenger.title} />
              <span className="grow">
                <b>{messenger.title}</b>
                <span className="meta">{factsOf(messenger)}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
