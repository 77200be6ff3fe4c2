import { actorOf, type Caller, mayActFor } from '../access/model.ts';
import { audit } from '../audit/store.ts';
import { toBase64Url } from '../platform/bytes.ts';
import type { Tx } from '../platform/database.ts';
import { sha256Hex } from '../platform/hashes.ts';
import type { WritingRefusal } from './model.ts';
import { decideWriting } from './stand-rules.ts';
import { lockStand } from './stand-store.ts';
import { LINK_MINUTES } from './write-link-rules.ts';
import { insertWriteLink } from './write-link-store.ts';

export type OpenLinkOutcome =
  | {
      readonly ok: true;
      /** Told this once; only its hash is stored. */
      readonly token: string;
      readonly expiresAt: Date;
    }
  | { readonly ok: false; readonly refusal: WritingRefusal | 'not-found' };

/** Opens a link with which a phone writes the tag of one stand, within a quarter of an hour. */
export async function openWriteLink(
  tx: Tx,
  caller: Caller,
  standId: string,
): Promise<OpenLinkOutcome> {
  const stand = await lockStand(tx, standId);
  if (stand === null || !mayActFor(caller, stand.issuerId)) {
    return { ok: false, refusal: 'not-found' };
  }
  // A till writes the tags that stand there.
  if (caller.kind === 'till' && caller.terminalId !== stand.terminalId) {
    return { ok: false, refusal: 'not-found' };
  }
  const refusal = decideWriting(stand);
  const { issuerId, terminalId } = stand;
  const entry = { actor: actorOf(caller), action: 'stand.open-write-link', subject: standId };
  await audit(tx, { ...entry, outcome: refusal ?? 'created', detail: { issuerId, terminalId } });
  if (refusal !== null) return { ok: false, refusal };
  const token = toBase64Url(crypto.getRandomValues(new Uint8Array(24)));
  const expiresAt = await insertWriteLink(tx, sha256Hex(token), standId, LINK_MINUTES);
  return { ok: true, token, expiresAt };
}
