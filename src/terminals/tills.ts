import { actorOf, type Caller, issuerSeenBy, mayActFor, type TillCaller } from '../access/model.ts';
import { audit } from '../audit/store.ts';
import type { Db, Tx } from '../platform/database.ts';
import type { Page } from '../platform/page.ts';
import type { TerminalName, Till } from './model.ts';
import { findTerminal } from './store.ts';
import { endTill, isStillPaired, listTills, markSeen, saveListening } from './till-store.ts';

/** The tills of a terminal; null when the caller has no such terminal. */
export async function readTills(
  db: Db,
  caller: Caller,
  name: TerminalName,
  page: Page,
): Promise<Till[] | null> {
  if (!mayActFor(caller, name.issuerId) || (await findTerminal(db, name)) === null) return null;
  return listTills(db, name, page);
}

/** Ends the pairing of a till of the caller's issuer, or any for root; false when there is none. */
export async function unpairTill(tx: Tx, caller: Caller, id: string): Promise<boolean> {
  const place = await endTill(tx, id, issuerSeenBy(caller));
  if (place === null) return false;
  const entry = { action: 'till.unpair', subject: id, outcome: 'unpaired' };
  await audit(tx, { actor: actorOf(caller), ...entry, detail: { ...place } });
  return true;
}

/** Remembers for a till whether it recognises members. */
export function setListening(tx: Tx, till: TillCaller, on: boolean): Promise<void> {
  return saveListening(tx, till.tillId, on);
}

/** A till opened its live line. */
export async function tillSeen(tx: Tx, { tillId }: TillCaller): Promise<void> {
  await markSeen(tx, tillId);
}

/** Whether a caller that was let in still is: a till may have been unpaired meanwhile. */
export async function isStillLetIn(db: Db, caller: Caller): Promise<boolean> {
  return caller.kind !== 'till' || isStillPaired(db, caller.tillId);
}
