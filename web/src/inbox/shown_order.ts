// Nothing moves under the hand: while the pointer is in the list, or for the open conversation, rows
// stay where they are, and what changed waits behind a pill.
export interface ShownOrder {
  ids: readonly string[];
  waiting: number; // conversations that came or rose meanwhile
}

// `shown` is the order on the screen, `real` the one to show when nothing holds. `kept` is the open
// conversation: it stays in its place when it left the view, until another one is opened.
export function shownOrder(
  shown: readonly string[],
  real: readonly string[],
  isHeld: boolean,
  kept: string | null,
): ShownOrder {
  const present = new Set(real);
  const keptAt = kept !== null && !present.has(kept) ? shown.indexOf(kept) : -1;
  if (!isHeld) {
    if (keptAt < 0 || kept === null) return { ids: real, waiting: 0 };
    const ids = [...real];
    ids.splice(Math.min(keptAt, ids.length), 0, kept);
    return { ids, waiting: 0 };
  }
  const before = new Set(shown);
  const held = shown.filter((id) => present.has(id) || id === kept);
  const place = new Map(held.map((id, index) => [id, index]));
  // Older pages are added at the end and may show at once; what stands before a row on the screen rose.
  const lastShown = real.reduce((last, id, index) => (before.has(id) ? index : last), -1);
  const tail = real.slice(lastShown + 1);
  let waiting = 0;
  let furthest = Infinity;
  for (let index = lastShown; index >= 0; index -= 1) {
    const was = place.get(real[index] ?? '');
    if (was === undefined || was > furthest) waiting += 1;
    else furthest = was;
  }
  return { ids: [...held, ...tail], waiting };
}

// The order on the screen, for what steps through it.
let onScreen: readonly string[] = [];

export function noteOnScreen(ids: readonly string[]): void {
  onScreen = ids;
}

// The row `step` away from the given one; the first row when it is not on the screen.
export function neighbourOf(id: string | null, step: 1 | -1): string | null {
  const at = id === null ? -1 : onScreen.indexOf(id);
  return (at < 0 ? onScreen[0] : onScreen[at + step]) ?? null;
}
