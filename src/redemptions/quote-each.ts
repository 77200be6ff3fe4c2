import type { Caller } from '../access/model.ts';
import type { Db } from '../platform/database.ts';
import { sumsOf } from './amounts.ts';
import { type BasketRequest, readBasket } from './basket.ts';
import { type Counter, decideAtCounter } from './counter.ts';
import type { RedemptionDecision } from './decide.ts';
import type { Order } from './model.ts';

/** What one coupon of several would come to if it alone were used on the order. */
export interface QuotedAlone {
  readonly code: string;
  readonly decision: RedemptionDecision;
  /** What must be bought besides, where that is the reason why not. */
  readonly missingMinor: number | null;
}

/** Quotes each of several coupons for itself; null at a till that is not the caller's. */
export async function quoteEach(
  db: Db,
  caller: Caller,
  request: BasketRequest,
): Promise<QuotedAlone[] | null> {
  const facts = await readBasket(db, caller, request);
  if (facts === null) return null;
  const { till, now, items } = facts;
  return items.flatMap(({ code, found }) => {
    if (found === null) return [];
    const held = found.hold !== null && !found.hold.over;
    const decision = decideAtCounter({ till, found }, request, held, now);
    return [{ code, decision, missingMinor: missing(found, decision, request.order) }];
  });
}

function missing(
  { terms }: Counter['found'],
  decision: RedemptionDecision,
  order: Order,
): number | null {
  if (decision.ok || decision.refusal !== 'min-spend-not-met') return null;
  const { inScope } = sumsOf(terms, order);
  const more = terms.minSpendMinor - (inScope?.totalMinor ?? 0);
  return more > 0 ? more : null;
}
