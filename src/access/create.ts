import { audit } from '../audit/store.ts';
import type { Tx } from '../platform/database.ts';
import { sha256Hex } from '../platform/hashes.ts';
import { violatedConstraint } from '../platform/transact.ts';
import { newApiKey } from './key-format.ts';
import { actorOf, type Caller, holdsScope, type Scope } from './model.ts';
import { insertApiKey, isPast } from './store.ts';

export interface ApiKeyInput {
  readonly issuerId: string;
  readonly scopes: readonly Scope[];
  readonly mode: 'live' | 'test';
  readonly expiresAt: Date | null;
}

export type ApiKeyRefusal = 'not-found' | 'forbidden' | 'ends-in-the-past';

export type CreatedApiKey =
  | { readonly ok: true; readonly id: string; readonly key: string }
  | { readonly ok: false; readonly refusal: ApiKeyRefusal };

/** Makes a key for an issuer. A key makes no key that may do more than itself. */
export async function createApiKey(
  tx: Tx,
  caller: Caller,
  input: ApiKeyInput,
): Promise<CreatedApiKey> {
  const fromTestToLive = caller.kind === 'key' && caller.mode === 'test' && input.mode === 'live';
  if (fromTestToLive || !input.scopes.every((scope) => holdsScope(caller, scope))) {
    return { ok: false, refusal: 'forbidden' };
  }
  const { issuerId, scopes, mode, expiresAt } = input;
  if (expiresAt !== null && (await isPast(tx, expiresAt))) {
    return { ok: false, refusal: 'ends-in-the-past' };
  }
  const { id, key, secret } = newApiKey(mode);
  const row = { ...input, id, secretSha256: sha256Hex(secret), lastFour: key.slice(-4) };
  try {
    await insertApiKey(tx, row);
  } catch (error) {
    if (violatedConstraint(error) === null) throw error;
    return { ok: false, refusal: 'not-found' };
  }
  await audit(tx, {
    actor: actorOf(caller),
    action: 'api-key.create',
    subject: id,
    outcome: 'created',
    detail: { issuerId, scopes, mode },
  });
  return { ok: true, id, key };
}
