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
import { type CounterFacts, readFacts, type Till } from './facts-store.ts';
import type { Amounts, BasketRefusal } from './model.ts';

export interface BasketRequest extends OrderAtTill {
  readonly codes: readonly string[];
}

/** What a till hands over: codes, of which some name coupons. */
export interface BasketFacts {
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
  { codes, collectorId, terminalId }: BasketRequest,
): Promise<BasketFacts | null> {
  const items: { code: string; found: CounterFacts['found'] }[] = [];
  let till: Till | null = null;
  for (const code of codes) {
    const facts = await readFacts(db, { code, collectorId, terminalId });
    till = tillFor(caller, facts);
    if (till === null) return null;
    items.push({ code, found: facts.found });
  }
  return till === null ? null : { till, items };
}

/** Decides on all of an order's coupons as one; `isHeld` tells which a till has in hand. */
export function decideBasket(
  { till, items }: BasketFacts,
  request: BasketRequest,
  isHeld: (coupon: Counter['found']) => boolean,
): DecidedBasket {
  // The facts were read one after the other, and the first reading is the time of all.
  const now = items.find(({ found }) => found !== null)?.found?.now ?? new Date(0);
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
