import type { Database, Db, Tx } from '../platform/database.ts';
import { ProblemError } from '../problems/answer.ts';
import type { KeyUse, StoredAnswer } from './model.ts';
import { findKey, keepAnswer, takeKey } from './store.ts';

export interface OnceAnswer extends StoredAnswer {
  readonly replayed: boolean;
}

/**
 * Does the work in one transaction together with the record of its key, so that a retry finds
 * either nothing or the answer. Work that throws leaves no record.
 * @throws ProblemError `idempotency-key-reused` when the key came with another request
 */
export function once(
  database: Database,
  use: KeyUse | null,
  work: (tx: Tx) => Promise<StoredAnswer>,
): Promise<OnceAnswer> {
  return database.transact(async (tx) => {
    if (use === null) return { ...(await work(tx)), replayed: false };
    if (!(await takeKey(tx, use))) return replay(tx, use);
    const answer = await work(tx);
    await keepAnswer(tx, use, answer);
    return { ...answer, replayed: false };
  });
}

async function replay(tx: Tx, use: KeyUse): Promise<OnceAnswer> {
  const answer = await answeredBefore(tx, use);
  // The twin was deleted in between, by age; that is a key of long ago.
  if (answer === null) throw new ProblemError('overloaded');
  return answer;
}

/**
 * The first answer under a key, null when there is none.
 * @throws ProblemError `idempotency-key-reused` when the key came with another request
 */
export async function answeredBefore(db: Db, use: KeyUse): Promise<OnceAnswer | null> {
  const record = await findKey(db, use.scope, use.key);
  if (record === null) return null;
  if (record.fingerprint !== use.fingerprint || record.answer === null) {
    throw new ProblemError('idempotency-key-reused');
  }
  return { ...record.answer, replayed: true };
}
