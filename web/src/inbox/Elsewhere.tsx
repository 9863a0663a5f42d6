// Where else a person can be written to while their channel does not work: conversations with the same number.
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import type { Conversation } from '../api/client';
import { searchMessages } from '../api/more';
import { t } from '../i18n/i18n';
import { useInbox } from './live';

export function Elsewhere({ conversation }: { conversation: Conversation }) {
  const [found, setFound] = useState<readonly Conversation[]>([]);
  const channels = useInbox((inbox) => inbox.channels);
  const { id } = conversation;
  const { phone } = conversation.identity;
  useEffect(() => {
    let isCurrent = true;
    setFound([]);
    if (phone === null) return;
    searchMessages(phone, null)
      .then(({ items }) => {
        const others = items.map((item) => item.conversation).filter((one) => one.id !== id && one.identity.phone === phone);
        if (isCurrent) setFound([...new Map(others.map((one) => [one.id, one])).values()]);
      })
      .catch(() => {}); // the strip above says what does not work
    return () => {
      isCurrent = false;
    };
  }, [id, phone]);
  const working = found.filter((one) => channels.get(one.channel_id)?.state === 'connected');
  if (working.length === 0) return null;
  return (
    <p className="strip" data-testid="elsewhere">
      <span>{t('thread.elsewhere')}</span>
      {working.map((one) => (
        <Link key={one.id} className="btn btn-sm" href={`/inbox/all/${one.id}`}>
          {channels.get(one.channel_id)?.name}
        </Link>
      ))}
    </p>
  );
}
