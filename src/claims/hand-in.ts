import { findKey } from '../idempotency/store.ts';
import type { Database } from '../platform/database.ts';
import { ProblemError } from '../problems/answer.ts';
import type { ClaimRequest, Handed } from './desk.ts';
import { findClaim, insertPendingClaims } from './store.ts';

export type HandedClaim = Extract<Handed, { kind: 'claim' }>;

/** Hands a claim in without waiting for its decision; its commit is durable. */
export async function handIn(database: Database, request: ClaimRequest): Promise<Handed> {
  const inserted = await database.transact((tx) => insertPendingClaims(tx, [request]));
  if (!inserted.has(request.id)) return handedBefore(database, request);
  return handedClaim(database, request.id, false);
}

/** A claim that was not let in: its key was used before, or its class does not exist. */
export async function handedBefore(database: Database, { key }: ClaimRequest): Promise<Handed> {
  const record = key === null ? null : await findKey(database.reads, key.scope, key.key);
  if (record === null) return { kind: 'class-not-found' };
  if (record.fingerprint !== key?.fingerprint || record.claimId === null) {
    return { kind: 'key-reused' };
  }
  return handedClaim(database, record.claimId, true);
}

/** The claim as it stands. */
export async function handedClaim(
  database: Database,
  id: string,
  replayed: boolean,
): Promise<HandedClaim> {
  const claim = await findClaim(database.reads, id);
  // A crash took the row before it was durable; nobody was promised it.
  if (claim === null) throw new ProblemError('overloaded');
  return { kind: 'claim', claim, replayed };
}

export function isPending(handed: Handed): handed is HandedClaim {
  return handed.kind === 'claim' && handed.claim.outcome.status === 'pending';
}
