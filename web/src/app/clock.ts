// The server's clock: countdowns must agree with the server that will judge the send, not with a
// laptop that is two minutes off. One ticker redraws every countdown.
import { useSyncExternalStore } from 'react';

let offset = 0;
let second = 0;
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

export function serverNow(): number {
  return Date.now() + offset;
}

function tick(): void {
  second = Math.floor(serverNow() / 1000);
  for (const listener of listeners) listener();
}

export function setServerTime(iso: string): void {
  offset = Date.parse(iso) - Date.now();
  tick();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) second = Math.floor(serverNow() / 1000);
  timer ??= setInterval(tick, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

// `every` is how often the caller wants to be redrawn, in seconds.
export function useServerNow(every = 1): number {
  const step = useSyncExternalStore(subscribe, () => Math.floor((second || Math.floor(serverNow() / 1000)) / every));
  return step * every * 1000;
}
