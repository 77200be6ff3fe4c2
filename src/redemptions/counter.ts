import { type Caller, mayActFor } from '../access/model.ts';
import { decideRedemption, type RedemptionDecision } from './decide.ts';
import type { CounterFacts, RedeemableCoupon, Till } from './facts-store.ts';
import type { Amounts, Order } from './model.ts';

/** What a till says of an order. */
export interface OrderAtTill {
  readonly collectorId: string;
  readonly terminalId: string | null;
  readonly scene: 'in_store' | 'online' | null;
  readonly order: Order;
}

export type NotFound = 'coupon-not-found' | 'collector-not-found';

/** A till and the coupon that it was handed. */
export interface Counter {
  readonly till: Till;
  readonly found: RedeemableCoupon;
}

/** A caller redeems with the collector ID of its own issuer. */
export function tillFor(caller: Caller, { till }: Pick<CounterFacts, 'till'>): Till | null {
  return till !== null && mayActFor(caller, till.issuerId) ? till : null;
}

export function counterFor(
  caller: Caller,
  facts: CounterFacts,
): ({ readonly ok: true } & Counter) | { readonly ok: false; readonly refusal: NotFound } {
  const till = tillFor(caller, facts);
  if (till === null) return { ok: false, refusal: 'collector-not-found' };
  const { found } = facts;
  return found === null ? { ok: false, refusal: 'coupon-not-found' } : { ok: true, till, found };
}

/** Store ids are an issuer's own: a partner's store of the same id is another store. */
export function storeOf({ till, found }: Counter): string | null {
  return till.issuerId === found.coupon.issuerId ? till.storeId : null;
}

/** Decides on one coupon as if it were alone. */
export function decideAtCounter(
  counter: Counter,
  { scene, terminalId, order }: OrderAtTill,
  held: boolean,
  now: Date,
): RedemptionDecision {
  const { till, found } = counter;
  const facts = {
    coupon: { ...found.coupon, held },
    terms: found.terms,
    member: found.member,
    redemptionIssuerId: till.issuerId,
    storeId: storeOf(counter),
    // A terminal stands in a store; without one only the till can say where the member buys.
    scene: terminalId === null ? scene : ('in_store' as const),
    order,
  };
  return decideRedemption(facts, now);
}

/** What the audit keeps of a decision at a till; `rule` is the refusal's code or what was done. */
export function detailOf(
  counter: Counter,
  { collectorId }: Pick<OrderAtTill, 'collectorId'>,
  decided: Pick<Amounts, 'orderTotalMinor' | 'discountMinor'> & {
    readonly rule: string;
    readonly redemptionId: string | null;
  },
) {
  const { till, found } = counter;
  const { coupon, version } = found;
  const place = { storeId: storeOf(counter), redemptionIssuerId: till.issuerId, collectorId };
  return { classId: coupon.classId, version, ...place, ...decided };
}
