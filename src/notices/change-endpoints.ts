import { actorOf, type Caller, issuerSeenBy, mayActFor } from '../access/model.ts';
import { audit } from '../audit/store.ts';
import type { Tx } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import type { Sealer } from '../platform/sealing.ts';
import { firstSecret, nextSecret } from './endpoint-secret.ts';
import {
  countEndpoints,
  deleteEndpoint,
  insertEndpoint,
  lockEndpoint,
  updateSecret,
} from './endpoint-store.ts';
import type { EndpointRefusal, WebhookEndpoint } from './model.ts';

/** Every notice of an issuer goes to each of its endpoints. */
export const MAX_ENDPOINTS = 20;

export type EndpointOutcome<Made> =
  | ({ readonly ok: true } & Made)
  | { readonly ok: false; readonly refusal: EndpointRefusal };

/** Makes an endpoint for an issuer. Without a key to keep secrets by there are none. */
export async function createEndpoint(
  tx: Tx,
  caller: Caller,
  sealer: Sealer | null,
  { issuerId, url }: Pick<WebhookEndpoint, 'issuerId' | 'url'>,
): Promise<EndpointOutcome<{ readonly endpoint: WebhookEndpoint; readonly secret: string }>> {
  if (!mayActFor(caller, issuerId)) return { ok: false, refusal: 'not-found' };
  if (sealer === null) return { ok: false, refusal: 'webhooks-not-enabled' };
  const count = await countEndpoints(tx, issuerId);
  if (count === null) return { ok: false, refusal: 'not-found' };
  if (count >= MAX_ENDPOINTS) return { ok: false, refusal: 'too-many-webhooks' };
  const id = newId('whk');
  const { secret, sealed } = await firstSecret(sealer, id);
  const endpoint = await insertEndpoint(tx, { id, issuerId, url, sealed });
  await recorded(tx, caller, 'create', id, 'created', issuerId);
  return { ok: true, endpoint, secret };
}

/** Gives an endpoint a new secret; the one before signs too for a while. */
export async function rotateSecret(
  tx: Tx,
  caller: Caller,
  sealer: Sealer | null,
  id: string,
): Promise<EndpointOutcome<{ readonly secret: string; readonly previousUntil: Date | null }>> {
  const locked = await lockEndpoint(tx, id);
  if (locked === null || !mayActFor(caller, locked.endpoint.issuerId)) {
    return { ok: false, refusal: 'not-found' };
  }
  if (sealer === null) return { ok: false, refusal: 'webhooks-not-enabled' };
  const { secret, sealed, previousUntil } = await nextSecret(sealer, locked.endpoint, locked.now);
  await updateSecret(tx, id, sealed);
  await recorded(tx, caller, 'rotate-secret', id, 'rotated', locked.endpoint.issuerId);
  return { ok: true, secret, previousUntil };
}

/** Removes an endpoint of the caller's issuer, or any for root; false when there is none. */
export async function removeEndpoint(tx: Tx, caller: Caller, id: string): Promise<boolean> {
  const own = issuerSeenBy(caller);
  if (!(await deleteEndpoint(tx, id, own))) return false;
  await recorded(tx, caller, 'delete', id, 'deleted', own);
  return true;
}

async function recorded(
  tx: Tx,
  caller: Caller,
  verb: string,
  subject: string,
  outcome: string,
  issuerId: string | null,
): Promise<void> {
  const entry = { actor: actorOf(caller), action: `webhook.${verb}`, subject, outcome };
  await audit(tx, { ...entry, detail: { issuerId } });
}
