import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Event } from '../src/api/client';
import { openFeed, pauseBefore, type Feed } from '../src/api/events';

class FakeSocket extends EventTarget {
  closed = false;
  constructor(readonly url: string) {
    super();
  }
  close(): void {
    this.closed = true;
  }
  hear(event: Partial<Event>): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(event) }));
  }
  end(code: number): void {
    this.dispatchEvent(Object.assign(new globalThis.Event('close'), { code }));
  }
}

let sockets: FakeSocket[];
let told: string[];
let seen: number | null;
let feed: Feed;

beforeEach(() => {
  vi.useFakeTimers();
  sockets = [];
  told = [];
  seen = null;
  feed = openFeed({
    after: () => seen,
    onEvent: (event) => {
      if ('seq' in event) seen = event.seq;
    },
    onOnline: () => told.push('online'),
    onOffline: () => told.push('offline'),
    onSessionEnd: () => told.push('session ended'),
    connect: (url) => {
      const socket = new FakeSocket(url);
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
  });
});
afterEach(() => {
  feed.stop();
  vi.useRealTimers();
});

it('asks for nothing old at first, and resumes after the last number seen', () => {
  expect(sockets[0]?.url).not.toContain('after');
  sockets[0]?.hear({ type: 'hello', seq: 41 });
  sockets[0]?.end(1006);
  vi.advanceTimersByTime(1000);
  expect(sockets[1]?.url).toContain('after=41');
  expect(told).toEqual(['online', 'offline']);
});

it('does not come back when the session ended', () => {
  sockets[0]?.end(4401);
  vi.advanceTimersByTime(60_000);
  expect(sockets).toHaveLength(1);
  expect(told).toEqual(['session ended']);
});

it('lets go of the socket as soon as the network is gone, and hurries when it returns', () => {
  globalThis.dispatchEvent(new globalThis.Event('offline'));
  expect(sockets[0]?.closed).toBe(true);
  globalThis.dispatchEvent(new globalThis.Event('online'));
  expect(sockets).toHaveLength(2);
  sockets[0]?.hear({ type: 'hello', seq: 9 }); // too late: another socket speaks now
  expect(told).toEqual(['offline']);
});

it('pauses grow and have an end', () => {
  expect(pauseBefore(0, () => 1)).toBe(500);
  expect(pauseBefore(3, () => 1)).toBe(4000);
  expect(pauseBefore(30, () => 1)).toBe(30_000);
  expect(pauseBefore(30, () => 0)).toBe(15_000);
});
