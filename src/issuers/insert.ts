import { actorOf, type Caller } from '../access/model.ts';
import { audit } from '../audit/store.ts';
import type { Tx } from '../platform/database.ts';
import { ProblemError } from '../problems/answer.ts';
import type { Issuer, IssuerDraft } from './model.ts';
import { newCollectorId, newIssuerId } from './numbers.ts';
import { addKeys, collectorIdTaken, insertIssuerRow, issuerExists } from './store.ts';

/** Ids that exist already elsewhere and are imported; null for those to be generated. */
export interface StatedIds {
  readonly issuerId: string | null;
  readonly collectorId: string | null;
}

export type InsertIssuerOutcome =
  | { readonly ok: true; readonly value: Issuer }
  | {
      readonly ok: false;
      readonly refusal: 'issuer-exists' | 'collector-id-taken';
      readonly subject: string;
    };

const ATTEMPTS = 20;

/** Makes an issuer with its keys; a generated id that is taken is generated anew. */
export async function insertIssuer(
  tx: Tx,
  caller: Caller,
  draft: IssuerDraft,
  stated: StatedIds,
): Promise<InsertIssuerOutcome> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const issuer = numbered(draft, stated);
    const { keys, ...row } = issuer;
    if (await insertIssuerRow(tx, row)) {
      await addKeys(tx, issuer.id, keys);
      await auditInsert(tx, caller, issuer);
      return { ok: true, value: issuer };
    }
    const conflict = await conflictOf(tx, stated);
    if (conflict !== null) return conflict;
  }
  throw new ProblemError('overloaded');
}

function numbered({ name, body, keys }: IssuerDraft, stated: StatedIds): Issuer {
  const collectorId = stated.collectorId ?? (keys === null ? null : newCollectorId());
  const inOrder = [...(keys ?? [])].sort((left, right) => left.version - right.version);
  return { id: stated.issuerId ?? newIssuerId(), name, body, collectorId, keys: inOrder };
}

/** Which stated id stands in the way; null when it was a generated one. */
async function conflictOf(
  tx: Tx,
  { issuerId, collectorId }: StatedIds,
): Promise<InsertIssuerOutcome | null> {
  if (issuerId !== null && (await issuerExists(tx, issuerId))) {
    return { ok: false, refusal: 'issuer-exists', subject: issuerId };
  }
  if (collectorId !== null && (await collectorIdTaken(tx, collectorId))) {
    return { ok: false, refusal: 'collector-id-taken', subject: collectorId };
  }
  return null;
}

async function auditInsert(tx: Tx, caller: Caller, issuer: Issuer): Promise<void> {
  await audit(tx, {
    actor: actorOf(caller),
    action: 'issuer.insert',
    subject: issuer.id,
    outcome: 'inserted',
    detail: {
      collectorId: issuer.collectorId,
      keyVersions: issuer.keys.map(({ version }) => version),
    },
  });
}
