import type { Caller } from '../access/model.ts';
import type { Db } from '../platform/database.ts';
import type { Page } from '../platform/page.ts';
import { keptWalletFor, walletFor } from './access.ts';
import {
  type VisibleWallet,
  visibleIssuer,
  visibleWallet,
  type WalletBundle,
  type WalletPass,
} from './model.ts';
import { bundleIssuers, bundlePasses, listPasses } from './store.ts';

/** What the caller may know of a wallet. @throws ProblemError `not-found` */
export async function readWallet(db: Db, caller: Caller, id: string): Promise<VisibleWallet> {
  return visibleWallet(caller, await walletFor(db, caller, id));
}

/** The passes of a wallet that the caller may see. @throws ProblemError `not-found` */
export async function readWalletPasses(
  db: Db,
  caller: Caller,
  walletId: string,
  page: Page,
): Promise<WalletPass[]> {
  const wallet = await walletFor(db, caller, walletId);
  return listPasses(db, wallet.id, visibleIssuer(caller, wallet), page);
}

/** What the wallet's phone stores to decide offline. @throws ProblemError `not-found` */
export async function readBundle(db: Db, caller: Caller, walletId: string): Promise<WalletBundle> {
  const wallet = await keptWalletFor(db, caller, walletId);
  const passes = await bundlePasses(db, wallet.id);
  const listed = new Set(passes.flatMap((pass) => pass.redemptionIssuers));
  return { walletId: wallet.id, passes, redemptionIssuers: await bundleIssuers(db, [...listed]) };
}
