import type { NewCoupon } from '../coupons/coupon-store.ts';
import { usePeriod } from '../coupons/model.ts';
import type { Database, Tx } from '../platform/database.ts';
import { newCouponCode, newId } from '../platform/ids.ts';
import { pause } from '../platform/pause.ts';
import { decideBatch } from './decide.ts';
import type { ClaimRefusal } from './model.ts';
import {
  type DecidedClaim,
  loadPending,
  lockWaitingClasses,
  type PendingClaim,
  saveDecidedBatch,
  type WaitingClass,
} from './store.ts';

/** Larger batches convoy: callers then wait for a crowd instead of for their turn. */
const BATCH_SIZE = 64;

/** How long a drain looks on; longer than a desk waits between two rings. */
const LINGER_MS = 20;

/** What became of a batch, by outcome. */
export type DrainTally = ReadonlyMap<ClaimRefusal | 'issued', number>;

/**
 * Decides the oldest pending claims of a lane in one transaction: lock their classes, read claims
 * and clock, decide, write. An empty tally means that none are waiting.
 */
export function drainBatch(database: Database, lane: number): Promise<DrainTally> {
  return database.transact(async (tx) => {
    const classes = await lockWaitingClasses(tx, lane, BATCH_SIZE);
    return classes.length === 0 ? new Map() : drainLocked(tx, lane, classes);
  });
}

/**
 * Drains a lane until nothing waits, two batches at a time: the second is at the lock while the
 * first commits. It looks on for a moment after the last find, because callers who were just
 * answered often ask again, and a look costs less than a new job.
 */
export async function drainLane(
  database: Database,
  lane: number,
  told: (tally: DrainTally) => void = () => {},
): Promise<void> {
  await Promise.all([drainUntilIdle(database, lane, told), drainUntilIdle(database, lane, told)]);
}

async function drainUntilIdle(
  database: Database,
  lane: number,
  told: (tally: DrainTally) => void,
): Promise<void> {
  let lastFind = performance.now();
  while (performance.now() - lastFind < LINGER_MS) {
    const tally = await drainBatch(database, lane);
    if (tally.size > 0) {
      lastFind = performance.now();
      told(tally);
    } else {
      await pause(2);
    }
  }
}

async function drainLocked(
  tx: Tx,
  lane: number,
  classes: readonly WaitingClass[],
): Promise<DrainTally> {
  const classIds = classes.map(({ id }) => id);
  const pending = await loadPending(tx, lane, classIds, BATCH_SIZE);
  // Another drainer was faster; what it left is found by the next look.
  if (pending === null) return new Map();
  const decided: DecidedClaim[] = [];
  const issued: NewCoupon[] = [];
  for (const couponClass of classes) {
    const own = pending.claims.filter(({ classId }) => classId === couponClass.id);
    decideClass(couponClass, own, pending.now, decided, issued);
  }
  await saveDecidedBatch(tx, pending.now, decided, issued);
  return tallyOf(decided);
}

function decideClass(
  couponClass: WaitingClass,
  claims: readonly PendingClaim[],
  now: Date,
  decided: DecidedClaim[],
  issued: NewCoupon[],
): void {
  const outcomes = decideBatch(couponClass, claims, now);
  const { perMemberLimit: memberLimit } = couponClass;
  for (const claim of claims) {
    const refusal = outcomes.get(claim.id) ?? null;
    const coupon = refusal === null ? newCoupon(couponClass, claim, now) : null;
    if (coupon !== null) issued.push(coupon);
    const { id, classId, walletId, actor } = claim;
    decided.push({
      id,
      classId,
      walletId,
      actor,
      memberLimit,
      refusal,
      couponId: coupon?.id ?? null,
    });
  }
}

function newCoupon(couponClass: WaitingClass, { walletId }: PendingClaim, now: Date): NewCoupon {
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
