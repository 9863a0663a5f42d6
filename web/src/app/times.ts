// Times as people read them, in the language of the page and the zone of the reader.
import { language, t } from '../i18n/i18n';
import { spanOf } from '../inbox/reply_window';

const format = (options: Intl.DateTimeFormatOptions) => (at: number | string) =>
  new Intl.DateTimeFormat(language(), options).format(new Date(at));

export const clockTime = format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
export const fullTime = format({ dateStyle: 'full', timeStyle: 'long' });
export const shortTime = format({ dateStyle: 'short', timeStyle: 'medium' });
const dayMonth = format({ day: 'numeric', month: 'long' });
const shortDay = format({ day: 'numeric', month: 'short' });

const midnight = (at: number): number => new Date(at).setHours(0, 0, 0, 0);

function daysBetween(earlier: number, later: number): number {
  return Math.round((midnight(later) - midnight(earlier)) / 86_400_000);
}

export function isSameDay(a: string, b: string): boolean {
  return daysBetween(Date.parse(a), Date.parse(b)) === 0;
}

export function dayWords(at: string, now: number): string {
  const days = daysBetween(Date.parse(at), now);
  if (days === 0) return `${t('thread.today')}, ${dayMonth(at)}`;
  if (days === 1) return `${t('thread.yesterday')}, ${dayMonth(at)}`;
  return dayMonth(at);
}

export function rowTime(at: string, now: number): string {
  const days = daysBetween(Date.parse(at), now);
  if (days <= 0) return clockTime(at);
  return days === 1 ? t('thread.yesterday') : shortDay(at);
}

// The day is named when it is not today, so that "until 12:04" never means tomorrow silently.
export function untilTime(at: number, now: number): string {
  return daysBetween(now, at) === 0 ? clockTime(at) : `${shortDay(at)}, ${clockTime(at)}`;
}

export function spanWords(milliseconds: number): string {
  const span = spanOf(milliseconds);
  if ('clock' in span) return span.clock;
  if (span.hours === 0) return t('time.m', { minutes: span.minutes });
  return span.minutes === 0 ? t('time.h', { hours: span.hours }) : t('time.hm', { ...span });
}

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

export function sizeWords(bytes: number): string {
  const power = Math.min(units.length - 1, bytes < 1024 ? 0 : Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  const style = {
    style: 'unit',
    unit: units[power] ?? 'byte',
    unitDisplay: 'short',
    maximumFractionDigits: value < 10 ? 1 : 0,
  } as const;
  return new Intl.NumberFormat(language(), style).format(value);
}

// What has passed is told in whole minutes, and in days when it is long ago.
export function agoWords(milliseconds: number): string {
  const minutes = Math.max(1, Math.floor(milliseconds / 60_000));
  if (minutes < 60) return t('time.m', { minutes });
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? t('time.h', { hours }) : t('time.d', { count: Math.floor(hours / 24) });
}
