import type { Caller } from '../access/model.ts';
import type { Db, Tx } from '../platform/database.ts';
import { sha256Hex } from '../platform/hashes.ts';
import { newId, newSecret } from '../platform/ids.ts';
import { ProblemError } from '../problems/answer.ts';
import { keptWalletFor } from '../wallets/access.ts';
import type { PresentationState, Screen } from './model.ts';
import { findPresentation, insertPresentation, selectPass, walletHolds } from './store.ts';

export interface Presented {
  readonly id: string;
  readonly token: string;
  readonly expiresAt: Date;
}

/** Makes what the phone hands to the terminal; null when the wallet lacks the pass on screen. */
export async function present(tx: Tx, walletId: string, screen: Screen): Promise<Presented | null> {
  const objectId = screen.kind === 'pass' ? screen.objectId : null;
  if (objectId !== null && !(await walletHolds(tx, walletId, objectId))) return null;
  const id = newId('prs');
  const token = newSecret();
  const tokenSha256 = sha256Hex(token);
  const expiresAt = await insertPresentation(tx, {
    id,
    walletId,
    tokenSha256,
    screen: screen.kind,
    objectId,
  });
  return { id, token, expiresAt };
}

/** A presentation, for the keeper of its wallet. @throws ProblemError `not-found` */
export async function presentationFor(
  db: Db,
  caller: Caller,
  id: string,
): Promise<PresentationState> {
  const found = await findPresentation(db, id, { lock: false });
  if (found === null) throw new ProblemError('not-found');
  await keptWalletFor(db, caller, found.walletId);
  return found;
}

export type SelectOutcome =
  | { readonly ok: true; readonly expiresAt: Date }
  | { readonly ok: false; readonly refusal: 'presentation-expired' | 'selection-not-offered' };

/** Picks a pass from the carousel; the terminal's next tap gets it. */
export async function select(tx: Tx, id: string, objectId: string): Promise<SelectOutcome> {
  const presentation = await findPresentation(tx, id, { lock: true });
  const over = !presentation || presentation.expired || presentation.status === 'transferred';
  if (over) return { ok: false, refusal: 'presentation-expired' };
  const offered = presentation.choices.some((choice) => choice.objectId === objectId);
  if (!offered) return { ok: false, refusal: 'selection-not-offered' };
  return { ok: true, expiresAt: await selectPass(tx, id, objectId) };
}
