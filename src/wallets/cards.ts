import type { Caller } from '../access/model.ts';
import type { Db } from '../platform/database.ts';
import type { Page } from '../platform/page.ts';
import { keptWalletFor } from './access.ts';
import type { Card } from './cards-model.ts';
import { findCard, listCards } from './cards-store.ts';

/** The cards of a wallet for its keeper, newest first. @throws ProblemError `not-found` */
export async function readCards(
  db: Db,
  caller: Caller,
  walletId: string,
  page: Page,
): Promise<Card[]> {
  const wallet = await keptWalletFor(db, caller, walletId);
  return listCards(db, wallet.id, page);
}

/** One of them; null when the wallet does not hold it. @throws ProblemError `not-found` */
export async function readCard(
  db: Db,
  caller: Caller,
  walletId: string,
  objectId: string,
): Promise<Card | null> {
  const wallet = await keptWalletFor(db, caller, walletId);
  return findCard(db, wallet.id, objectId);
}
