import { actorOf, type Caller } from '../access/model.ts';
import { audit } from '../audit/store.ts';
import type { Tx } from '../platform/database.ts';
import { violatedConstraint } from '../platform/transact.ts';
import { ProblemError } from '../problems/answer.ts';
import { decideKeyChange, type Issuer, type IssuerDraft, type KeyChange } from './model.ts';
import { newCollectorId } from './numbers.ts';
import {
  addKeys,
  findIssuer,
  giveCollectorId,
  lockIssuer,
  retireKeys,
  updateIssuer,
} from './store.ts';

/**
 * Changes an issuer to what `revise` makes of it, alone at a time; null when there is none. The
 * collector ID comes with the first word about Smart Tap and outlives every key.
 */
export async function changeIssuer(
  tx: Tx,
  caller: Caller,
  id: string,
  revise: (current: Issuer) => IssuerDraft,
): Promise<Issuer | null> {
  const current = await lockIssuer(tx, id);
  if (current === null) return null;
  const { name, body, keys } = revise(current);
  const keyChange = decideKeyChange(current.keys, keys ?? []);
  await updateIssuer(tx, id, { name, body });
  await retireKeys(tx, id, keyChange.retire);
  await addKeys(tx, id, keyChange.add);
  if (keys !== null && current.collectorId === null) await generateCollectorId(tx, id);
  await auditChange(tx, caller, id, keyChange);
  return findIssuer(tx, id);
}

const ATTEMPTS = 20;

async function generateCollectorId(tx: Tx, id: string): Promise<void> {
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (await giveCollectorId(tx, id, newCollectorId())) return;
    }
  } catch (error) {
    // Two issuers drew one number at the same moment; the next try draws another.
    if (violatedConstraint(error) === null) throw error;
  }
  throw new ProblemError('overloaded');
}

async function auditChange(tx: Tx, caller: Caller, id: string, change: KeyChange): Promise<void> {
  await audit(tx, {
    actor: actorOf(caller),
    action: 'issuer.change',
    subject: id,
    outcome: 'changed',
    detail: {
      retiredKeyVersions: change.retire,
      addedKeyVersions: change.add.map(({ version }) => version),
    },
  });
}
