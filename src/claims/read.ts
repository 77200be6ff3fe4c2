import { type Caller, mayActFor } from '../access/model.ts';
import { issuerOf } from '../passes/model.ts';
import type { Db } from '../platform/database.ts';
import type { Claim } from './desk.ts';
import { findClaim } from './store.ts';

/** A claim, for the issuer of its class. */
export async function readClaim(db: Db, caller: Caller, id: string): Promise<Claim | null> {
  const found = await findClaim(db, id);
  return found !== null && mayActFor(caller, issuerOf(found.classId)) ? found : null;
}
