import { statement, type Tx } from '../platform/database.ts';

// A lock of a row is written to the log, so the commit of its transaction waits until the log is on
// the disk up to there. Of all locks this is the one that no worker waits for.
const lock = statement<{ id: string }>(
  'claims.make_durable',
  'select id from claims where id = $1 for key share',
);

/**
 * Has a claim on the disk when this transaction is committed, also one that came in by a commit
 * which did not wait for that; false when a crash has taken it.
 */
export async function makeDurable(tx: Tx, id: string): Promise<boolean> {
  return (await tx.run(lock, [id])).length === 1;
}
