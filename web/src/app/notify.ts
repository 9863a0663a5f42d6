// Tells about new customer messages: a short sound in one tab, and the number of waiting in the title.
import type { Message } from '../api/client';
import { serverNow } from './clock';

const soundKey = 'okno.sound';
let audio: AudioContext | null = null;

export function isSoundOn(): boolean {
  return localStorage.getItem(soundKey) !== 'off';
}

export function setSound(on: boolean): void {
  localStorage.setItem(soundKey, on ? 'on' : 'off');
  if (on) beep();
}

// A page that was not touched yet may not sound: browsers wait for a press.
export function isSoundLocked(): boolean {
  return isSoundOn() && navigator.userActivation?.hasBeenActive === false;
}

function beep(): void {
  audio ??= new AudioContext();
  void audio.resume();
  const start = audio.currentTime;
  const gain = audio.createGain();
  gain.connect(audio.destination);
  gain.gain.setValueAtTime(0.0001, start);
  gain.gain.exponentialRampToValueAtTime(0.12, start + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, start + 0.35);
  for (const [pitch, at] of [
    [660, 0],
    [880, 0.12],
  ] as const) {
    const tone = audio.createOscillator();
    tone.frequency.value = pitch;
    tone.connect(gain);
    tone.start(start + at);
    tone.stop(start + 0.36);
  }
}

// Of several open tabs, the one that gets the lock sounds. Messages older than a minute came with a
// resumed feed and stay silent.
export function soundOf(message: Message): void {
  const isFresh = Math.abs(serverNow() - Date.parse(message.created_at)) < 60_000;
  if (message.direction !== 'inbound' || !isFresh || !isSoundOn() || !navigator.userActivation?.hasBeenActive) return;
  if (document.hasFocus() && location.pathname.endsWith(`/${message.conversation_id}`)) return;
  if (!navigator.locks) return beep();
  void navigator.locks.request('okno.sound', { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    beep();
    await new Promise((resolve) => setTimeout(resolve, 2000));
  });
}

export function showBadge(waiting: number): void {
  if (!('setAppBadge' in navigator)) return;
  const shown = waiting === 0 ? navigator.clearAppBadge() : navigator.setAppBadge(waiting);
  shown.catch(() => {}); // an installed application has one, a tab need not
}

export function titleOf(waiting: number, hasMore: boolean): string {
  return waiting === 0 ? 'Okno' : `(${waiting}${hasMore ? '+' : ''}) Okno`;
}
