import { act, cleanup, render, screen } from '@testing-library/react';
import { createElement } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { setServerTime } from '../src/app/clock';
import { loadLanguage } from '../src/i18n/i18n';
import { isObstacle, spanOf, windowState, writingState } from '../src/inbox/reply_window';
import { WindowChip } from '../src/inbox/WindowChip';
import { at, conversation } from './support/examples';

const now = Date.parse('2026-05-12T09:00:00.000Z');
const closesIn = (milliseconds: number) => ({
  verdict: 'free_text' as const,
  closes_at: new Date(now + milliseconds).toISOString(),
});
const minute = 60_000;

describe('the window', () => {
  it('is open, then soon under two hours, then now under fifteen minutes', () => {
    expect(windowState(closesIn(120 * minute), now).kind).toBe('open');
    expect(windowState(closesIn(120 * minute - 1), now).kind).toBe('soon');
    expect(windowState(closesIn(15 * minute - 1), now).kind).toBe('now');
  });

  it('closes at the moment the server named', () => {
    expect(windowState(closesIn(1), now).kind).toBe('now');
    expect(windowState(closesIn(0), now)).toEqual({ kind: 'closed', ago: 0 });
  });

  it('never opens against the verdict of the server', () => {
    expect(windowState({ ...closesIn(minute), verdict: 'template_only' }, now)).toEqual({ kind: 'closed', ago: 0 });
    expect(windowState({ ...closesIn(minute), verdict: 'not_allowed' }, now).kind).toBe('not_allowed');
  });

  it('has no limit when nothing closes', () => {
    expect(windowState({ verdict: 'free_text', closes_at: null }, now).kind).toBe('no_limit');
  });

  it('never promises more than is left', () => {
    expect(spanOf(80 * minute + 59_999)).toEqual({ hours: 1, minutes: 20 });
    expect(spanOf(14 * minute + 32_999)).toEqual({ clock: '14:32' });
  });
});

describe('what stands in the way', () => {
  it('is a channel that is gone before a person who blocks, and that before the window', () => {
    const blocked = conversation('c', { blocked_since: at(1), reply_window: closesIn(0) });
    expect(writingState(blocked, true, now).kind).toBe('gone');
    expect(writingState(blocked, false, now)).toEqual({ kind: 'blocked', since: at(1) });
    expect(isObstacle(writingState(conversation('c', { reply_window: closesIn(0) }), false, now))).toBe(true);
    expect(isObstacle(writingState(conversation('c'), false, now))).toBe(false);
  });
});

describe('the ticker', () => {
  beforeEach(async () => {
    vi.useFakeTimers({ now });
    await loadLanguage('en');
    setServerTime(new Date(now).toISOString());
  });
  afterEach(() => {
    cleanup();
    vi.useRealTimers();
  });

  it('gives way to the mark of a person who takes nothing', () => {
    const shown = conversation('c', { blocked_since: at(1), reply_window: closesIn(3000) });
    const { container } = render(createElement(WindowChip, { conversation: shown }));
    expect(container.textContent).toBe('takes nothing');
  });

  it('counts every second at the end and then says closed', () => {
    const { container } = render(createElement(WindowChip, { conversation: conversation('c', { reply_window: closesIn(3000) }) }));
    expect(container.textContent).toBe('0:03');
    act(() => void vi.advanceTimersByTime(2000));
    expect(container.textContent).toBe('0:01');
    act(() => void vi.advanceTimersByTime(1000));
    expect(screen.getByText('closed')).toBeTruthy();
  });

  it('follows the clock of the server when that is moved', () => {
    const { container } = render(createElement(WindowChip, { conversation: conversation('c', { reply_window: closesIn(24 * 60 * minute) }) }));
    expect(container.textContent).toBe('24 h');
    act(() => setServerTime(new Date(now + 23 * 60 * minute).toISOString()));
    expect(container.textContent).toBe('1 h');
  });
});
