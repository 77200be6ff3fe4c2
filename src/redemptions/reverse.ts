import { actorOf, type Caller, mayActFor } from '../access/model.ts';
import { audit } from '../audit/store.ts';
import type { Tx } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { decideReversal } from './decide.ts';
import type { ReversalRefusal } from './model.ts';
import { couponExpiry, lockRedemption, saveReversal } from './store.ts';

export type ReversalOutcome =
  | {
      readonly ok: true;
      readonly id: string;
      readonly redemptionId: string;
      readonly couponId: string;
      readonly couponStatus: 'issued' | 'expired';
      readonly reversedAt: Date;
    }
  | { readonly ok: false; readonly refusal: ReversalRefusal | 'not-found' };

/** Takes a redemption back, once: the coupon returns if still valid, an unused clone is voided. */
export async function reverseRedemption(
  tx: Tx,
  caller: Caller,
  id: string,
): Promise<ReversalOutcome> {
  const redemption = await lockRedemption(tx, id);
  if (redemption === null || !mayActFor(caller, redemption.redemptionIssuerId)) {
    return { ok: false, refusal: 'not-found' };
  }
  const { couponId } = redemption;
  const { expiresAt, now } = await couponExpiry(tx, couponId);
  const decision = decideReversal(
    {
      reversed: redemption.reversedAt !== null,
      couponExpiresAt: expiresAt,
      cloneStatus: redemption.clone?.status ?? null,
    },
    now,
  );
  const entry = { actor: actorOf(caller), action: 'reverse', subject: id };
  await audit(tx, { ...entry, outcome: decision.ok ? 'reversed' : decision.refusal });
  if (!decision.ok) return decision;
  const { couponStatus } = decision;
  const reversalId = newId('rev');
  const reversedAt = await saveReversal(tx, redemption, reversalId, couponStatus);
  return { ok: true, id: reversalId, redemptionId: id, couponId, couponStatus, reversedAt };
}
