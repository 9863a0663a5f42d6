// The mark of a conversation's channel. An unofficial one says so in words, wherever it stands.
import type { Channel, Messenger } from '../api/client';
import { t } from '../i18n/i18n';
import { ChannelGlyph } from '../kit/Avatar';
import { channelTitle } from './preview';

export function ChannelMark({ channel, messenger }: { channel: Channel | undefined; messenger: Messenger | undefined }) {
  return (
    <>
      <ChannelGlyph messenger={messenger?.title ?? ''} title={channelTitle(channel, messenger)} />
      {messenger && !messenger.traits.is_official && (
        <span className="unofficial" data-testid="unofficial">
          {t('channels.unofficial')}
        </span>
      )}
    </>
  );
}
