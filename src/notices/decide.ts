import type { CouponStatus } from '../coupons/model.ts';

/** A coupon whose notice is due, as far as its notice is concerned. */
export interface CouponToNotice {
  readonly status: CouponStatus;
  readonly expiresAt: Date;
  readonly noticedAt: Date | null;
  /** Its class was voided together with what was issued of it. */
  readonly withdrawn: boolean;
  /** When its notice is due by the rules of its class as they are now; null: never. */
  readonly dueAt: Date | null;
}

export type NoticeDecision =
  | { readonly kind: 'tell' }
  | { readonly kind: 'later'; readonly dueAt: Date }
  | { readonly kind: 'drop'; readonly rule: 'noticed-before' | 'not-usable' | 'never' };

/** Decides whether the holder of a coupon is told now that it expires: once, while it is usable. */
export function decideNotice(coupon: CouponToNotice, now: Date): NoticeDecision {
  const { status, expiresAt, noticedAt, withdrawn, dueAt } = coupon;
  if (noticedAt !== null) return { kind: 'drop', rule: 'noticed-before' };
  if (status !== 'issued' || withdrawn || now >= expiresAt)
    return { kind: 'drop', rule: 'not-usable' };
  if (dueAt === null) return { kind: 'drop', rule: 'never' };
  return dueAt > now ? { kind: 'later', dueAt } : { kind: 'tell' };
}
