import { audit } from '../audit/store.ts';
import { insertCoupons } from '../coupons/coupon-store.ts';
import { usePeriod } from '../coupons/model.ts';
import type { Database, Tx } from '../platform/database.ts';
import { newCouponCode, newId } from '../platform/ids.ts';
import { finishOutbox } from '../queue/outbox-store.ts';
import { decideClone } from './decide.ts';
import type { Redemption } from './model.ts';
import { lineageOf, lockRedemption } from './store.ts';

export type CloneOutcome = 'made' | 'none-due' | 'done-before';

/**
 * Makes the clone that a redemption earned, exactly once however often the job comes: the outbox
 * row is finished in the same transaction, and the schema allows one clone a redemption.
 */
export function makeClone(
  database: Database,
  job: { readonly outboxId: number; readonly redemptionId: string },
): Promise<CloneOutcome> {
  return database.transact(async (tx) => {
    const redemption = await lockRedemption(tx, job.redemptionId);
    if (!(await finishOutbox(tx, job.outboxId))) return 'done-before';
    if (redemption === null || redemption.clone !== null) return 'none-due';
    return cloneFor(tx, redemption);
  });
}

async function cloneFor(tx: Tx, redemption: Redemption): Promise<CloneOutcome> {
  const lineage = await lineageOf(tx, redemption.couponId);
  const period = usePeriod(lineage.validity, lineage.now);
  const due = decideClone(
    {
      reversed: redemption.reversedAt !== null,
      maxClones: lineage.maxClones,
      clonesInLineage: lineage.clones,
      cloneExpiresAt: period.expiresAt,
    },
    lineage.now,
  );
  const id = newId('cpn');
  if (due !== null) {
    const { issuerId, classId, walletId, couponId } = redemption;
    const place = { generation: due.generation, lineageId: lineage.id, clonedFrom: couponId };
    const { maxClones } = lineage;
    const clone = { id, issuerId, classId, walletId, code: newCouponCode(), ...period, ...place };
    await insertCoupons(tx, [{ ...clone, clonedBy: redemption.id, maxClones }]);
  }
  const outcome = due === null ? 'none-due' : 'made';
  const entry = { actor: 'worker', action: 'clone', subject: redemption.id, outcome };
  await audit(tx, { ...entry, detail: { couponId: due === null ? null : id } });
  return outcome;
}
