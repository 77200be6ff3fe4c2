import { actorOf, type Caller, mayActFor } from '../access/model.ts';
import { audit } from '../audit/store.ts';
import type { Tx } from '../platform/database.ts';
import { mayUseWallet } from './model.ts';
import { addPass, findPassToAdd, findWallet } from './store.ts';

export type AddPassOutcome = 'added' | 'not-found' | 'pass-already-held';

/**
 * Puts a pass into a wallet. The caller must keep the wallet or act for the pass's issuer, and the
 * other of the two must be open to it.
 */
export async function addPassToWallet(
  tx: Tx,
  caller: Caller,
  walletId: string,
  objectId: string,
): Promise<AddPassOutcome> {
  const wallet = await findWallet(tx, walletId);
  const pass = await findPassToAdd(tx, objectId);
  if (wallet === null || pass === null || !mayUseWallet(caller, wallet)) return 'not-found';
  if (!mayActFor(caller, pass.issuerId)) return 'not-found';
  if (!(await addPass(tx, walletId, objectId, !pass.severalHolders))) return 'pass-already-held';
  await audit(tx, {
    actor: actorOf(caller),
    action: 'wallet.add-pass',
    subject: walletId,
    outcome: 'added',
    detail: { objectId },
  });
  return 'added';
}
