import type { DisplayRequest } from '../../counter/model.ts';
import type { Locale } from '../../problems/model.ts';
import { currencyOf, pickedOffer } from './till-facts.ts';
import type { TillState } from './till-model.ts';

/** What the customer is to see of the till just now. */
export function displayOf(state: TillState, language: Locale): DisplayRequest {
  const { bill, visitor, lastBill } = state;
  const walletId = visitor?.tap.name?.walletId;
  const who = { language, ...(walletId !== undefined && { walletId }) };
  const currency = currencyOf(state);
  if (bill.totalMinor !== null) {
    const { totalMinor } = bill;
    const offer = pickedOffer(state);
    if (offer === null) {
      return {
        ...who,
        state: 'paying',
        currency,
        totalMinor,
        discountMinor: 0,
        payableMinor: totalMinor,
      };
    }
    const { discountMinor, payableMinor } = offer;
    return { ...who, state: 'saving', currency, totalMinor, discountMinor, payableMinor };
  }
  if (walletId !== undefined) return { ...who, state: 'recognised' };
  return lastBill === null
    ? { language, state: 'idle' }
    : { language, state: 'done', currency, ...lastBill };
}
