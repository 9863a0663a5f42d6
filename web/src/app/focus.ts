// Focus never drops to nothing: when the focused element goes away, the nearest part of the page that
// contained it takes the focus, so that the keyboard goes on from there.
const homes = 'dialog, section, aside, main';

let chain: readonly HTMLElement[] = [];
let focused: HTMLElement | null = null;

function isUsable(element: HTMLElement): boolean {
  return element.isConnected && element.getClientRects().length > 0 && !element.matches(':disabled');
}

function homesOf(element: HTMLElement): HTMLElement[] {
  const found: HTMLElement[] = [];
  for (let at = element.parentElement?.closest<HTMLElement>(homes); at; at = at.parentElement?.closest(homes))
    found.push(at);
  return found;
}

export function focusPart(part: HTMLElement): void {
  if (part.tabIndex < 0 && !part.hasAttribute('tabindex')) part.tabIndex = -1; // parts of the page, not fields
  part.focus({ preventScroll: true });
}

function rescue(): void {
  if (focused === null || document.activeElement !== document.body) return;
  if (isUsable(focused)) return;
  const home = chain.find(isUsable) ?? document.querySelector<HTMLElement>('main');
  if (home) focusPart(home);
}

let isDue = false;

// An element that is hidden loses its focus only when the page is drawn.
function rescueAfterDrawing(): void {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() =>
    setTimeout(() => {
      isDue = false;
      rescue();
    }),
  );
}

export function keepFocus(root: HTMLElement): void {
  document.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof HTMLElement)) return;
    focused = target;
    chain = homesOf(target);
  });
  // Left by the person: there is nothing to rescue.
  document.addEventListener('pointerdown', () => {
    focused = null;
  });
  new MutationObserver(rescueAfterDrawing).observe(root, {
    childList: true,
    subtree: true,
    attributeFilter: ['disabled', 'class', 'hidden'],
  });
}
