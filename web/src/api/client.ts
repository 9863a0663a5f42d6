// The one way to the server. A refusal becomes a Refusal with the server's code and sentence; no
// answer at all becomes a Refusal with the code `network`, because the two are acted on differently.
import createClient from 'openapi-fetch';
import { t, type Key } from '../i18n/i18n';
import type { components, paths } from './types';

export type Schemas = components['schemas'];
export type Conversation = Schemas['Conversation'];
export type Message = Schemas['Message'];
export type Media = Schemas['Media'];
export type Channel = Schemas['Channel'];
export type Messenger = Schemas['Messenger'];
export type ChannelFigures = Schemas['ChannelFigures'];
export type ConnectField = Schemas['ConnectField'];
export type Template = Schemas['Template'];
export type SetAside = Schemas['SetAside'];
export type Me = Schemas['Me'];
export type View = Schemas['View'];
export type Event = Schemas['Event'];
export type Problem = Schemas['Problem'] & Pick<Schemas['ConflictProblem'], 'yours' | 'theirs'>;

let csrfToken = '';
let onSessionEnd = () => {};

export function setCsrfToken(token: string): void {
  csrfToken = token;
}

export function csrf(): string {
  return csrfToken;
}

export function whenSessionEnds(handler: () => void): void {
  onSessionEnd = handler;
}

// Refusals whose words we know in every language; the server's own sentence stands for the rest.
const known: Readonly<Record<string, Key>> = {
  already_set_up: 'error.already_set_up',
  channel_taken: 'error.channel_taken',
  forbidden: 'error.forbidden',
  not_allowed: 'window.notAllowedWhy',
  not_found: 'error.not_found',
  not_last_attempt: 'error.not_last_attempt',
  not_queued: 'error.not_queued',
  not_supported: 'error.not_supported',
  not_unknown: 'error.not_unknown',
  provider_failed: 'error.provider_failed',
  template_unknown: 'error.template_unknown',
  too_large: 'error.too_large',
  too_many_requests: 'error.too_many_requests',
  unavailable: 'error.unavailable',
  window_closed: 'window.why',
  wrong_code: 'error.wrong_code',
  wrong_credentials: 'error.wrong_credentials',
};

function wordsOf(problem: Problem): string {
  const key = known[problem.code];
  return key ? t(key) : problem.detail || problem.title;
}

export class Refusal extends Error {
  constructor(readonly problem: Problem) {
    super(wordsOf(problem));
    this.name = 'Refusal';
  }
  get code(): string {
    return this.problem.code;
  }
}

// Every wait has an end; a write that ran out of time may be repeated, its client id makes that safe.
const deadline = 30_000;

export const api = createClient<paths>({
  baseUrl: location.origin,
  fetch: (request) => fetch(request, { signal: AbortSignal.timeout(deadline) }),
});

function noteSession(response: Response): void {
  if (response.status === 401 && !response.url.endsWith('/api/v1/session')) onSessionEnd();
}

api.use({
  onRequest({ request }) {
    if (request.method !== 'GET') request.headers.set('X-CSRF-Token', csrfToken);
    return request;
  },
  onResponse({ response }) {
    noteSession(response);
  },
});

export function problemOf(error: unknown, status: number): Problem {
  if (typeof error === 'object' && error !== null && 'code' in error) return error as Problem;
  return { type: 'about:blank', title: `${status}`, status, code: 'internal', detail: `HTTP ${status}` };
}

export function unreachable(): Refusal {
  return new Refusal({ type: 'about:blank', title: '', status: 0, code: 'network', detail: t('error.network') });
}

type Answer<T> = { data?: T; error?: unknown; response: Response };

// Unwraps an answer of the typed client, or throws a Refusal.
export async function ask<T>(request: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await request;
  } catch {
    throw unreachable();
  }
  if (!answer.response.ok) throw new Refusal(problemOf(answer.error, answer.response.status));
  return answer.data as T;
}

// For the few shapes that openapi.yaml does not describe yet (see more.ts).
export async function call<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = method === 'GET' ? {} : { 'X-CSRF-Token': csrfToken };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let response: Response;
  try {
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    response = await fetch(path, { method, headers, ...content, signal: AbortSignal.timeout(deadline) });
  } catch {
    throw unreachable();
  }
  noteSession(response);
  const answer: unknown = response.status === 204 ? undefined : await response.json().catch(() => undefined);
  if (!response.ok) throw new Refusal(problemOf(answer, response.status));
  return answer as T;
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
