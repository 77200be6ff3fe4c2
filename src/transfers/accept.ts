import type { Caller } from '../access/model.ts';
import { auditCoupon } from '../coupons/coupon-audit.ts';
import { lockStandingCoupon, type StandingCoupon } from '../coupons/coupon-in-hand-store.ts';
import { actsForHolder } from '../coupons/coupon-rules.ts';
import { findCoupon } from '../coupons/coupon-store.ts';
import type { Coupon } from '../coupons/model.ts';
import { holdOffWithdrawal } from '../coupons/withdrawal-store.ts';
import type { Tx } from '../platform/database.ts';
import { sha256Hex } from '../platform/hashes.ts';
import { newCouponCode, newId } from '../platform/ids.ts';
import { findWallet } from '../wallets/store.ts';
import { decideAcceptance } from './decide.ts';
import type { AcceptanceRefusal, TransferLink } from './model.ts';
import { findLink, saveAcceptance } from './store.ts';

export type AcceptOutcome =
  | { readonly ok: true; readonly id: string; readonly coupon: Coupon }
  | {
      readonly ok: false;
      readonly refusal: AcceptanceRefusal | 'not-found' | 'wallet-not-found';
    };

/**
 * Takes what a link gives into a wallet, once: the coupon becomes `transferred`, and the wallet
 * gets a new one with a new code and the same worth. It counts towards no limit and no stock.
 */
export async function acceptTransfer(
  tx: Tx,
  caller: Caller,
  token: string,
  walletId: string,
): Promise<AcceptOutcome> {
  const offer = await lockOffer(tx, sha256Hex(token));
  if (offer === null) return { ok: false, refusal: 'not-found' };
  const { link, coupon } = offer;
  const wallet = await findWallet(tx, walletId);
  if (wallet === null || !actsForHolder(caller, wallet, coupon.issuerId)) {
    return { ok: false, refusal: 'wallet-not-found' };
  }
  const facts = { link, coupon, fromWalletId: coupon.walletId, toWalletId: walletId };
  const refusal = decideAcceptance(facts, coupon.now);
  const entry = { action: 'transfer.accept', transferId: link.id };
  if (refusal !== null) {
    await auditCoupon(tx, caller, coupon, { ...entry, rule: refusal });
    return { ok: false, refusal };
  }
  const successor = { id: newId('cpn'), walletId, code: newCouponCode() };
  await saveAcceptance(tx, link, successor, coupon.now);
  const detail = { rule: 'accepted', couponId: successor.id };
  await auditCoupon(tx, caller, coupon, { ...entry, ...detail });
  const made = await findCoupon(tx, successor.id);
  if (made === null) throw new Error('an accepted coupon is gone');
  return { ok: true, id: link.id, coupon: made };
}

/**
 * The link with its coupon locked; what ends a link locks the coupon first, as redemptions do. The
 * voiding of a class with all that is issued either comes before or finds the successor too.
 */
async function lockOffer(
  tx: Tx,
  tokenSha256: string,
): Promise<{ readonly link: TransferLink; readonly coupon: StandingCoupon } | null> {
  const before = await findLink(tx, tokenSha256);
  if (before === null) return null;
  await holdOffWithdrawal(tx, before.classId);
  const coupon = await lockStandingCoupon(tx, before.couponId);
  const link = await findLink(tx, tokenSha256);
  return coupon === null || link === null ? null : { link, coupon };
}
