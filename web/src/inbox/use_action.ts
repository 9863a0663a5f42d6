// One action of a button: while it runs the button rests, and what it failed with is shown.
import { useState } from 'react';
import { reasonOf } from '../api/client';

export function useAction() {
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const run = (action: () => Promise<void>) => {
    setBusy(true);
    setProblem(null);
    action()
      .catch((error: unknown) => setProblem(reasonOf(error)))
      .finally(() => setBusy(false));
  };
  return { problem, busy, run };
}
