import { actorOf, type Caller } from '../access/model.ts';
import { audit } from '../audit/store.ts';
import type { Db, Tx } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { owe } from '../queue/outbox-store.ts';
import { orderTotalOf } from './amounts.ts';
import {
  type Counter,
  counterFor,
  decideAtCounter,
  detailOf,
  type NotFound,
  type OrderAtTill,
  storeOf,
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
    if (!decision.ok) return refuse(tx, caller, counter, request, decision.refusal);
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

async function refuse(
  tx: Tx,
  caller: Caller,
  counter: Counter,
  request: RedemptionRequest,
  refusal: RedemptionRefusal,
): Promise<RedemptionOutcome> {
  const orderTotalMinor = orderTotalOf(request.order);
  const decided = { rule: refusal, redemptionId: null, orderTotalMinor, discountMinor: 0 };
  await audit(tx, {
    actor: actorOf(caller),
    action: 'redeem',
    subject: counter.found.coupon.id,
    outcome: refusal,
    detail: detailOf(counter, request, decided),
  });
  return { ok: false, refusal };
}

/** Null when the coupon is not any more what was decided on. */
async function useUp(
  tx: Tx,
  caller: Caller,
  counter: Counter,
  { code, collectorId, terminalId, order }: RedemptionRequest,
  amounts: Amounts,
): Promise<RedemptionOutcome | null> {
  const { till, found } = counter;
  const { coupon, version, hold, maxClones } = found;
  const actor = actorOf(caller);
  if (hold?.over) await endOverdueHolds(tx, actor, [coupon.id]);
  const id = newId('red');
  const at = {
    redemptionIssuerId: till.issuerId,
    collectorId,
    terminalId,
    storeId: storeOf(counter),
  };
  const redeemedAt = await saveRedemption(
    tx,
    { actor, code, version },
    { id, ...at, order, ...amounts },
  );
  if (redeemedAt === null) return null;
  if (maxClones !== null) await owe(tx, 'clones.make', { redemptionId: id });
  return { ok: true, id, couponId: coupon.id, amounts, redeemedAt };
}
