import { type Caller, mayActFor } from '../access/model.ts';
import type { Db } from '../platform/database.ts';
import type { Redemption } from './model.ts';
import { findRedemption } from './store.ts';

/** A redemption, for the issuer of its coupon and for the one that redeemed it. */
export async function readRedemption(
  db: Db,
  caller: Caller,
  id: string,
): Promise<Redemption | null> {
  const found = await findRedemption(db, id);
  if (found === null) return null;
  const involved = [found.issuerId, found.redemptionIssuerId];
  return involved.some((issuerId) => mayActFor(caller, issuerId)) ? found : null;
}
