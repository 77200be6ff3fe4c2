import { publicKeyPoint } from '../issuers/public-key.ts';
import type { Db, Tx } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import type { Primitives } from '../smarttap/index.ts';
import type { OfflineTap } from './offline-wallet.ts';
import {
  type Holding,
  holdingOf,
  type KeyOnceKnown,
  keysOnceKnown,
  recordReported,
} from './report-store.ts';
import { type Evidence, readEvidence, tapName } from './smart-tap.ts';

export const REPORT_REFUSALS = [
  /** Not 101 signed bytes with a signature by a key that this collector had then. */
  'not-authentic',
  /** It names a pass that the wallet does not hold. */
  'pass-unknown',
  /** It lies in the future, or more than 30 days back. */
  'time-implausible',
] as const;

export type ReportRefusal = (typeof REPORT_REFUSALS)[number];

export type Reported =
  | { readonly outcome: 'recorded' | 'known'; readonly tapId: string }
  | { readonly outcome: 'refused'; readonly refusal: ReportRefusal };

const AHEAD_MS = 60_000;
const BACK_MS = 30 * 24 * 3_600_000;

/**
 * Records what a phone has decided without a network: each tap once, however often and by however
 * many requests it is reported. One that is refused keeps no other from being recorded.
 */
export async function reportTaps(
  tx: Tx,
  primitives: Primitives,
  walletId: string,
  taps: readonly OfflineTap[],
): Promise<Reported[]> {
  const holding = await holdingOf(tx, walletId);
  const reported: Reported[] = [];
  for (const tap of taps) reported.push(await report(tx, primitives, { walletId, holding }, tap));
  return reported;
}

interface Holder {
  readonly walletId: string;
  readonly holding: Holding;
}

async function report(
  tx: Tx,
  primitives: Primitives,
  { walletId, holding }: Holder,
  tap: OfflineTap,
): Promise<Reported> {
  const tappedAt = new Date(tap.tappedAt);
  const age = holding.now.getTime() - tappedAt.getTime();
  if (age < -AHEAD_MS || age > BACK_MS) return refused('time-implausible');
  const evidence = readEvidence(tap.evidence);
  const key = evidence && (await keyOf(tx, primitives, evidence, tap.keyVersion, tappedAt));
  if (evidence === null || key === null) return refused('not-authentic');
  const passes = holding.objects.filter(({ objectId }) => tap.objectIds.includes(objectId));
  if (passes.length < new Set(tap.objectIds).size) return refused('pass-unknown');
  const id = newId('tap');
  const verdicts = passes.map((pass) => ({ ...pass, step: 'sent' as const }));
  const recorded = {
    id,
    keyId: key.id,
    issuerId: key.issuerId,
    jti: tapName(evidence.nonce, tap.turn),
    kid: `${evidence.collectorId}.${tap.keyVersion}`,
    walletId,
    presentationId: null,
    terminalId: tap.terminalId,
    outcome: tap.outcome,
    verdicts,
    payload: tap.evidence,
  };
  const before = await recordReported(tx, recorded, tappedAt);
  if (before === null) return { outcome: 'recorded', tapId: id };
  // The tap of another wallet is none of this one's, and its id is not for this caller.
  return before.walletId === walletId
    ? { outcome: 'known', tapId: before.id }
    : refused('not-authentic');
}

function refused(refusal: ReportRefusal): Reported {
  return { outcome: 'refused', refusal };
}

/** The key that made the signature, if its collector had it at that time. */
async function keyOf(
  db: Db,
  primitives: Primitives,
  { signed, signature, collectorId }: Evidence,
  version: number,
  tappedAt: Date,
): Promise<KeyOnceKnown | null> {
  const keys = await keysOnceKnown(db, collectorId, version);
  const then = keys.filter(
    ({ createdAt, retiredAt }) =>
      tappedAt.getTime() >= createdAt.getTime() - AHEAD_MS &&
      (retiredAt === null || tappedAt < retiredAt),
  );
  return then.find((key) => primitives.verify(signature, signed, publicKeyPoint(key.spki))) ?? null;
}
