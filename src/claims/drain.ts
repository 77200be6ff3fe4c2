import { lockClass, type StoredClass } from '../coupons/class-store.ts';
import type { NewCoupon } from '../coupons/coupon-store.ts';
import { usePeriod } from '../coupons/model.ts';
import type { Database, Tx } from '../platform/database.ts';
import { newCouponCode, newId } from '../platform/ids.ts';
import { decideBatch } from './decide.ts';
import type { ClaimRefusal } from './model.ts';
import { type DecidedClaim, loadPending, type PendingClaim, saveDecidedBatch } from './store.ts';

/** Larger batches convoy: callers then wait for a crowd instead of for their turn. */
const BATCH_SIZE = 64;

/** What became of a batch, by outcome. */
export type DrainTally = ReadonlyMap<ClaimRefusal | 'issued', number>;

/**
 * Decides the oldest pending claims of a class in one transaction: lock the class, read claims and
 * clock, decide, write. An empty tally means that none are waiting.
 */
export function drainBatch(database: Database, classId: string): Promise<DrainTally> {
  return database.transact(async (tx) => {
    const couponClass = await lockClass(tx, classId);
    return couponClass === null ? new Map() : drainLocked(tx, couponClass);
  });
}

/** Drains until nothing waits. */
export async function drainClass(
  database: Database,
  classId: string,
  told: (tally: DrainTally) => void = () => {},
): Promise<void> {
  for (;;) {
    const tally = await drainBatch(database, classId);
    if (tally.size === 0) return;
    told(tally);
  }
}

async function drainLocked(tx: Tx, couponClass: StoredClass): Promise<DrainTally> {
  const { id, issuerId, memberClasses } = couponClass;
  const byMemberClass = memberClasses.length > 0;
  const pending = await loadPending(tx, { id, issuerId, byMemberClass }, BATCH_SIZE);
  if (pending === null) return new Map();
  const outcomes = decideBatch(couponClass, pending.claims, pending.now);
  const issued: NewCoupon[] = [];
  const decided = pending.claims.map((claim): DecidedClaim => {
    const refusal = outcomes.get(claim.id) ?? null;
    const coupon = refusal === null ? newCoupon(couponClass, claim, pending.now) : null;
    if (coupon !== null) issued.push(coupon);
    const { id: claimId, walletId, actor } = claim;
    return { id: claimId, walletId, actor, refusal, couponId: coupon?.id ?? null };
  });
  const { perMemberLimit } = couponClass;
  await saveDecidedBatch(tx, { classId: id, perMemberLimit, decided, issued });
  return tallyOf(decided);
}

function newCoupon(couponClass: StoredClass, { walletId }: PendingClaim, now: Date): NewCoupon {
  const id = newId('cpn');
  return {
    id,
    issuerId: couponClass.issuerId,
    classId: couponClass.id,
    walletId,
    code: newCouponCode(),
    ...usePeriod(couponClass.validity, now),
    generation: 0,
    lineageId: id,
    clonedFrom: null,
    clonedBy: null,
    maxClones: null,
  };
}

function tallyOf(decided: readonly DecidedClaim[]): DrainTally {
  const tally = new Map<ClaimRefusal | 'issued', number>();
  for (const { refusal } of decided) {
    const outcome = refusal ?? 'issued';
    tally.set(outcome, (tally.get(outcome) ?? 0) + 1);
  }
  return tally;
}
