import { findKey } from '../idempotency/store.ts';
import type { Database } from '../platform/database.ts';
import { ProblemError } from '../problems/answer.ts';
import type { ClaimRequest, Handed } from './desk.ts';
import { makeDurable } from './durable-store.ts';
import { findClaim, insertPendingClaims } from './store.ts';

export type HandedClaim = Extract<Handed, { kind: 'claim' }>;

/** Hands a claim in without waiting for its decision; its commit is durable. */
export async function handIn(database: Database, request: ClaimRequest): Promise<Handed> {
  const inserted = await database.transact((tx) => insertPendingClaims(tx, [request]));
  if (!inserted.has(request.id)) return onDisk(database, await handedBefore(database, request));
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
  if (claim === null) throw takenByCrash();
  return { kind: 'claim', claim, replayed };
}

/** Before a claim is told to wait: it may have come in by a commit that did not wait for the disk. */
export async function onDisk(database: Database, handed: Handed): Promise<Handed> {
  if (!isPending(handed)) return handed;
  const isThere = await database.transact((tx) => makeDurable(tx, handed.claim.id));
  if (!isThere) throw takenByCrash();
  return handed;
}

/** A crash took the row before it was durable; nobody was promised it. */
function takenByCrash(): ProblemError {
  return new ProblemError('overloaded');
}

export function isPending(handed: Handed): handed is HandedClaim {
  return handed.kind === 'claim' && handed.claim.outcome.status === 'pending';
}
