import { registerDevice } from '../members/device.ts';
import type { Device } from '../members/model.ts';
import type { Tx } from '../platform/database.ts';
import { sha256Hex } from '../platform/hashes.ts';
import { newId, randomBase32 } from '../platform/ids.ts';
import type { Sealer } from '../platform/sealing.ts';
import { recordStandTap } from '../taps/stand-tap-store.ts';
import { tellTerminal } from '../terminals/event-store.ts';
import { type AskedTouch, authenticateTouch } from './authenticate.ts';
import type { StandAtTill, TouchProof } from './model.ts';
import type { NoSession } from './session-model.ts';
import { sessionToken } from './session-token.ts';
import { isTooBusy } from './touch-rules.ts';
import {
  countTouches,
  type EarlierTouch,
  findRecentTouch,
  findTouchByNonce,
  insertSession,
  lockStand,
  moveSession,
} from './touch-store.ts';
import { markVerified } from './verify-stand.ts';

/** A device and the secret of its cookie. */
export interface KnownDevice {
  readonly device: Device;
  readonly secret: string;
}

export type TouchOutcome =
  | {
      readonly ok: true;
      readonly known: KnownDevice;
      /** The end of the session's address. */
      readonly token: string;
      /** False where the device has this session since before. */
      readonly isNew: boolean;
    }
  | { readonly ok: false; readonly refusal: NoSession };

/**
 * Takes a touch of a stand: records the tap, opens the device's session and tells the till, once.
 * A refusal is committed too, because of what it counts.
 */
export async function touchStand(
  tx: Tx,
  sealer: Sealer | null,
  asked: AskedTouch,
  known: KnownDevice | null,
): Promise<TouchOutcome> {
  const touch = await authenticateTouch(tx, sealer, asked);
  if (!touch.ok) {
    const again = touch.refusal === 'tag-replayed' ? await touchedBefore(tx, asked, known) : null;
    return again ?? touch;
  }
  const { stand, proof } = touch;
  await lockStand(tx, stand.issuerId, stand.id);
  const walletId = known?.device.member?.walletId ?? null;
  if (known !== null) {
    const recent = await findRecentTouch(tx, known.device.id, stand.id, walletId);
    if (recent !== null) return sameSession(tx, known, recent);
  }
  const traffic = await countTouches(tx, stand.id, known?.device.id ?? null);
  if (isTooBusy(traffic, proof, walletId !== null)) {
    return { ok: false, refusal: 'too-many-touches' };
  }
  return openSession(tx, { stand, proof, asked }, known ?? (await registerDevice(tx)));
}

/** A reload of a page that an authentic tag opened is the device's own touch. */
async function touchedBefore(
  tx: Tx,
  { code, picc }: AskedTouch,
  known: KnownDevice | null,
): Promise<TouchOutcome | null> {
  if (known === null || picc === null) return null;
  const before = await findTouchByNonce(tx, code, nonceOf(picc), known.device.id);
  return before === null ? null : sameSession(tx, known, before);
}

/** The address is made of the device's secret, which is another one since the phone has joined. */
async function sameSession(
  tx: Tx,
  known: KnownDevice,
  { tapId, sessionSha256 }: EarlierTouch,
): Promise<TouchOutcome> {
  const token = sessionToken(tapId, known.secret);
  if (sha256Hex(token) !== sessionSha256) await moveSession(tx, tapId, sha256Hex(token));
  return { ok: true, known, token, isNew: false };
}

interface Authentic {
  readonly stand: StandAtTill;
  readonly proof: TouchProof;
  readonly asked: AskedTouch;
}

async function openSession(
  tx: Tx,
  { stand, proof, asked }: Authentic,
  known: KnownDevice,
): Promise<TouchOutcome> {
  const { issuerId, terminalId } = stand;
  const walletId = known.device.member?.walletId ?? null;
  const tapId = newId('tap');
  const token = sessionToken(tapId, known.secret);
  const signed = proof === 'sun' ? { picc: asked.picc ?? '', mac: asked.mac ?? '' } : null;
  await recordStandTap(tx, {
    id: tapId,
    standId: stand.id,
    issuerId,
    terminalId,
    walletId,
    nonce: signed === null ? randomBase32(26) : nonceOf(signed.picc),
    evidence: signed === null ? '' : `${signed.picc}.${signed.mac}`,
  });
  const session = { tapId, standId: stand.id, deviceId: known.device.id, proof };
  await insertSession(tx, { ...session, sessionSha256: sha256Hex(token) });
  const terminal = { issuerId, terminalId };
  await tellTerminal(tx, terminal, { kind: 'tap', tapId, walletId, detail: { proof } });
  // Who scans a printed code says nothing of the tag.
  if (stand.state === 'written' && proof !== 'qr') await markVerified(tx, stand.id);
  return { ok: true, known, token, isNew: true };
}

/** The same for the same reading of a tag, however its digits are written. */
function nonceOf(picc: string): string {
  return sha256Hex(picc.toLowerCase()).slice(0, 32);
}
