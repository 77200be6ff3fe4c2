import type { Caller, TillCaller } from '../access/model.ts';
import type { Db } from '../platform/database.ts';
import type { TerminalName } from '../terminals/model.ts';
import type { PreflightCheck, TillFace } from './model.ts';
import { placeFor } from './place.ts';
import { readChecks, readFace } from './preflight-store.ts';

/** What recognising members needs; null when the caller has no such terminal. */
export async function preflight(
  db: Db,
  caller: Caller,
  terminal: TerminalName,
): Promise<PreflightCheck[] | null> {
  return (await placeFor(db, caller, terminal)) === null ? null : readChecks(db, terminal);
}

/** What the calling till is. */
export async function readTillFace(db: Db, till: TillCaller): Promise<TillFace> {
  const { tillId, issuerId, terminalId } = till;
  return { tillId, issuerId, terminalId, ...(await readFace(db, tillId)) };
}
