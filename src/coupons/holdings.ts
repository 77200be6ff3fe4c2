import type { Caller } from '../access/model.ts';
import type { Db } from '../platform/database.ts';
import type { Page } from '../platform/page.ts';
import { keptWalletFor } from '../wallets/access.ts';
import type { Holding, Promised, Shelf, ShelfCounts } from './holdings-model.ts';
import { countHoldings, findHolding, findPromised, listHoldings } from './holdings-store.ts';

/** The coupons on one shelf of a wallet, for its keeper. @throws ProblemError `not-found` */
export async function readHoldings(
  db: Db,
  caller: Caller,
  walletId: string,
  shelf: Shelf,
  page: Page,
): Promise<Holding[]> {
  const wallet = await keptWalletFor(db, caller, walletId);
  return listHoldings(db, wallet.id, shelf, page);
}

/** How many coupons lie on each shelf. @throws ProblemError `not-found` */
export async function readShelfCounts(
  db: Db,
  caller: Caller,
  walletId: string,
): Promise<ShelfCounts> {
  const wallet = await keptWalletFor(db, caller, walletId);
  return countHoldings(db, wallet.id);
}

/** One coupon; null when the wallet does not hold it. @throws ProblemError `not-found` */
export async function readHolding(
  db: Db,
  caller: Caller,
  walletId: string,
  id: string,
): Promise<Holding | null> {
  const wallet = await keptWalletFor(db, caller, walletId);
  return findHolding(db, wallet.id, id);
}

/** What a class promises, for whoever was offered one of its coupons. */
export function readPromised(db: Db, classId: string): Promise<Promised> {
  return findPromised(db, classId);
}
