import { type Caller, mayActFor } from '../access/model.ts';
import type { Db } from '../platform/database.ts';
import type { Issuer } from './model.ts';
import { findIssuer, listIssuers } from './store.ts';

/** Null when there is no such issuer or the caller may not act for it. */
export async function readIssuer(db: Db, caller: Caller, id: string): Promise<Issuer | null> {
  return mayActFor(caller, id) ? findIssuer(db, id) : null;
}

/** The issuers that the caller may act for, up to `limit`. */
export function readIssuers(db: Db, caller: Caller, limit: number): Promise<Issuer[]> {
  return listIssuers(db, caller.kind === 'root' ? null : caller.issuerId, limit);
}
