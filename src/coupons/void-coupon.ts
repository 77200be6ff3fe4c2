import { type Caller, mayActFor } from '../access/model.ts';
import type { Tx } from '../platform/database.ts';
import { auditCoupon } from './coupon-audit.ts';
import { lockBudgetOf, lockStandingCoupon, saveCouponVoid } from './coupon-in-hand-store.ts';
import { type CouponVoidRefusal, decideCouponVoid } from './coupon-rules.ts';
import { findCoupon } from './coupon-store.ts';
import type { Coupon } from './model.ts';

export type CouponVoidOutcome =
  | { readonly ok: true; readonly coupon: Coupon }
  | { readonly ok: false; readonly refusal: CouponVoidRefusal | 'not-found' };

/**
 * Voids one coupon for its issuer. A link by which its holder gives it away is dead from then on,
 * because no coupon stands behind it.
 */
export async function voidCoupon(tx: Tx, caller: Caller, id: string): Promise<CouponVoidOutcome> {
  await lockBudgetOf(tx, id);
  const standing = await lockStandingCoupon(tx, id);
  if (standing === null || !mayActFor(caller, standing.issuerId)) {
    return { ok: false, refusal: 'not-found' };
  }
  const decision = decideCouponVoid(standing, standing.now);
  const done = decision.ok && decision.alreadyVoided ? 'unchanged' : 'voided';
  const rule = decision.ok ? done : decision.refusal;
  await auditCoupon(tx, caller, standing, { action: 'coupon.void', rule });
  if (!decision.ok) return decision;
  if (!decision.alreadyVoided) await saveCouponVoid(tx, id);
  const coupon = await findCoupon(tx, id);
  if (coupon === null) throw new Error('a locked coupon is gone');
  return { ok: true, coupon };
}
