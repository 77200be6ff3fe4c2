import { importVerifyKey } from '../issuers/public-key.ts';
import type { Db, Tx } from '../platform/database.ts';
import { sha256Hex } from '../platform/hashes.ts';
import { newId } from '../platform/ids.ts';
import { violatedConstraint } from '../platform/transact.ts';
import { tellTerminal } from '../terminals/event-store.ts';
import { pairwiseRef } from '../wallets/pairwise.ts';
import { decideTap, type TapDecision } from './decide.ts';
import { loadTapFacts, type TapRecordFacts } from './facts-store.ts';
import type { TapPayload } from './jws.ts';
import type { Screen, SentCoupon, SentPass, TapOutcome } from './model.ts';
import { verifyEs256 } from './signature.ts';
import { type NewTap, recordChoice, recordTap, recordTransfer } from './store.ts';

/** How far a terminal's clock may be off. */
const BEHIND_MS = 60_000;
const AHEAD_MS = 10_000;

export interface TapAnswer {
  readonly id: string;
  readonly outcome: TapOutcome;
  readonly passes: readonly SentPass[];
  readonly coupons: readonly SentCoupon[];
  readonly walletRef: string;
}

export type TapResult =
  | { readonly ok: true; readonly answer: TapAnswer }
  | { readonly ok: false; readonly refusal: 'tap-not-authenticated' }
  | { readonly ok: false; readonly refusal: 'clock-skew'; readonly serverTime: Date }
  | { readonly ok: false; readonly refusal: 'tap-replayed' }
  | { readonly ok: false; readonly refusal: 'presentation-expired' };

export interface TapRequest {
  readonly payload: TapPayload;
  /** The compact JWS as it came. */
  readonly compact: string;
  /** The origin that `aud` must name. */
  readonly origin: string;
}

/** What is recorded of a tap's question, whichever protocol carried it. */
export interface TapAsked {
  readonly payload: Pick<TapPayload, 'collectorId' | 'kid' | 'jti' | 'terminal' | 'types'>;
  /** The evidence: what the terminal signed, with its signature. */
  readonly compact: string;
}

/** What is known of an authenticated tap. */
export interface AuthenticatedTap {
  readonly facts: TapRecordFacts;
  readonly key: NonNullable<TapRecordFacts['key']>;
}

/** Loads what a tap is about and authenticates the terminal; a refusal tells nothing of passes. */
export async function authenticateTap(
  db: Db,
  { payload, origin }: TapRequest,
): Promise<AuthenticatedTap | Extract<TapResult, { ok: false }>> {
  const { collectorId, keyVersion, terminal: terminalId } = payload;
  const tokenSha256 = sha256Hex(payload.presentation);
  const facts = await loadTapFacts(db, { collectorId, keyVersion, tokenSha256, terminalId });
  const authentic =
    facts.key !== null &&
    (await verifyEs256(await importVerifyKey(facts.key.spki), payload.signature, payload.signed)) &&
    payload.aud === origin;
  if (!authentic || facts.key === null) return { ok: false, refusal: 'tap-not-authenticated' };
  const now = facts.now.getTime();
  if (!isTimely(payload, now)) return { ok: false, refusal: 'clock-skew', serverTime: facts.now };
  return { facts, key: facts.key };
}

function isTimely({ iat, exp, nbf }: TapPayload, now: number): boolean {
  const age = now - iat * 1000;
  return (
    age <= BEHIND_MS &&
    age >= -AHEAD_MS &&
    (exp === null || now < exp * 1000) &&
    (nbf === null || now >= nbf * 1000 - AHEAD_MS)
  );
}

/** Decides an authenticated tap and records it; the record and the hand-over are one statement. */
export async function recordDecision(
  tx: Tx,
  request: TapAsked,
  { facts, key }: AuthenticatedTap,
): Promise<TapResult> {
  const { presentation } = facts;
  const tap = newTap(request, facts, key);
  if (presentation === null || !presentation.live) return recordExpired(tx, tap);
  const decision = decideTap(
    {
      redemptionIssuerId: key.issuerId,
      storeId: facts.storeId,
      types: request.payload.types,
      screen: screenOf(presentation),
      plus: presentation.plus,
      passes: facts.passes,
      coupons: facts.coupons,
    },
    facts.now,
  );
  const decided = { ...tap, outcome: decision.outcome, verdicts: decision.verdicts };
  const recorded = await refusingReplays(() => record(tx, decided, decision));
  if (recorded === 'replayed') return { ok: false, refusal: 'tap-replayed' };
  if (!recorded) return recordExpired(tx, tap);
  if (facts.tillListens && decision.outcome === 'transferred') await tellTill(tx, tap);
  const { outcome, passes, coupons } = decision;
  const walletRef = pairwiseRef(presentation.pairwiseSecret, request.payload.collectorId);
  return { ok: true, answer: { id: tap.id, outcome, passes, coupons, walletRef } };
}

async function record(tx: Tx, tap: NewTap, decision: TapDecision): Promise<boolean> {
  if (decision.outcome === 'transferred') return recordTransfer(tx, tap);
  if (decision.outcome === 'choose') return recordChoice(tx, tap, decision.choices);
  await recordTap(tx, tap);
  return true;
}

/** Who handed something over is shown to the cashier; what a phone keeps back is nobody's news. */
async function tellTill(tx: Tx, { id, issuerId, terminalId, walletId }: NewTap): Promise<void> {
  if (terminalId === null) return;
  const event = { kind: 'tap', tapId: id, walletId, detail: {} } as const;
  await tellTerminal(tx, { issuerId, terminalId }, event);
}

async function recordExpired(tx: Tx, tap: NewTap): Promise<TapResult> {
  const recorded = await refusingReplays(() => recordTap(tx, tap));
  const refusal = recorded === 'replayed' ? 'tap-replayed' : 'presentation-expired';
  return { ok: false, refusal };
}

async function refusingReplays<T>(statement: () => Promise<T>): Promise<T | 'replayed'> {
  try {
    return await statement();
  } catch (error) {
    if (violatedConstraint(error) === 'taps_nonce') return 'replayed';
    throw error;
  }
}

function newTap(
  { payload, compact }: TapAsked,
  { presentation }: TapRecordFacts,
  key: AuthenticatedTap['key'],
): NewTap {
  return {
    id: newId('tap'),
    keyId: key.id,
    issuerId: key.issuerId,
    jti: payload.jti,
    kid: payload.kid,
    walletId: presentation?.walletId ?? null,
    presentationId: presentation?.id ?? null,
    terminalId: payload.terminal,
    outcome: 'presentation-expired',
    verdicts: [],
    payload: compact,
  };
}

function screenOf({ screen, objectId }: NonNullable<TapRecordFacts['presentation']>): Screen {
  return screen === 'pass' && objectId !== null ? { kind: 'pass', objectId } : { kind: 'home' };
}
