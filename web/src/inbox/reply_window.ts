// What the reply window looks like now. The verdict is the server's; the clock only moves an open
// window to closed at the moment the server itself named.
import type { Conversation } from '../api/client';

export type WindowState =
  | { kind: 'no_limit' }
  | { kind: 'open' | 'soon' | 'now'; left: number; closesAt: number }
  | { kind: 'closed'; ago: number | null }
  | { kind: 'not_allowed' };

// What stands in the way of an answer, before the window is asked.
export type WritingState = WindowState | { kind: 'blocked'; since: string } | { kind: 'gone' };
export type Obstacle = Extract<WritingState, { kind: 'closed' | 'not_allowed' | 'blocked' | 'gone' }>;

const minute = 60_000;

export function windowState(reply: Conversation['reply_window'], now: number): WindowState {
  if (reply.verdict === 'not_allowed') return { kind: 'not_allowed' };
  const closesAt = reply.closes_at === null ? null : Date.parse(reply.closes_at);
  if (reply.verdict === 'template_only')
    return { kind: 'closed', ago: closesAt === null ? null : Math.max(0, now - closesAt) };
  if (closesAt === null) return { kind: 'no_limit' };
  const left = closesAt - now;
  if (left <= 0) return { kind: 'closed', ago: now - closesAt };
  if (left < 15 * minute) return { kind: 'now', left, closesAt };
  return { kind: left < 120 * minute ? 'soon' : 'open', left, closesAt };
}

export function writingState(conversation: Conversation, isGone: boolean, now: number): WritingState {
  if (isGone) return { kind: 'gone' };
  if (conversation.blocked_since !== null) return { kind: 'blocked', since: conversation.blocked_since };
  return windowState(conversation.reply_window, now);
}

export function isObstacle(state: WritingState): state is Obstacle {
  return ['closed', 'not_allowed', 'blocked', 'gone'].includes(state.kind);
}

export type Span = { hours: number; minutes: number } | { clock: string };

// Per second under 15 minutes, otherwise whole minutes, rounded down: never promise more than is left.
export function spanOf(milliseconds: number): Span {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 15 * 60) return { clock: `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}` };
  const minutes = Math.floor(seconds / 60);
  return { hours: Math.floor(minutes / 60), minutes: minutes % 60 };
}
