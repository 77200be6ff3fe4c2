import type { Caller } from '../access/model.ts';
import type { Db } from '../platform/database.ts';
import { ProblemError } from '../problems/answer.ts';
import { findTerminal } from '../terminals/store.ts';
import type { Redemption } from './model.ts';

/**
 * The terminal that a request is made at: a till's own, whether or not it names it.
 * @throws ProblemError `forbidden` when a till names another
 */
export function ownTerminal(caller: Caller, terminalId: string | null): string | null {
  if (caller.kind !== 'till') return terminalId;
  if (terminalId !== null && terminalId !== caller.terminalId) throw new ProblemError('forbidden');
  return caller.terminalId;
}

/** Whether a redemption is the caller's to change: for a till those of its store. */
export async function isAtOwnStore(
  db: Db,
  caller: Caller,
  {
    redemptionIssuerId: issuerId,
    terminalId,
  }: Pick<Redemption, 'redemptionIssuerId' | 'terminalId'>,
): Promise<boolean> {
  if (caller.kind !== 'till') return true;
  if (terminalId === null || issuerId !== caller.issuerId) return false;
  if (terminalId === caller.terminalId) return true;
  return (await findTerminal(db, { issuerId, terminalId }))?.storeId === caller.storeId;
}
