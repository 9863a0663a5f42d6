// Tells this browser of channels that break, also while no page is open (Web Push): public/sw.js shows it.
import { api, ask, Refusal } from '../api/client';
import { language } from '../i18n/i18n';

// The subscription's id at the server, as long as this browser wants to be told.
const kept = 'okno.push';

// `blocked`: the browser refuses this site's notifications, only its user can change that.
export type PushState = 'on' | 'off' | 'blocked' | 'unsupported';

export function pushState(): PushState {
  if (!('serviceWorker' in navigator) || !('PushManager' in globalThis) || !('Notification' in globalThis)) return 'unsupported';
  if (Notification.permission === 'denied') return 'blocked';
  return localStorage.getItem(kept) !== null && Notification.permission === 'granted' ? 'on' : 'off';
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const letters = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}

function isSame(key: ArrayBuffer | null | undefined, other: Uint8Array): boolean {
  const bytes = new Uint8Array(key ?? new ArrayBuffer(0));
  return bytes.length === other.length && bytes.every((byte, at) => byte === other[at]);
}

// The browser's own subscription, made anew when it was made for another server's key.
async function subscribed(): Promise<PushSubscription> {
  const { pushManager } = await navigator.serviceWorker.ready;
  const key = bytesOf((await ask(api.GET('/api/v1/push/key'))).public_key);
  const before = await pushManager.getSubscription();
  if (before && isSame(before.options.applicationServerKey, key)) return before;
  await before?.unsubscribe();
  return await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

async function tellServer(): Promise<void> {
  const { endpoint, keys } = (await subscribed()).toJSON();
  const body = { endpoint: endpoint ?? '', keys: { p256dh: keys?.['p256dh'] ?? '', auth: keys?.['auth'] ?? '' }, language: language() };
  const { id } = await ask(api.POST('/api/v1/push/subscriptions', { body }));
  localStorage.setItem(kept, id);
}

// To be called from a press: the browser asks its user first.
export async function turnPushOn(): Promise<PushState> {
  if ((await Notification.requestPermission()) === 'granted') await tellServer();
  return pushState();
}

export async function turnPushOff(): Promise<PushState> {
  const id = localStorage.getItem(kept);
  const { pushManager } = await navigator.serviceWorker.ready;
  await (await pushManager.getSubscription())?.unsubscribe();
  localStorage.removeItem(kept);
  if (id !== null)
    await ask(api.DELETE('/api/v1/push/subscriptions/{id}', { params: { path: { id } } })).catch((error: unknown) => {
      if (!(error instanceof Refusal) || error.problem.status !== 404) throw error;
    });
  return pushState();
}

// The server's part ends with the session, and the language may be another: told anew by each page that opens.
export function renewPush(): void {
  if (pushState() === 'on') tellServer().catch(() => {}); // the next page tries again
}
