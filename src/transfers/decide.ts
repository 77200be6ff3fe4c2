import { isUsed } from '../coupons/coupon-rules.ts';
import { couponStatus } from '../coupons/model.ts';
import {
  type AcceptanceRefusal,
  GIVING_REFUSALS,
  type GivenCoupon,
  type GivingRefusal,
  type LinkRefusal,
  type LinkStatus,
  type TransferLink,
} from './model.ts';

const STAYS_WHEN: Readonly<Record<GivingRefusal, (coupon: GivenCoupon, now: Date) => boolean>> = {
  'coupon-voided': ({ status }) => status === 'voided',
  'coupon-already-redeemed': isUsed,
  'coupon-expired': (coupon, now) => couponStatus(coupon, now) === 'expired',
  'coupon-not-transferable': ({ transferable }) => !transferable,
  'coupon-held': ({ held }) => held,
};

/** Decides whether a coupon may be given away at the database's time; null lets it go. */
export function decideGiving(coupon: GivenCoupon, now: Date): GivingRefusal | null {
  return GIVING_REFUSALS.find((code) => STAYS_WHEN[code](coupon, now)) ?? null;
}

type LinkTimes = Pick<TransferLink, 'expiresAt' | 'revokedAt' | 'acceptedAt'>;

/** A link that ended by itself stays expired, though it was revoked to make room for another. */
export function linkStatus({ expiresAt, revokedAt, acceptedAt }: LinkTimes, now: Date): LinkStatus {
  if (acceptedAt !== null) return 'accepted';
  if (revokedAt !== null && revokedAt < expiresAt) return 'revoked';
  return now < expiresAt ? 'open' : 'expired';
}

const DEAD_LINK: Readonly<Record<Exclude<LinkStatus, 'open'>, LinkRefusal>> = {
  accepted: 'transfer-already-accepted',
  revoked: 'transfer-revoked',
  expired: 'transfer-expired',
};

/** Decides whether a link still gives its coupon at the database's time; null lets it. */
export function decideOffer(
  link: LinkTimes,
  coupon: GivenCoupon,
  now: Date,
): LinkRefusal | GivingRefusal | null {
  const status = linkStatus(link, now);
  return status === 'open' ? decideGiving(coupon, now) : DEAD_LINK[status];
}

/**
 * Decides whether a wallet gets the coupon of a link. What kind of member the coupon is for is
 * judged where it is used, and not here.
 */
export function decideAcceptance(
  facts: {
    readonly link: LinkTimes;
    readonly coupon: GivenCoupon;
    readonly fromWalletId: string;
    readonly toWalletId: string;
  },
  now: Date,
): AcceptanceRefusal | null {
  const refusal = decideOffer(facts.link, facts.coupon, now);
  if (refusal !== null) return refusal;
  return facts.toWalletId === facts.fromWalletId ? 'transfer-to-self' : null;
}
