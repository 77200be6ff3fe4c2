import { audit } from '../audit/store.ts';
import { reservationOf } from '../coupons/budget-rules.ts';
import { insertCoupons } from '../coupons/coupon-store.ts';
import { noticeDue } from '../coupons/notice-due.ts';
import type { Database, Tx } from '../platform/database.ts';
import { newCouponCode, newId } from '../platform/ids.ts';
import { finishOutbox } from '../queue/outbox-store.ts';
import { commitBudget } from './budget-store.ts';
import { clonePeriod, decideClone } from './clone-rules.ts';
import { type Lineage, lineageOf } from './lineage-store.ts';
import type { Redemption } from './model.ts';
import { type LockedRedemption, lockRedemption } from './store.ts';

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
    const locked = await lockRedemption(tx, job.redemptionId);
    if (!(await finishOutbox(tx, job.outboxId))) return 'done-before';
    if (locked === null || locked.redemption.clone !== null) return 'none-due';
    return cloneFor(tx, locked);
  });
}

async function cloneFor(
  tx: Tx,
  { redemption, withdrawn }: LockedRedemption,
): Promise<CloneOutcome> {
  const lineage = await lineageOf(tx, redemption.couponId);
  const { maxClones, cloneClass, now } = lineage;
  const period = clonePeriod(cloneClass.validity, now, lineage.afterHours);
  const decision = decideClone(
    {
      confirmed: redemption.state === 'confirmed',
      reversed: redemption.reversedAt !== null,
      withdrawn: withdrawn || cloneClass.withdrawn,
      maxClones,
      clonesInLineage: lineage.clones,
      ...period,
      budget: cloneClass.budget,
    },
    now,
  );
  if (!decision.ok) return record(tx, redemption, lineage, { rule: decision.rule });
  const couponId = await insertClone(tx, redemption, lineage, { ...decision, ...period });
  return record(tx, redemption, lineage, { rule: 'made', cloneClassId: cloneClass.id, couponId });
}

/** The clone takes what it may cost out of the budget of its class, whose row is locked. */
async function insertClone(
  tx: Tx,
  { id: clonedBy, couponId: clonedFrom, issuerId, walletId }: Redemption,
  { id: lineageId, maxClones, cloneClass }: Lineage,
  made: { readonly generation: number; readonly availableAt: Date; readonly expiresAt: Date },
): Promise<string> {
  const { generation, availableAt, expiresAt } = made;
  const { id: classId, expiryNoticeDays, timeZone } = cloneClass;
  const id = newId('cpn');
  const origin = { generation, lineageId, clonedFrom, clonedBy, maxClones };
  const reservedMinor = reservationOf(cloneClass.budget);
  const noticeDueAt = noticeDue(expiresAt, expiryNoticeDays, timeZone);
  const clone = { id, issuerId, classId, walletId, code: newCouponCode(), availableAt, expiresAt };
  await insertCoupons(tx, [{ ...clone, ...origin, reservedMinor, noticeDueAt }]);
  if (reservedMinor !== null) await commitBudget(tx, classId, reservedMinor);
  return id;
}

async function record(
  tx: Tx,
  { id, classId, storeId, redemptionIssuerId }: Redemption,
  { version }: Lineage,
  made: { readonly rule: string; readonly cloneClassId?: string; readonly couponId?: string },
): Promise<CloneOutcome> {
  const outcome = made.rule === 'made' ? 'made' : 'none-due';
  const detail = { classId, version, storeId, redemptionIssuerId, couponId: null, ...made };
  await audit(tx, { actor: 'worker', action: 'clone', subject: id, outcome, detail });
  return outcome;
}
