import { actorOf, type Caller } from '../access/model.ts';
import { audit } from '../audit/store.ts';
import type { Db, Tx } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { owe } from '../queue/outbox-store.ts';
import {
  type Counter,
  counterFor,
  decideAtCounter,
  type NotFound,
  type OrderAtTill,
  placeOf,
  refusedEntry,
} from './counter.ts';
import type { RedemptionDecision } from './decide.ts';
import { readFacts } from './facts-store.ts';
import { endOverdueHolds } from './hold-store.ts';
import type { Amounts, RedemptionRefusal } from './model.ts';
import { saveRedemption } from './store.ts';

export interface RedemptionRequest extends OrderAtTill {
  readonly code: string;
}

export type RedemptionOutcome =
  | {
      readonly ok: true;
      readonly id: string;
      readonly couponId: string;
      readonly amounts: Amounts;
      readonly redeemedAt: Date;
    }
  | { readonly ok: false; readonly refusal: RedemptionRefusal | NotFound };

export type QuoteOutcome =
  | { readonly ok: true; readonly couponId: string; readonly decision: RedemptionDecision }
  | { readonly ok: false; readonly refusal: NotFound };

/** What a redemption would come to; changes nothing. */
export async function quoteRedemption(
  db: Db,
  caller: Caller,
  request: RedemptionRequest,
): Promise<QuoteOutcome> {
  const counter = counterFor(caller, await readFacts(db, request));
  if (!counter.ok) return counter;
  return { ok: true, couponId: counter.found.coupon.id, decision: decide(counter, request) };
}

/** Redeems a coupon while the till waits: one transaction decides, writes and owes the clone. */
export async function redeem(
  tx: Tx,
  caller: Caller,
  request: RedemptionRequest,
): Promise<RedemptionOutcome> {
  for (;;) {
    const counter = counterFor(caller, await readFacts(tx, request));
    if (!counter.ok) return counter;
    const decision = decide(counter, request);
    if (!decision.ok) {
      await audit(tx, refusedEntry(caller, 'redeem', counter, request, decision.refusal));
      return decision;
    }
    const outcome = await useUp(tx, caller, counter, request, decision.amounts);
    // Another was faster, or the coupon's time ran out: what is so now decides.
    if (outcome !== null) return outcome;
  }
}

/** A hold whose time is over holds nothing. */
function decide(counter: Counter, request: RedemptionRequest): RedemptionDecision {
  const { hold, now } = counter.found;
  return decideAtCounter(counter, request, hold !== null && !hold.over, now);
}

/** Null when the coupon is not any more what was decided on. */
async function useUp(
  tx: Tx,
  caller: Caller,
  counter: Counter,
  request: RedemptionRequest,
  amounts: Amounts,
): Promise<RedemptionOutcome | null> {
  const { coupon, version, hold, maxClones } = counter.found;
  const { code, order } = request;
  const actor = actorOf(caller);
  if (hold?.over) await endOverdueHolds(tx, actor, [coupon.id]);
  const id = newId('red');
  const redemption = { id, ...placeOf(counter, request), order, ...amounts };
  const redeemedAt = await saveRedemption(tx, { actor, code, version }, redemption);
  if (redeemedAt === null) return null;
  if (maxClones !== null) await owe(tx, 'clones.make', { redemptionId: id });
  return { ok: true, id, couponId: coupon.id, amounts, redeemedAt };
}
