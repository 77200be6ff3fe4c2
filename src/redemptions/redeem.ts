import { actorOf, type Caller, mayActFor } from '../access/model.ts';
import { audit } from '../audit/store.ts';
import type { Db, Tx } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { owe } from '../queue/outbox-store.ts';
import { decideRedemption, type RedemptionDecision } from './decide.ts';
import type { Amounts, Order, RedemptionRefusal } from './model.ts';
import {
  findByCode,
  findTill,
  insertRedemption,
  lockByCode,
  type RedeemableCoupon,
} from './store.ts';

export interface RedemptionRequest {
  readonly code: string;
  readonly collectorId: string;
  readonly terminalId: string | null;
  readonly scene: 'in_store' | 'online' | null;
  readonly order: Order;
}

export type RedemptionOutcome =
  | {
      readonly ok: true;
      readonly id: string;
      readonly couponId: string;
      readonly amounts: Amounts;
      readonly redeemedAt: Date;
    }
  | {
      readonly ok: false;
      readonly refusal: RedemptionRefusal | 'coupon-not-found' | 'collector-not-found';
    };

export type QuoteOutcome =
  | { readonly ok: true; readonly couponId: string; readonly decision: RedemptionDecision }
  | { readonly ok: false; readonly refusal: 'coupon-not-found' | 'collector-not-found' };

interface Till {
  readonly issuerId: string;
  readonly storeId: string | null;
}

/** What a redemption would come to; changes nothing. */
export async function quoteRedemption(
  db: Db,
  caller: Caller,
  request: RedemptionRequest,
): Promise<QuoteOutcome> {
  const till = await tillFor(db, caller, request);
  if (till === null) return { ok: false, refusal: 'collector-not-found' };
  const found = await findByCode(db, request.code);
  if (found === null) return { ok: false, refusal: 'coupon-not-found' };
  return { ok: true, couponId: found.coupon.id, decision: decide(found, till, request) };
}

/** Redeems a coupon while the till waits: one transaction decides, writes and owes the clone. */
export async function redeem(
  tx: Tx,
  caller: Caller,
  request: RedemptionRequest,
): Promise<RedemptionOutcome> {
  const till = await tillFor(tx, caller, request);
  if (till === null) return { ok: false, refusal: 'collector-not-found' };
  const found = await lockByCode(tx, request.code);
  if (found === null) return { ok: false, refusal: 'coupon-not-found' };
  const outcome = await redeemLocked(tx, found, till, request);
  await audit(tx, {
    actor: actorOf(caller),
    action: 'redeem',
    subject: found.coupon.id,
    outcome: outcome.ok ? 'redeemed' : outcome.refusal,
    detail: { redemptionId: outcome.ok ? outcome.id : null, collectorId: request.collectorId },
  });
  return outcome;
}

async function redeemLocked(
  tx: Tx,
  found: RedeemableCoupon,
  till: Till,
  request: RedemptionRequest,
): Promise<RedemptionOutcome> {
  const decision = decide(found, till, request);
  if (!decision.ok) return decision;
  const { coupon, maxClones } = found;
  const id = newId('red');
  const redeemedAt = await insertRedemption(tx, {
    id,
    couponId: coupon.id,
    classId: coupon.classId,
    issuerId: coupon.issuerId,
    redemptionIssuerId: till.issuerId,
    collectorId: request.collectorId,
    terminalId: request.terminalId,
    order: request.order,
    ...decision.amounts,
  });
  // Its time ran out between the decision and the write.
  if (redeemedAt === null) return { ok: false, refusal: 'coupon-expired' };
  if (maxClones !== null) await owe(tx, 'clones.make', { redemptionId: id });
  return { ok: true, id, couponId: coupon.id, amounts: decision.amounts, redeemedAt };
}

/** A caller redeems with the collector ID of its own issuer. */
async function tillFor(
  db: Db,
  caller: Caller,
  { collectorId, terminalId }: RedemptionRequest,
): Promise<Till | null> {
  const till = await findTill(db, collectorId, terminalId);
  return till !== null && mayActFor(caller, till.issuerId) ? till : null;
}

function decide(
  { coupon, terms, member, now }: RedeemableCoupon,
  till: Till,
  { scene, terminalId, order }: RedemptionRequest,
): RedemptionDecision {
  const facts = {
    coupon,
    terms,
    member,
    redemptionIssuerId: till.issuerId,
    storeId: till.storeId,
    // A terminal stands in a store; without one only the till can say where the member buys.
    scene: scene ?? (terminalId === null ? null : ('in_store' as const)),
    order,
  };
  return decideRedemption(facts, now);
}
