import { findClass as findCouponClass } from '../coupons/class-store.ts';
import { issuerOf } from '../passes/model.ts';
import { findClass as findPassClass } from '../passes/store.ts';
import type { Db, Tx } from '../platform/database.ts';
import { invalidInput } from '../problems/answer.ts';
import { type AddTarget, addNamed } from './items-store.ts';
import { matchingWallets } from './matching-store.ts';
import { MAX_WALLETS, type WalletQuery } from './model.ts';

/**
 * Adds the wallets that match now; gives how many.
 * @throws ProblemError `invalid-request` when the query names what is not the issuer's, or matches
 *   more than a job takes
 */
export async function addMatching(
  tx: Tx,
  { bulkId, keeper, most = MAX_WALLETS }: AddTarget,
  query: WalletQuery,
): Promise<number> {
  await refuseForeignClasses(tx, keeper.issuerId, query);
  let total = 0;
  for await (const names of matchingWallets(tx, keeper.issuerId, query)) {
    total += await addNamed(tx, { bulkId, from: total }, 'walletId', names, keeper);
    if (total > most) throw invalidInput('/query', `matches more than ${most} wallets`);
  }
  return total;
}

async function refuseForeignClasses(
  db: Db,
  issuerId: string,
  { passClass, holdsCouponOf }: WalletQuery,
): Promise<void> {
  const isOwn = (id: string) => issuerOf(id) === issuerId;
  if (passClass !== null && !(isOwn(passClass) && (await findPassClass(db, passClass)))) {
    throw invalidInput('/query/passClass', 'must be a pass class of the issuer');
  }
  if (
    holdsCouponOf !== null &&
    !(isOwn(holdsCouponOf) && (await findCouponClass(db, holdsCouponOf)))
  ) {
    throw invalidInput('/query/holdsCouponOf', 'must be a coupon class of the issuer');
  }
}
