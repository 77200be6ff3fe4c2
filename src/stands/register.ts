import { actorOf, type Caller, mayActFor } from '../access/model.ts';
import { audit } from '../audit/store.ts';
import type { Tx } from '../platform/database.ts';
import { newId, randomBase32 } from '../platform/ids.ts';
import type { Sealer } from '../platform/sealing.ts';
import { violatedConstraint } from '../platform/transact.ts';
import type { Stand, StandRefusal, TagKeys } from './model.ts';
import { insertStand } from './stand-store.ts';
import { sealTagKeys } from './tag-keys.ts';

/** 50 random bits: nobody finds the address of a stand that he has not seen. */
const CODE_LENGTH = 10;

export interface AskedStand {
  /** Without one it is made. */
  readonly id: string | null;
  readonly issuerId: string;
  readonly name: string;
  readonly terminalId: string | null;
  /** The keys of an NTAG 424 DNA; null for a plain tag. */
  readonly keys: TagKeys | null;
}

export type StandOutcome =
  | { readonly ok: true; readonly stand: Stand }
  | { readonly ok: false; readonly refusal: StandRefusal };

/** Registers a stand; `not-found` is another's issuer, or a terminal that the issuer has not. */
export async function registerStand(
  tx: Tx,
  caller: Caller,
  sealer: Sealer | null,
  { keys, ...asked }: AskedStand,
): Promise<StandOutcome> {
  const { issuerId, terminalId } = asked;
  if (!mayActFor(caller, issuerId)) return { ok: false, refusal: 'not-found' };
  const id = asked.id ?? newId('std');
  if (keys !== null && sealer === null) return { ok: false, refusal: 'tag-keys-not-enabled' };
  const keysSealed = keys === null || sealer === null ? null : await sealTagKeys(sealer, id, keys);
  const code = randomBase32(CODE_LENGTH).toUpperCase();
  const tag = keys === null ? 'static' : 'ntag424';
  const stand = await insertStand(tx, { ...asked, id, code, tag, keysSealed }).catch(unknownPlace);
  if (stand === 'unknown') return { ok: false, refusal: 'not-found' };
  if (stand === null) return { ok: false, refusal: 'already-exists' };
  const entry = { action: 'stand.register', subject: id, outcome: 'created' };
  await audit(tx, { actor: actorOf(caller), ...entry, detail: { issuerId, terminalId, tag } });
  return { ok: true, stand };
}

/** An issuer or a terminal that is not there is found out by a foreign key. */
export function unknownPlace(error: unknown): 'unknown' {
  if (violatedConstraint(error) === null) throw error;
  return 'unknown';
}
