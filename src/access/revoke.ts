import { audit } from '../audit/store.ts';
import type { Tx } from '../platform/database.ts';
import { actorOf, type Caller, issuerSeenBy } from './model.ts';
import { revokeApiKey } from './store.ts';

/** Revokes a live key of the caller's issuer, or any for root; false when there is none. */
export async function revokeKey(tx: Tx, caller: Caller, id: string): Promise<boolean> {
  const revoked = await revokeApiKey(tx, id, issuerSeenBy(caller));
  if (!revoked) return false;
  const entry = { action: 'api-key.revoke', subject: id, outcome: 'revoked' };
  await audit(tx, { actor: actorOf(caller), ...entry });
  return true;
}
