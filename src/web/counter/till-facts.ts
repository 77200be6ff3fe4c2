import type { Offer, PreflightCheck } from '../../counter/model.ts';
import type { LineStatus, Mode, Notice, RedemptionRequest, TillState } from './till-model.ts';

/** Where no coupon of the issuer tells a currency yet. */
const USUAL_CURRENCY = 'CNY';

export function currencyOf({ till }: TillState): string {
  return till.currency ?? USUAL_CURRENCY;
}

export type UsableOffer = Extract<Offer, { readonly usable: true }>;

/** The coupon that Enter would redeem on this bill. */
export function pickedOffer({ offers, pickedId }: TillState): UsableOffer | null {
  if (offers?.state !== 'ready') return null;
  const picked = offers.list.find(({ couponId }) => couponId === pickedId);
  return picked?.usable === true ? picked : null;
}

/** The usable coupons as the number keys count them. */
export function usableOffers({ offers }: TillState): UsableOffer[] {
  return (offers?.list ?? []).filter((offer): offer is UsableOffer => offer.usable);
}

export function orderOf(state: TillState): RedemptionRequest['order'] {
  const { id, totalMinor } = state.bill;
  return { id, currency: currencyOf(state), totalMinor: totalMinor ?? 0 };
}

export function isThere({ kind }: LineStatus): boolean {
  return kind === 'on' || kind === 'back';
}

/**
 * Whether nobody could be recognised at all. Anything less is told and does not stop the till: a
 * cashier cannot mend it, and half of the members would be recognised all the same.
 */
export function stopsRecognition(checks: readonly PreflightCheck[]): boolean {
  const failed = new Set(checks.filter(({ ok }) => !ok).map(({ name }) => name));
  return failed.has('terminal') || (failed.has('stand') && failed.has('key'));
}

/** What is for stored value, which there is none of yet. */
export function isMoneyMode(mode: Mode): boolean {
  return mode === 'recharge' || mode === 'spend';
}

/** Why Enter redeems nothing just now; null when it would. */
export function objectionTo(state: TillState): Notice | null {
  const { bill, visitor, offers, busy, till, mode } = state;
  if (busy !== null) return { kind: 'wait' };
  if (isMoneyMode(mode)) return { kind: 'not-enabled' };
  if (bill.totalMinor === null) return { kind: 'no-bill' };
  if (offers?.state === 'failed') return { kind: 'not-validated' };
  if (pickedOffer(state) === null) return { kind: 'no-coupon' };
  if (till.collectorId === null) return { kind: 'no-collector' };
  return visitor?.confirmed === false ? { kind: 'confirm-first' } : null;
}
