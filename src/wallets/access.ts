import type { Caller } from '../access/model.ts';
import type { Db } from '../platform/database.ts';
import { ProblemError } from '../problems/answer.ts';
import { keepsWallet, mayUseWallet, type Wallet } from './model.ts';
import { findWallet } from './store.ts';

/** @throws ProblemError `not-found` when there is no such wallet for this caller */
export async function walletFor(db: Db, caller: Caller, id: string): Promise<Wallet> {
  const wallet = await findWallet(db, id);
  if (wallet === null || !mayUseWallet(caller, wallet)) throw new ProblemError('not-found');
  return wallet;
}

/** The wallet, for a caller that acts as its phone; root may act for every one. */
export async function keptWalletFor(db: Db, caller: Caller, id: string): Promise<Wallet> {
  const wallet = await walletFor(db, caller, id);
  if (!keepsWallet(caller, wallet)) throw new ProblemError('not-found');
  return wallet;
}
