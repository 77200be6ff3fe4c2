import { actorOf, type Caller } from '../access/model.ts';
import { audit } from '../audit/store.ts';
import { classFor } from '../coupons/read.ts';
import type { Tx } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { owe } from '../queue/outbox-store.ts';
import { insertBulkIssue, startBulkIssue } from './bulk-store.ts';
import { decideBulkIssue } from './decide.ts';
import type { AddTarget } from './items-store.ts';
import { addListed } from './list.ts';
import { addMatching } from './matching.ts';
import { type BulkIssue, type BulkRefusal, keeperFor, type WalletQuery } from './model.ts';

export type BulkOutcome =
  | { readonly ok: true; readonly issue: BulkIssue }
  | { readonly ok: false; readonly refusal: BulkRefusal | 'not-found' };

/** Who asks for what. */
export interface BulkRequest {
  readonly caller: Caller;
  readonly classId: string;
  readonly requestId: string;
}

/**
 * Issues a class to the wallets that match now.
 * @throws ProblemError `invalid-request` when the query names what is not the issuer's, or matches
 *   more than a job takes
 */
export function issueToMatching(
  tx: Tx,
  request: BulkRequest,
  query: WalletQuery,
): Promise<BulkOutcome> {
  return issueTo(tx, request, (target) => addMatching(tx, target, query));
}

/**
 * Issues a class to the wallets of a CSV as it arrives; a wallet named twice counts once.
 * @throws ProblemError `invalid-request` that names the first wrong line
 */
export function issueToListed(
  tx: Tx,
  request: BulkRequest,
  csv: AsyncIterable<Uint8Array>,
): Promise<BulkOutcome> {
  return issueTo(tx, request, (target) => addListed(tx, target, csv));
}

async function issueTo(
  tx: Tx,
  { caller, classId, requestId }: BulkRequest,
  addWallets: (target: AddTarget) => Promise<number>,
): Promise<BulkOutcome> {
  const couponClass = await classFor(tx, caller, classId);
  if (couponClass === null) return { ok: false, refusal: 'not-found' };
  const actor = actorOf(caller);
  const id = newId('blk');
  const { issuerId, version } = couponClass;
  const record = (outcome: string, rule: string, count: number) =>
    audit(tx, {
      actor,
      action: 'bulk-issue.create',
      subject: id,
      outcome,
      detail: { classId, rule, version, count },
    });
  const refusal = decideBulkIssue(couponClass);
  if (refusal !== null) {
    await record(refusal, refusal, 0);
    return { ok: false, refusal };
  }
  await insertBulkIssue(tx, { id, issuerId, classId, actor, requestId });
  const keeper = keeperFor(caller, issuerId);
  const issue = await startBulkIssue(tx, id, await addWallets({ bulkId: id, keeper }));
  if (issue.status === 'running') await owe(tx, 'bulk.issue', { bulkId: id });
  // At the end: an upload takes long, and an entry's number must not be old when it appears.
  await record('done', 'created', issue.total);
  return { ok: true, issue };
}
