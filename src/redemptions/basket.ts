import type { Caller } from '../access/model.ts';
import type { Db } from '../platform/database.ts';
import { orderTotalOf } from './amounts.ts';
import { bestBasket } from './basket-rules.ts';
import {
  type Counter,
  decideAtCounter,
  type NotFound,
  type OrderAtTill,
  tillFor,
} from './counter.ts';
import { type CounterFacts, readSomeFacts, type Till } from './facts-store.ts';
import type { Amounts, BasketRefusal } from './model.ts';

export interface BasketRequest extends OrderAtTill {
  readonly codes: readonly string[];
}

/** What a till hands over: codes, of which some name coupons. */
export interface BasketFacts {
  readonly now: Date;
  readonly till: Till;
  readonly items: readonly {
    readonly code: string;
    readonly found: CounterFacts['found'];
  }[];
}

/** What becomes of a coupon that is used, and the amounts of its order with it alone. */
export interface Applied {
  readonly counter: Counter;
  readonly code: string;
  readonly amounts: Amounts;
}

/** A code that is not used, with its coupon where there is one. */
export interface NotApplied {
  readonly code: string;
  readonly counter: Counter | null;
  readonly refusal: BasketRefusal | 'coupon-not-found';
}

/** What becomes of an order with several coupons. */
export interface DecidedBasket {
  readonly applied: readonly Applied[];
  /** In the order in which the codes were handed over. */
  readonly notApplied: readonly NotApplied[];
  readonly amounts: Amounts;
}

/** What the codes of a request stand for; null at a till that is not the caller's. */
export async function readBasket(
  db: Db,
  caller: Caller,
  request: BasketRequest,
): Promise<BasketFacts | null> {
  const facts = await readSomeFacts(db, request.codes, request);
  const till = tillFor(caller, facts);
  if (till === null) return null;
  const items = request.codes.map((code, n) => ({ code, found: facts.found[n] ?? null }));
  return { now: facts.now, till, items };
}

/** Decides on all of an order's coupons as one; `isHeld` tells which a till has in hand. */
export function decideBasket(
  { now, till, items }: BasketFacts,
  request: BasketRequest,
  isHeld: (coupon: Counter['found']) => boolean,
): DecidedBasket {
  const handed = items.flatMap(({ code, found }) =>
    found === null ? [] : [{ code, counter: { till, found } }],
  );
  const coupons = handed.map(({ counter }) => {
    const alone = decideAtCounter(counter, request, isHeld(counter.found), now);
    const { coupon, stacking, terms } = counter.found;
    return { id: coupon.id, stacking, terms, refusal: alone.ok ? null : alone.refusal };
  });
  const { applied, notApplied } = bestBasket(coupons, request.order);
  const orderTotalMinor = orderTotalOf(request.order);
  const less = (discountMinor: number) => ({
    orderTotalMinor,
    discountMinor,
    payableMinor: orderTotalMinor - discountMinor,
  });
  const offById = new Map(applied.map(({ id, discountMinor }) => [id, discountMinor]));
  const whyById = new Map(notApplied.map(({ id, refusal }) => [id, refusal]));
  return {
    applied: handed.flatMap(({ code, counter }) => {
      const off = offById.get(counter.found.coupon.id);
      return off === undefined ? [] : [{ code, counter, amounts: less(off) }];
    }),
    notApplied: items.flatMap(({ code, found }): NotApplied[] => {
      if (found === null) return [{ code, counter: null, refusal: 'coupon-not-found' }];
      const refusal = whyById.get(found.coupon.id);
      return refusal === undefined ? [] : [{ code, counter: { till, found }, refusal }];
    }),
    amounts: less(applied.reduce((sum, { discountMinor }) => sum + discountMinor, 0)),
  };
}

export type BasketQuote =
  | { readonly ok: true; readonly basket: DecidedBasket }
  | { readonly ok: false; readonly refusal: NotFound };

/** What the coupons of an order would come to together; changes nothing. */
export async function quoteBasket(
  db: Db,
  caller: Caller,
  request: BasketRequest,
): Promise<BasketQuote> {
  const facts = await readBasket(db, caller, request);
  if (facts === null) return { ok: false, refusal: 'collector-not-found' };
  const isHeld = ({ hold }: Counter['found']) => hold !== null && !hold.over;
  return { ok: true, basket: decideBasket(facts, request, isHeld) };
}
