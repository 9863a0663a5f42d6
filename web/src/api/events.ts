// Keeps the live feed open: resumes after the last number seen, and comes back with growing pauses.
import type { Event } from './client';

export interface Feed {
  stop(): void;
}

interface FeedOptions {
  after: () => number | null;
  onEvent: (event: Event) => void;
  onOnline: () => void;
  onOffline: () => void;
  onSessionEnd: () => void;
  connect?: (url: string) => WebSocket;
}

const pulse = 10_000;
const sessionEnded = 4401;

export function pauseBefore(attempt: number, random: () => number = Math.random): number {
  const full = Math.min(30_000, 500 * 2 ** attempt);
  return full / 2 + (full / 2) * random(); // a restarted server must not meet everybody at once
}

function addressOf(after: number | null): string {
  const address = new URL('/api/v1/events', location.href);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  if (after !== null) address.searchParams.set('after', String(after));
  return address.href;
}

export function openFeed(options: FeedOptions): Feed {
  const connect = options.connect ?? ((url: string) => new WebSocket(url));
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  let stopped = false;

  const open = (): void => {
    clearTimeout(timer);
    const opened = connect(addressOf(options.after()));
    socket = opened;
    opened.addEventListener('message', (message: MessageEvent) => {
      if (socket !== opened) return;
      const event = JSON.parse(String(message.data)) as Event;
      if (event.type === 'hello') {
        attempt = 0;
        options.onOnline();
      }
      options.onEvent(event);
    });
    opened.addEventListener('close', (closed: CloseEvent) => {
      if (stopped || socket !== opened) return;
      if (closed.code === sessionEnded) return options.onSessionEnd();
      lose();
    });
  };

  // Does not wait for the closing handshake: without a network that takes a minute.
  const lose = (): void => {
    const lost = socket;
    socket = null;
    lost?.close();
    options.onOffline();
    clearTimeout(timer);
    timer = setTimeout(open, pauseBefore(attempt));
    attempt += 1;
  };

  const hurry = (): void => {
    if (socket === null && !stopped) open();
  };
  const offline = (): void => {
    if (socket !== null) lose();
  };
  // A computer that slept has a socket that only looks open.
  let beat = Date.now();
  const watch = setInterval(() => {
    const slept = Date.now() - beat > 4 * pulse;
    beat = Date.now();
    if (!slept) return;
    offline();
    hurry();
  }, pulse);

  globalThis.addEventListener('online', hurry);
  globalThis.addEventListener('offline', offline);
  open();
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
      clearInterval(watch);
      globalThis.removeEventListener('online', hurry);
      globalThis.removeEventListener('offline', offline);
      socket?.close();
    },
  };
}
