import type { MemberCaller } from '../access/model.ts';
import type { Database } from '../platform/database.ts';
import { mergeCoupons } from './merge-coupons.ts';
import { walletsWithLateCoupons } from './merge-coupons-store.ts';

/**
 * Brings coupons over that came into a wallet after its member had become another: by a claim that
 * was on its way, or out of a till's hold. Gives how many wallets it looked at.
 */
export async function bringLateCoupons(database: Database): Promise<number> {
  const wallets = await walletsWithLateCoupons(database.reads);
  for (const { goneWalletId, ...member } of wallets) {
    const caller: MemberCaller = { kind: 'member', ...member };
    await database.transact((tx) => mergeCoupons(tx, caller, member.walletId, goneWalletId));
  }
  return wallets.length;
}
