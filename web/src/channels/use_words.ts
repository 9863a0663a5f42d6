// What a messenger says to whoever connects it, as soon as it is loaded.
import { useEffect, useState } from 'react';
import { loadWords, type MessengerWords } from '../messengers/words';

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
