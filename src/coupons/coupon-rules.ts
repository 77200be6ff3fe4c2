import { type Caller, mayActFor } from '../access/model.ts';
import { keepsWallet, type Wallet } from '../wallets/model.ts';
import { type Coupon, couponStatus } from './model.ts';

/**
 * Whether the caller may act with a coupon for its holder: as the keeper of the wallet, or, in a
 * wallet of the platform, as the issuer of the coupon.
 */
export function actsForHolder(
  caller: Caller,
  wallet: Pick<Wallet, 'id' | 'issuerId'>,
  couponIssuerId: string,
): boolean {
  if (keepsWallet(caller, wallet)) return true;
  return wallet.issuerId === null && mayActFor(caller, couponIssuerId);
}

/** What tells whether a coupon is still in its holder's hands. */
export interface CouponInHand extends Pick<Coupon, 'status' | 'expiresAt'> {
  /** A till holds it for an order that is being paid. */
  readonly held: boolean;
}

/** Why a single coupon is not voided, most final reason first. */
export const COUPON_VOID_REFUSALS = [
  'coupon-already-redeemed',
  'coupon-expired',
  'coupon-held',
] as const;

export type CouponVoidRefusal = (typeof COUPON_VOID_REFUSALS)[number];

const STAYS_WHEN: Readonly<
  Record<CouponVoidRefusal, (coupon: CouponInHand, now: Date) => boolean>
> = {
  'coupon-already-redeemed': isUsed,
  'coupon-expired': (coupon, now) => couponStatus(coupon, now) === 'expired',
  'coupon-held': ({ held }) => held,
};

/** Decides whether a coupon is voided at the database's time; voiding twice is voiding once. */
export function decideCouponVoid(
  coupon: CouponInHand,
  now: Date,
):
  | { readonly ok: true; readonly alreadyVoided: boolean }
  | { readonly ok: false; readonly refusal: CouponVoidRefusal } {
  if (coupon.status === 'voided') return { ok: true, alreadyVoided: true };
  const refusal = COUPON_VOID_REFUSALS.find((code) => STAYS_WHEN[code](coupon, now));
  return refusal === undefined ? { ok: true, alreadyVoided: false } : { ok: false, refusal };
}

/** Redeemed or given away. */
export function isUsed({ status }: Pick<CouponInHand, 'status'>): boolean {
  return status === 'redeemed' || status === 'transferred';
}
