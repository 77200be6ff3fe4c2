import { type Caller, mayActFor } from '../access/model.ts';
import type { Db } from '../platform/database.ts';
import { keepsWallet } from '../wallets/model.ts';
import { findWallet } from '../wallets/store.ts';
import { findCoupon } from './coupon-store.ts';
import type { Coupon } from './model.ts';

/** A coupon, for its issuer and for the keeper of the wallet it is in. */
export async function readCoupon(db: Db, caller: Caller, id: string): Promise<Coupon | null> {
  const coupon = await findCoupon(db, id);
  if (coupon === null || mayActFor(caller, coupon.issuerId)) return coupon;
  const wallet = await findWallet(db, coupon.walletId);
  return wallet !== null && keepsWallet(caller, wallet) ? coupon : null;
}
