import { audit } from '../audit/store.ts';
import { laneOf } from '../claims/model.ts';
import { insertPendingClaims } from '../claims/store.ts';
import type { Database, Tx } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { pause } from '../platform/pause.ts';
import { type HeldBulkIssue, lockUnfinished, saveAdvance } from './bulk-store.ts';
import { decideNextStep } from './decide.ts';
import { hasWaitingClaims, loadItems, nameClaims, settleItems } from './items-store.ts';
import { CHUNK, unknownExternalId } from './model.ts';

/**
 * What a step came to: claims were handed in, some of the last still wait, the job is finished, or
 * there is nothing to do here because it was finished before or someone else is at it.
 */
export type StepOutcome =
  | { readonly kind: 'handed-in'; readonly lane: number }
  | { readonly kind: 'waiting' | 'finished' | 'elsewhere' };

/**
 * Takes a job one step further in one transaction: counts what became of the claims handed in
 * before, hands in those of the next wallets, and moves the position. However often it is called,
 * by however many, and whenever they die, each wallet gets one claim.
 */
export async function advanceBulkIssue(
  database: Database,
  id: string,
  chunk: number = CHUNK,
): Promise<StepOutcome> {
  // Asked without a lock first: to wait shall cost a look and no transaction.
  if (await hasWaitingClaims(database.reads, id)) return { kind: 'waiting' };
  return database.transact(async (tx) => {
    const issue = await lockUnfinished(tx, id);
    if (issue === null) return { kind: 'elsewhere' };
    if (await hasWaitingClaims(tx, id)) return { kind: 'waiting' };
    return step(tx, issue, chunk);
  });
}

async function step(tx: Tx, issue: HeldBulkIssue, chunk: number): Promise<StepOutcome> {
  const { id, classId, position } = issue;
  const counted = { from: issue.issued + issue.refused, until: position };
  const settled = await settleItems(tx, id, counted);
  const { until, isLast } = decideNextStep(issue, chunk);
  if (until > position) await handIn(tx, issue, until);
  await saveAdvance(tx, id, { ...settled, until, isLast });
  return isLast ? { kind: 'finished' } : { kind: 'handed-in', lane: laneOf(classId) };
}

/** Hands in a claim for each wallet up to there, under ids that are made and kept here. */
async function handIn(tx: Tx, issue: HeldBulkIssue, until: number): Promise<void> {
  const { id, classId, actor, requestId, position } = issue;
  const items = await loadItems(tx, id, { from: position, until });
  const known = items.filter(({ walletId }) => unknownExternalId(walletId) === null);
  const claims = known.map((item) => ({ ...item, claimId: newId('clm') }));
  await nameClaims(tx, id, claims);
  const requests = claims.map(({ claimId, walletId }) => ({
    id: claimId,
    classId,
    walletId,
    tapId: null,
    actor,
    requestId,
    key: null,
  }));
  const inserted = await insertPendingClaims(tx, requests);
  if (inserted.size !== requests.length) throw new Error('a claim of a bulk issue was not let in');
  await auditUnknown(tx, issue, items.length - known.length);
}

/** Where no wallet is known there is no claim, and the refusal is told here. */
async function auditUnknown(tx: Tx, issue: HeldBulkIssue, count: number): Promise<void> {
  if (count === 0) return;
  const { id, actor, classId, version } = issue;
  const rule = 'wallet-not-found';
  const detail = { classId, rule, version, count };
  await audit(tx, { actor, action: 'claim', subject: id, outcome: rule, detail });
}

/** The pause between two looks at claims that wait. */
const LOOK_AGAIN_MS = 20;

/**
 * Takes a job further for that long; gives whether it is to be gone on with. `ring` is told of the
 * lane in which claims were handed in.
 */
export async function workOnBulkIssue(
  database: Database,
  id: string,
  milliseconds: number,
  ring: (lane: number) => void,
): Promise<boolean> {
  const until = performance.now() + milliseconds;
  while (performance.now() < until) {
    const outcome = await advanceBulkIssue(database, id);
    if (outcome.kind === 'finished' || outcome.kind === 'elsewhere') return false;
    if (outcome.kind === 'handed-in') ring(outcome.lane);
    await pause(LOOK_AGAIN_MS);
  }
  return true;
}
