import { actorOf, type Caller } from '../access/model.ts';
import { audit } from '../audit/store.ts';
import type { Tx } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { owe } from '../queue/outbox-store.ts';
import {
  type Applied,
  type BasketFacts,
  type BasketRequest,
  type DecidedBasket,
  decideBasket,
  type NotApplied,
  readBasket,
} from './basket.ts';
import { type Counter, entryOf, type NotFound, placeOf, refusedEntry } from './counter.ts';
import {
  endOverdueHolds,
  type LockedUse,
  lockCouponsInOrder,
  saveLockedUses,
} from './hold-store.ts';
import type { BasketRefusal } from './model.ts';

/** One or several coupons that are redeemed as one, or held for an order that is being paid. */
export interface TogetherRequest extends BasketRequest {
  /** Null: redeemed at once. */
  readonly holdSeconds: number | null;
}

export type TogetherOutcome =
  | {
      readonly ok: true;
      /** Null for a coupon that was handed over alone. */
      readonly basketId: string | null;
      readonly redemptions: readonly LockedUse[];
      readonly basket: DecidedBasket;
      readonly decidedAt: Date;
      readonly heldUntil: Date | null;
    }
  | { readonly ok: false; readonly refusal: BasketRefusal | NotFound };

/**
 * Redeems or holds coupons while the till waits. They are locked in order of id and then decided
 * on, so that all of it is done or nothing, and two baskets never wait for each other in a circle.
 */
export async function redeemTogether(
  tx: Tx,
  caller: Caller,
  request: TogetherRequest,
): Promise<TogetherOutcome> {
  const before = await readBasket(tx, caller, request);
  if (before === null) return { ok: false, refusal: 'collector-not-found' };
  const facts = await lockBasket(tx, caller, before, request);
  // A hold that has ended since the look before the lock still holds its coupon for this once.
  const basket = decideBasket(facts, request, ({ hold }) => hold !== null);
  await refuseOthers(tx, caller, request, basket);
  if (basket.applied.length === 0) {
    return { ok: false, refusal: basket.notApplied[0]?.refusal ?? 'coupon-not-found' };
  }
  return save(tx, caller, request, basket, facts.now);
}

async function lockBasket(
  tx: Tx,
  caller: Caller,
  before: BasketFacts,
  request: TogetherRequest,
): Promise<BasketFacts> {
  const found = before.items.flatMap((item) => item.found ?? []);
  const overdue = found.filter(({ hold }) => hold?.over).map(({ coupon }) => coupon.id);
  if (overdue.length > 0) await endOverdueHolds(tx, actorOf(caller), overdue);
  await lockCouponsInOrder(
    tx,
    found.map(({ coupon }) => coupon.id),
  );
  return (await readBasket(tx, caller, request)) ?? before;
}

async function save(
  tx: Tx,
  caller: Caller,
  request: TogetherRequest,
  basket: DecidedBasket,
  decidedAt: Date,
): Promise<TogetherOutcome> {
  const { holdSeconds, codes } = request;
  const basketId = codes.length === 1 ? null : newId('bsk');
  const heldUntil =
    holdSeconds === null ? null : new Date(decidedAt.getTime() + holdSeconds * 1000);
  const state = heldUntil === null ? ('confirmed' as const) : ('held' as const);
  const standing = { basketId, state, heldUntil, redeemedAt: decidedAt };
  const uses = basket.applied.map((one) => ({
    counter: one.counter,
    redemption: { ...useOf(one, request), ...standing },
  }));
  const redemptions = uses.map(({ redemption }) => redemption);
  await saveLockedUses(tx, redemptions);
  const rule = heldUntil === null ? 'redeemed' : 'held';
  const entries = uses.map(({ counter, redemption }) => {
    const { id: redemptionId, orderTotalMinor, discountMinor } = redemption;
    const decided = { rule, redemptionId, orderTotalMinor, discountMinor, basketId };
    return entryOf(caller, actionOf(request), counter, request, decided);
  });
  await audit(tx, ...entries);
  for (const { counter, redemption } of uses) {
    if (heldUntil !== null || counter.found.maxClones === null) continue;
    await owe(tx, 'clones.make', { redemptionId: redemption.id });
  }
  return { ok: true, basketId, redemptions, basket, decidedAt, heldUntil };
}

function useOf({ counter, code, amounts }: Applied, request: TogetherRequest) {
  const { id: couponId, classId, issuerId } = counter.found.coupon;
  const place = placeOf(counter, request);
  const { order } = request;
  return { id: newId('red'), couponId, code, classId, issuerId, ...place, order, ...amounts };
}

function actionOf({ holdSeconds }: TogetherRequest): string {
  return holdSeconds === null ? 'redeem' : 'hold';
}

/** A code that names nothing was not decided on; the others that are left out were. */
async function refuseOthers(
  tx: Tx,
  caller: Caller,
  request: TogetherRequest,
  { notApplied }: DecidedBasket,
): Promise<void> {
  const refused = notApplied.filter(
    (one): one is NotApplied & { readonly counter: Counter } => one.counter !== null,
  );
  const entries = refused.map(({ counter, refusal: rule }) =>
    refusedEntry(caller, actionOf(request), counter, request, rule),
  );
  await audit(tx, ...entries);
}
