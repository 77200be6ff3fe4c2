import { type Caller, mayActFor } from '../access/model.ts';
import type { Db } from '../platform/database.ts';
import type { Page } from '../platform/page.ts';
import type { Stand } from './model.ts';
import { findPlaceNames, findStand, listStands } from './stand-store.ts';

/** Null when the caller may not act for the issuer. */
export async function readStands(
  db: Db,
  caller: Caller,
  issuerId: string,
  page: Page,
): Promise<Stand[] | null> {
  return mayActFor(caller, issuerId) ? listStands(db, issuerId, page) : null;
}

/** Null where there is none, or another's. */
export async function readStand(db: Db, caller: Caller, id: string): Promise<Stand | null> {
  const stand = await findStand(db, id);
  return stand !== null && mayActFor(caller, stand.issuerId) ? stand : null;
}

/** A stand, what its till is called, and its issuer. */
export interface StandAndTill {
  readonly stand: Stand;
  /** Null while it stands at none. */
  readonly till: string | null;
  readonly issuerName: string;
}

/** Null where there is none, or another's. */
export async function readStandAndTill(
  db: Db,
  caller: Caller,
  id: string,
): Promise<StandAndTill | null> {
  const stand = await readStand(db, caller, id);
  return stand === null ? null : { stand, ...(await findPlaceNames(db, stand)) };
}
