import { insertPendingClaims } from '../../../src/claims/store.ts';
import type { Database } from '../../../src/platform/database.ts';
import { statement } from '../../../src/platform/database.ts';
import { newId } from '../../../src/platform/ids.ts';

const next = statement<{ class_id: string; position: number; total: number }>(
  'naive.bulk_next',
  'select class_id, position, total from bulk_issues where id = $1',
);
const items = statement<{ wallet_id: string }>(
  'naive.bulk_items',
  `select wallet_id from bulk_issue_items
    where bulk_id = $1 and position >= $2 and position < $3 order by position`,
);
const move = statement<never>(
  'naive.bulk_move',
  'update bulk_issues set position = $2 where id = $1',
);

/**
 * A step as it is often written: hand in the next claims, and when that is done, note how far one
 * has come. Who dies or is overtaken in between hands the same claims in again. Gives the class
 * whose claims wait; null at the end.
 */
export async function advanceNaively(
  database: Database,
  id: string,
  chunk: number,
  linger: () => Promise<void> = async () => {},
): Promise<string | null> {
  const [issue] = await database.reads.run(next, [id]);
  if (issue === undefined || issue.position === issue.total) return null;
  const { class_id: classId, position, total } = issue;
  const until = Math.min(position + chunk, total);
  const wallets = await database.reads.run(items, [id, position, until]);
  const base = { classId, tapId: null, actor: 'root', requestId: 'req_naive', key: null };
  const claims = wallets.map((row) => ({ ...base, id: newId('clm'), walletId: row.wallet_id }));
  await database.transact((tx) => insertPendingClaims(tx, claims));
  await linger();
  await database.transact((tx) => tx.run(move, [id, until]));
  return classId;
}
