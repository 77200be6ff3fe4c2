import { audit } from '../audit/store.ts';
import type { Tx } from '../platform/database.ts';
import type { Sealer } from '../platform/sealing.ts';
import type { StandAtTill, TouchProof, TouchRefusal } from './model.ts';
import {
  countForgery,
  findTouched,
  noteWritten,
  type TouchedStand,
  takeReading,
} from './reading-store.ts';
import { openSun } from './sun.ts';
import { judgeSun, MAX_FORGERIES } from './sun-rules.ts';
import { openTagKeys } from './tag-keys.ts';

/** What came with a touch: the end of the address, and what the tag mirrored into it. */
export interface AskedTouch {
  readonly code: string;
  readonly picc: string | null;
  readonly mac: string | null;
  /** Whether the printed code was scanned, and not the tag read. */
  readonly printed: boolean;
}

export type Touch =
  | { readonly ok: true; readonly stand: StandAtTill; readonly proof: TouchProof }
  | { readonly ok: false; readonly refusal: TouchRefusal };

/**
 * Says which stand was touched and what speaks for it. A refusal is to be committed too: it counts
 * what was forged. A reading of an NTAG 424 DNA is used up, whatever becomes of the touch.
 */
export async function authenticateTouch(
  tx: Tx,
  sealer: Sealer | null,
  { code, picc, mac, printed }: AskedTouch,
): Promise<Touch> {
  const touched = await findTouched(tx, code);
  if (touched === null) return refused('stand-unknown');
  if (touched.state === 'locked') return refused('tag-forged');
  const stand = atTill(touched);
  if (stand === null) return refused('stand-not-set-up');
  if (printed) return { ok: true, stand, proof: 'qr' };
  if (touched.keysSealed === null) return accepted(tx, stand, 'static');
  // Such a tag always signs: what comes unsigned was copied from somewhere.
  if (picc === null || mac === null) return refused('tag-forged');
  if (sealer === null) return refused('stand-not-set-up');
  const refusal = await takeSigned(tx, sealer, touched, touched.keysSealed, { picc, mac });
  return refusal === null ? accepted(tx, stand, 'sun') : refused(refusal);
}

/** Whose tag answers was written, though perhaps by a machine that does not report to us. */
async function accepted(tx: Tx, stand: StandAtTill, proof: TouchProof): Promise<Touch> {
  if (stand.state !== 'blank') return { ok: true, stand, proof };
  await noteWritten(tx, stand.id);
  return { ok: true, stand: { ...stand, state: 'written' }, proof };
}

function refused(refusal: TouchRefusal): Touch {
  return { ok: false, refusal };
}

function atTill(touched: TouchedStand): StandAtTill | null {
  const { id, issuerId, terminalId, storeId, name, state } = touched;
  if (state === 'retired' || terminalId === null || storeId === null) return null;
  return { id, issuerId, terminalId, storeId, name, state };
}

/** Uses up a signed reading; what refuses it, or null. */
async function takeSigned(
  tx: Tx,
  sealer: Sealer,
  touched: TouchedStand,
  keysSealed: string,
  message: { readonly picc: string; readonly mac: string },
): Promise<TouchRefusal | null> {
  const keys = await openTagKeys(sealer, touched.id, keysSealed);
  const opened = openSun(keys, message);
  if (opened === null) return 'tag-forged';
  const verdict = judgeSun(touched, opened, opened.macIsRight);
  if (verdict.kind === 'replayed') return 'tag-replayed';
  if (verdict.kind === 'forged') {
    if (verdict.guessed) await noteForgery(tx, touched);
    return 'tag-forged';
  }
  return (await takeReading(tx, touched.id, opened)) ? null : 'tag-replayed';
}

async function noteForgery(tx: Tx, { id, issuerId }: TouchedStand): Promise<void> {
  if (!(await countForgery(tx, id, MAX_FORGERIES))) return;
  const entry = { actor: 'tag', action: 'stand.lock', subject: id, outcome: 'locked' };
  await audit(tx, { ...entry, detail: { issuerId } });
}
