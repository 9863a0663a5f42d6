// What a messenger says to whoever connects it, as soon as it is loaded.
import { useEffect, useState } from 'react';
import type { Channel } from '../api/client';
import { useLanguage } from '../i18n/i18n';
import { loadWords, reasonIn, type MessengerWords } from '../messengers/words';

export function useWords(messenger: string): MessengerWords | null {
  const [words, setWords] = useState<MessengerWords | null>(null);
  useEffect(() => {
    let isWanted = true;
    loadWords(messenger).then(
      (loaded) => isWanted && setWords(loaded),
      () => {}, // the form works without: the fields then show their keys
    );
    return () => {
      isWanted = false;
    };
  }, [messenger]);
  return words;
}

// Why the channel does not work, or what its admin should know; empty: nothing is told.
export function useReason(channel: Channel | undefined): string {
  const words = useWords(channel?.messenger ?? '');
  const language = useLanguage();
  return channel?.state_reason ? reasonIn(words, language, channel.state_reason) : '';
}
