// The provider's words about a template in the reader's language; one that we do not know stays as it is.
import type { Template } from '../api/client';
import { language, t, type Key } from '../i18n/i18n';

const statuses: Readonly<Record<string, Key>> = {
  pending: 'picker.status.pending',
  in_appeal: 'picker.status.pending',
  rejected: 'picker.status.rejected',
  paused: 'picker.status.paused',
  disabled: 'picker.status.disabled',
};

const categories: Readonly<Record<string, Key>> = {
  utility: 'picker.category.utility',
  marketing: 'picker.category.marketing',
  authentication: 'picker.category.authentication',
};

export function statusWords({ status }: Template): string {
  const key = statuses[status];
  return key ? t(key) : status;
}

export function categoryWords({ category }: Template): string {
  const key = categories[category.toLowerCase()];
  return key ? t(key) : category;
}

export function languageWords(template: Template): string {
  try {
    const code = template.language.replace('_', '-');
    return new Intl.DisplayNames(language(), { type: 'language' }).of(code) ?? template.language;
  } catch {
    return template.language; // not a code that this browser knows
  }
}
