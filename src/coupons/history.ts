import type { Caller } from '../access/model.ts';
import type { Db } from '../platform/database.ts';
import type { Page } from '../platform/page.ts';
import { keptWalletFor } from '../wallets/access.ts';
import type { HistoryEntry } from './history-model.ts';
import { listHistory } from './history-store.ts';

/** What happened in a wallet, for its keeper, latest first. @throws ProblemError `not-found` */
export async function readHistory(
  db: Db,
  caller: Caller,
  walletId: string,
  page: Page,
): Promise<HistoryEntry[]> {
  const wallet = await keptWalletFor(db, caller, walletId);
  return listHistory(db, wallet.id, page);
}
