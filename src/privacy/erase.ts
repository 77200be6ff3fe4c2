import type { MemberCaller } from '../access/model.ts';
import { audit } from '../audit/store.ts';
import { auditCoupon } from '../coupons/coupon-audit.ts';
import {
  lockBudgetOf,
  lockStandingCoupon,
  saveCouponVoid,
} from '../coupons/coupon-in-hand-store.ts';
import { decideCouponVoid } from '../coupons/coupon-rules.ts';
import { findMember, lockMember } from '../members/member-store.ts';
import { changeObject } from '../passes/change-object.ts';
import type { Vertical } from '../passes/model.ts';
import type { Tx } from '../platform/database.ts';
import { forgetPerson, type HeldPass, ownPasses, unusedCoupons } from './erase-store.ts';
import { findPerson } from './person-store.ts';

/**
 * Forgets a member: coupons are voided, passes are emptied and leave the wallet, devices are signed
 * out, and nothing is left that says who it was. What was claimed, redeemed and audited stays, with
 * ids that lead to nobody. False when there is no such member.
 */
export async function eraseMember(tx: Tx, memberId: string): Promise<boolean> {
  if (!(await lockMember(tx, memberId))) return false;
  const [member, person] = [await findMember(tx, memberId), await findPerson(tx, memberId)];
  if (member === null || person === null) return false;
  const caller: MemberCaller = { kind: 'member', memberId, walletId: member.walletId };
  await voidAll(tx, caller, await unusedCoupons(tx, person));
  for (const pass of await ownPasses(tx, person)) await emptyPass(tx, caller, pass);
  await forgetPerson(tx, person);
  await audit(tx, {
    actor: `member:${memberId}`,
    action: 'member.erase',
    subject: memberId,
    outcome: 'erased',
  });
  return true;
}

/** A coupon that a till holds for an order of this moment is left to that order. */
async function voidAll(tx: Tx, caller: MemberCaller, ids: readonly string[]): Promise<void> {
  for (const id of ids) await lockBudgetOf(tx, id);
  for (const id of ids) {
    const coupon = await lockStandingCoupon(tx, id);
    if (coupon === null || coupon.status !== 'issued') continue;
    const decision = decideCouponVoid(coupon, coupon.now);
    const rule = decision.ok ? 'voided' : decision.refusal;
    await auditCoupon(tx, caller, coupon, { action: 'coupon.void', rule });
    if (decision.ok) await saveCouponVoid(tx, id);
  }
}

/** Of a pass only what its class and its books need is kept. */
async function emptyPass(
  tx: Tx,
  caller: MemberCaller,
  { objectId, classId, vertical }: HeldPass,
): Promise<void> {
  const changed = await changeObject(tx, caller, {
    id: objectId,
    vertical: vertical as Vertical,
    mode: 'replace',
    revise: () => ({ id: objectId, classId, state: 'INACTIVE' }),
  });
  if (!changed.ok) throw new Error(`a pass was not emptied: ${changed.refusal}`);
}
