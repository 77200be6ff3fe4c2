import { actorOf, type Caller, mayActFor } from '../access/model.ts';
import { audit } from '../audit/store.ts';
import type { Tx } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { isAtOwnStore } from './at-own-till.ts';
import { freeBudgets } from './budget-store.ts';
import { decideReversal } from './decide.ts';
import type { Redemption, ReturnedStatus, ReversalRefusal } from './model.ts';
import { type LockedRedemption, lockRedemption, saveReversal } from './store.ts';

export type ReversalOutcome =
  | {
      readonly ok: true;
      readonly id: string;
      readonly redemptionId: string;
      readonly couponId: string;
      readonly couponStatus: ReturnedStatus;
      readonly reversedAt: Date;
    }
  | { readonly ok: false; readonly refusal: ReversalRefusal | 'not-found' };

/**
 * Takes a redemption back, once: the coupon returns if still valid, an unused clone is voided. One
 * of a basket is taken back alone; the others stay as they were decided.
 */
export async function reverseRedemption(
  tx: Tx,
  caller: Caller,
  id: string,
): Promise<ReversalOutcome> {
  const locked = await lockRedemption(tx, id);
  if (locked === null || !mayActFor(caller, locked.redemption.redemptionIssuerId)) {
    return { ok: false, refusal: 'not-found' };
  }
  if (!(await isAtOwnStore(tx, caller, locked.redemption))) {
    return { ok: false, refusal: 'not-found' };
  }
  const { redemption, couponExpiresAt, withdrawn, now } = locked;
  const decision = decideReversal(
    {
      state: redemption.state,
      reversed: redemption.reversedAt !== null,
      withdrawn,
      couponExpiresAt,
      clone: redemption.clone,
    },
    now,
  );
  const rule = decision.ok ? 'reversed' : decision.refusal;
  await record(tx, caller, locked, rule);
  if (!decision.ok) return decision;
  const { couponId } = redemption;
  const { couponStatus } = decision;
  const reversalId = newId('rev');
  const reversedAt = await saveReversal(tx, redemption, reversalId, couponStatus);
  // A coupon that is good again still holds what it may cost; what is over gives it back.
  const over = couponStatus === 'issued' ? [] : [couponId];
  await freeBudgets(tx, [...over, ...cloneTakenBack(redemption).map((clone) => clone.couponId)]);
  return { ok: true, id: reversalId, redemptionId: id, couponId, couponStatus, reversedAt };
}

/** The clone that a reversal voids, if any. */
function cloneTakenBack({ clone }: Redemption) {
  return clone !== null && (clone.status === 'issued' || clone.status === 'expired') ? [clone] : [];
}

async function record(
  tx: Tx,
  caller: Caller,
  { redemption, version }: LockedRedemption,
  rule: string,
): Promise<void> {
  const { id, classId, storeId, redemptionIssuerId, orderTotalMinor, discountMinor } = redemption;
  const [clone] = rule === 'reversed' ? cloneTakenBack(redemption) : [];
  const detail = {
    ...{ classId, rule, version, storeId, redemptionIssuerId, orderTotalMinor, discountMinor },
    cloneClassId: clone?.classId ?? null,
  };
  await audit(tx, {
    actor: actorOf(caller),
    action: 'reverse',
    subject: id,
    outcome: rule,
    detail,
  });
}
