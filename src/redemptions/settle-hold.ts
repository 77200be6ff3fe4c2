import { actorOf, type Caller, mayActFor } from '../access/model.ts';
import { audit } from '../audit/store.ts';
import type { Database, Tx } from '../platform/database.ts';
import { owe } from '../queue/outbox-store.ts';
import { isAtOwnStore } from './at-own-till.ts';
import { decideConfirmation, decideRelease } from './decide.ts';
import { endSomeOverdueHolds, lockBasketOf, saveConfirmation, saveRelease } from './hold-store.ts';
import type { ConfirmationRefusal, Redemption, ReleaseRefusal } from './model.ts';
import { findLocked, type LockedRedemption } from './store.ts';

export type SettledOutcome<Refusal> =
  | {
      readonly ok: true;
      /** The redemption with all of its basket, as they are then. */
      readonly redemptions: readonly Redemption[];
    }
  | { readonly ok: false; readonly refusal: Refusal | 'not-found' };

/**
 * Redeems what a till holds: the order was paid. The coupons of a basket are confirmed together,
 * whichever of them is named. A hold counts until its end, also past the end of its coupon.
 */
export async function confirmHold(
  tx: Tx,
  caller: Caller,
  id: string,
): Promise<SettledOutcome<ConfirmationRefusal>> {
  const locked = await lockForTill(tx, caller, id);
  const [first] = locked;
  if (first === undefined) return { ok: false, refusal: 'not-found' };
  const refusal = locked
    .map(({ redemption, couponStatus }) =>
      decideConfirmation({ ...redemption, couponStatus }, first.now),
    )
    .find((code) => code !== null);
  if (refusal !== undefined) {
    await record(tx, caller, locked, { action: 'confirm', rule: refusal });
    return { ok: false, refusal };
  }
  const ids = locked.map(({ redemption }) => redemption.id);
  await saveConfirmation(tx, ids, first.now);
  await record(tx, caller, locked, { action: 'redeem', rule: 'redeemed' });
  for (const { redemption, maxClones } of locked) {
    if (maxClones !== null) await owe(tx, 'clones.make', { redemptionId: redemption.id });
  }
  return { ok: true, redemptions: await asTheyAre(tx, ids) };
}

/**
 * Gives a held coupon back to its holder: the order was not paid. Twice is once, and also what has
 * ended by itself is released; the coupons of a basket are released together.
 */
export async function releaseHold(
  tx: Tx,
  caller: Caller,
  id: string,
): Promise<SettledOutcome<ReleaseRefusal>> {
  const locked = await lockForTill(tx, caller, id);
  if (locked.length === 0) return { ok: false, refusal: 'not-found' };
  const refusal = locked
    .map(({ redemption }) => decideRelease(redemption))
    .find((code) => code !== null);
  await record(tx, caller, locked, { action: 'release', rule: refusal ?? 'released' });
  if (refusal !== undefined) return { ok: false, refusal };
  const ids = locked.map(({ redemption }) => redemption.id);
  await saveRelease(tx, ids);
  return { ok: true, redemptions: await asTheyAre(tx, ids) };
}

/** How many holds one transaction ends. */
export const OVERDUE_HOLDS_BATCH = 1000;

/**
 * Writes that some holds are over; gives how many, and fewer than `OVERDUE_HOLDS_BATCH` means that
 * no more wait. They hold nothing from the instant itself.
 */
export function releaseOverdueHolds(database: Database): Promise<number> {
  return database.transact((tx) => endSomeOverdueHolds(tx, 'worker', OVERDUE_HOLDS_BATCH));
}

/** The redemption and those of its basket, locked, for the issuer at whose till it is. */
async function lockForTill(tx: Tx, caller: Caller, id: string): Promise<LockedRedemption[]> {
  const locked = await asLocked(tx, await lockBasketOf(tx, id));
  const isTheirs = locked.every(({ redemption }) =>
    mayActFor(caller, redemption.redemptionIssuerId),
  );
  const [first] = locked;
  if (!isTheirs || first === undefined) return [];
  return (await isAtOwnStore(tx, caller, first.redemption)) ? locked : [];
}

async function asLocked(tx: Tx, ids: readonly string[]): Promise<LockedRedemption[]> {
  const locked: LockedRedemption[] = [];
  for (const id of ids) locked.push(await findLocked(tx, id));
  return locked;
}

async function asTheyAre(tx: Tx, ids: readonly string[]): Promise<Redemption[]> {
  return (await asLocked(tx, ids)).map(({ redemption }) => redemption);
}

/** A redemption is recorded under its coupon, as one that was never held; the rest under its own id. */
async function record(
  tx: Tx,
  caller: Caller,
  locked: readonly LockedRedemption[],
  { action, rule }: { readonly action: string; readonly rule: string },
): Promise<void> {
  const entries = locked.map(({ redemption, version }) => ({
    actor: actorOf(caller),
    action,
    subject: action === 'redeem' ? redemption.couponId : redemption.id,
    outcome: rule,
    detail: {
      redemptionId: redemption.id,
      couponId: redemption.couponId,
      classId: redemption.classId,
      rule,
      version,
      storeId: redemption.storeId,
      redemptionIssuerId: redemption.redemptionIssuerId,
      collectorId: redemption.collectorId,
      basketId: redemption.basketId,
      orderTotalMinor: redemption.orderTotalMinor,
      discountMinor: redemption.discountMinor,
    },
  }));
  await audit(tx, ...entries);
}
