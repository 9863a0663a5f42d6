// A question with choices: as buttons, as a list, or as numbered lines where the messenger shows neither.
import type { Messenger } from '../api/client';
import { t } from '../i18n/i18n';
import type { SendBody } from './store';

const mostButtons = 3;
export const mostChoices = 10;

export type Look = 'buttons' | 'list' | 'numbers';

export function lookOf(count: number, messenger: Messenger | undefined): Look {
  if (messenger && count > messenger.traits.most_choices) return 'numbers';
  return count > mostButtons ? 'list' : 'buttons';
}

// As the customer will see it where there are no buttons.
export function numbered(body: string, titles: readonly string[]): string {
  return [body, ...titles.map((title, index) => `${index + 1}. ${title}`)].filter(Boolean).join('\n');
}

export function choicesBody(body: string, titles: readonly string[]): SendBody {
  const choices = titles.map((title, index) => ({ id: `b${index + 1}`, title }));
  if (choices.length <= mostButtons) return { type: 'interactive', interactive: { body, buttons: choices } };
  return {
    type: 'interactive',
    interactive: { kind: 'list', body, button: t('buttons.open'), sections: [{ rows: choices }] },
  };
}
