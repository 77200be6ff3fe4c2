import { type Caller, issuerSeenBy, mayActFor } from '../access/model.ts';
import type { Db } from '../platform/database.ts';
import { listTapKeys, type TapKey } from './key-store.ts';
import type { Issuer } from './model.ts';
import { findIssuer, listIssuers } from './store.ts';

/** The live public keys of a collector, or of all; public knowledge. */
export function readTapKeys(db: Db, collectorId: string | null): Promise<TapKey[]> {
  return listTapKeys(db, collectorId);
}

/** Null when there is no such issuer or the caller may not act for it. */
export async function readIssuer(db: Db, caller: Caller, id: string): Promise<Issuer | null> {
  return mayActFor(caller, id) ? findIssuer(db, id) : null;
}

/** The issuers that the caller may act for, up to `limit`. */
export function readIssuers(db: Db, caller: Caller, limit: number): Promise<Issuer[]> {
  return listIssuers(db, issuerSeenBy(caller), limit);
}
