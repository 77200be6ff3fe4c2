import { actorOf, type Caller, mayActFor } from '../access/model.ts';
import { audit } from '../audit/store.ts';
import type { Tx } from '../platform/database.ts';
import { cancelRunning, findBulkIssue, lockBulkIssue } from './bulk-store.ts';
import type { BulkIssue } from './model.ts';

/**
 * Hands in no more claims of a job; what was handed in is decided and counted. Twice is once, and
 * a job that is done stays done. Null when there is no such job for the caller.
 */
export async function cancelBulkIssue(
  tx: Tx,
  caller: Caller,
  id: string,
): Promise<BulkIssue | null> {
  const issue = await lockBulkIssue(tx, id);
  if (issue === null || !mayActFor(caller, issue.issuerId)) return null;
  if (issue.status !== 'running') return issue;
  await cancelRunning(tx, id);
  const { classId, version, total, position } = issue;
  await audit(tx, {
    actor: actorOf(caller),
    action: 'bulk-issue.cancel',
    subject: id,
    outcome: 'done',
    detail: { classId, rule: 'cancelled', version, count: total - position },
  });
  return findBulkIssue(tx, id);
}
