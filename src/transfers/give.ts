import type { Caller } from '../access/model.ts';
import { auditCoupon } from '../coupons/coupon-audit.ts';
import type { Tx } from '../platform/database.ts';
import { sha256Hex } from '../platform/hashes.ts';
import { newId, newSecret } from '../platform/ids.ts';
import { lockCouponToGive } from './coupon-to-give.ts';
import { decideGiving } from './decide.ts';
import type { GivingRefusal } from './model.ts';
import { insertLink, revokeOpenLink } from './store.ts';

export type GiveOutcome =
  | {
      readonly ok: true;
      readonly id: string;
      readonly couponId: string;
      /** Told this once; only its hash is stored. */
      readonly token: string;
      readonly expiresAt: Date;
    }
  | { readonly ok: false; readonly refusal: GivingRefusal | 'not-found' };

/** Opens a link by which the holder gives a coupon away; an open one before it is revoked. */
export async function giveCoupon(
  tx: Tx,
  caller: Caller,
  couponId: string,
  expiresAfterHours: number,
): Promise<GiveOutcome> {
  const coupon = await lockCouponToGive(tx, caller, couponId);
  if (coupon === null) return { ok: false, refusal: 'not-found' };
  const action = 'transfer.create';
  const refusal = decideGiving(coupon, coupon.now);
  if (refusal !== null) {
    await auditCoupon(tx, caller, coupon, { action, rule: refusal });
    return { ok: false, refusal };
  }
  const revoked = await revokeOpenLink(tx, couponId);
  const id = newId('trf');
  const token = newSecret();
  const link = { id, couponId, tokenSha256: sha256Hex(token) };
  const expiresAt = await insertLink(tx, link, expiresAfterHours);
  await auditCoupon(tx, caller, coupon, { action, rule: 'created', transferId: id, revoked });
  return { ok: true, id, couponId, token, expiresAt };
}
