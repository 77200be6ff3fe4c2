import { actorOf, type Caller, mayActFor } from '../access/model.ts';
import type { AuditEntry } from '../audit/store.ts';
import { orderTotalOf } from './amounts.ts';
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
function storeOf({ till, found }: Counter): string | null {
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

/** Where a redemption is made, as it is written. */
export function placeOf(
  counter: Counter,
  { collectorId, terminalId }: Pick<OrderAtTill, 'collectorId' | 'terminalId'>,
) {
  const redemptionIssuerId = counter.till.issuerId;
  return { redemptionIssuerId, collectorId, terminalId, storeId: storeOf(counter) };
}

/** What the audit is told of a decision at a till. */
interface Decided extends Pick<Amounts, 'orderTotalMinor' | 'discountMinor'> {
  /** The refusal's code or what was done. */
  readonly rule: string;
  readonly redemptionId: string | null;
  readonly basketId?: string | null;
}

/** The audit entry of that decision about the coupon. */
export function entryOf(
  caller: Caller,
  action: string,
  counter: Counter,
  { collectorId }: Pick<OrderAtTill, 'collectorId'>,
  decided: Decided,
): AuditEntry {
  const { till, found } = counter;
  const { id: subject, classId } = found.coupon;
  const place = { storeId: storeOf(counter), redemptionIssuerId: till.issuerId, collectorId };
  const detail = { classId, version: found.version, ...place, ...decided };
  return { actor: actorOf(caller), action, subject, outcome: decided.rule, detail };
}

/** The audit entry of a refusal: nothing comes off the order. */
export function refusedEntry(
  caller: Caller,
  action: string,
  counter: Counter,
  request: OrderAtTill,
  rule: string,
): AuditEntry {
  const orderTotalMinor = orderTotalOf(request.order);
  const nothing = { redemptionId: null, orderTotalMinor, discountMinor: 0 };
  return entryOf(caller, action, counter, request, { rule, ...nothing });
}
