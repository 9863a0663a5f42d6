// Why a channel of Messenger or Instagram does not work, in Russian.
import type { Reasons } from '../words';

export const reasons: Reasons = {
  'Meta blocked the account: {reason}': 'Meta заблокировала аккаунт: {reason}',
  'Meta warns the account: {reason}': 'Meta предупреждает аккаунт: {reason}',
  'An answer after 24 hours needs the Human Agent feature of the Meta app: {reason}':
    'Для ответа после 24 часов приложению Meta нужна функция Human Agent: {reason}',
};
