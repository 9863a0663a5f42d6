// Why a message did not go, in words, and what can be done about it. The provider's own sentence stands
// beside them: it is exact, but in its language.
import type { Message } from '../api/client';
import { t, type Key } from '../i18n/i18n';

export type NextStep = 'retry' | 'template' | 'channel' | 'none';

interface Reason {
  words: Key;
  next: NextStep;
}

const closed: Reason = { words: 'reason.window_closed', next: 'template' };
const unreachable: Reason = { words: 'reason.unreachable', next: 'none' };
const token: Reason = { words: 'reason.token', next: 'channel' };
const tooFast: Reason = { words: 'reason.tooFast', next: 'retry' };
const account: Reason = { words: 'reason.account', next: 'channel' };
const marketing: Reason = { words: 'reason.marketing', next: 'none' };
const file: Reason = { words: 'reason.file', next: 'none' };
const template: Reason = { words: 'reason.template', next: 'template' };
const content: Reason = { words: 'reason.content', next: 'retry' };
const rules: Reason = { words: 'reason.rules', next: 'channel' };
const expired: Reason = { words: 'reason.expired', next: 'retry' };

const reasons: Readonly<Record<string, Reason>> = {
  window_closed: closed,
  person_unreachable: unreachable,
  not_in_test_list: unreachable,
  country_not_allowed: unreachable,
  no_address: unreachable,
  person_blocked: { words: 'reason.blocked', next: 'none' },
  person_blacklisted: { words: 'reason.blacklisted', next: 'none' },
  person_gone: { words: 'reason.gone', next: 'none' },
  person_never_started: { words: 'reason.neverStarted', next: 'none' },
  person_is_bot: unreachable,
  channel_gone: { words: 'reason.channelGone', next: 'none' },
  captcha: { words: 'reason.captcha', next: 'retry' },
  flood: tooFast,
  too_fast: tooFast,
  call_limit: tooFast,
  provider_unavailable: { words: 'reason.away', next: 'retry' },
  provider_error: { words: 'reason.away', next: 'retry' },
  too_many_servers: { words: 'reason.servers', next: 'channel' },
  webhook_refused: { words: 'reason.webhook', next: 'channel' },
  validation_needed: { words: 'reason.validation', next: 'channel' },
  token_invalid: token,
  token_broken: token,
  wrong_server: token,
  permission_missing: token,
  no_rights: token,
  account_missing: token,
  account_restricted: account,
  display_name_missing: account,
  number_not_registered: account,
  payment_problem: { words: 'reason.payment', next: 'channel' },
  marketing_limit: marketing,
  marketing_stopped: marketing,
  experiment: marketing,
  spam_limit: { words: 'reason.spam', next: 'retry' },
  text_too_long: { words: 'reason.tooLong', next: 'retry' },
  text_empty: content,
  keyboard_refused: content,
  method_unknown: content,
  media_not_accepted: file,
  file_too_large: file,
  file_not_supported: file,
  type_not_supported: content,
  bad_request: content,
  template_values: template,
  template_missing: template,
  template_rejected: template,
  template_too_long: template,
  template_paused: template,
  template_disabled: template,
  templates_restricted: { words: 'reason.spam', next: 'retry' },
  broadcast_not_allowed: rules,
  purpose_not_allowed: rules,
  reply_only: rules,
  expired,
  too_old: expired,
  not_sent: { words: 'reason.notSent', next: 'retry' },
  too_late: { words: 'reason.tooLate', next: 'none' },
  message_gone: { words: 'reason.messageGone', next: 'none' },
  not_changeable: { words: 'reason.notChangeable', next: 'none' },
  no_answer: { words: 'reason.noAnswer', next: 'retry' },
};

// Why messages of this code failed.
export function causeWords(code: string): string {
  return t(reasons[code]?.words ?? 'reason.refused');
}

export interface Explained {
  title: string;
  detail: string;
  next: NextStep;
}

export function explain(error: Message['error']): Explained {
  const known = reasons[error?.code ?? ''];
  const title = `${t('failed.title')}: ${t(known?.words ?? 'reason.refused')}`;
  const own = error?.message ?? '';
  const detail = [t('reason.notSeen'), own === '' ? '' : t('reason.provider', { words: own })].filter(Boolean).join(' ');
  return { title, detail, next: known?.next ?? 'retry' };
}
