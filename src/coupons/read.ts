import { type Caller, mayActFor } from '../access/model.ts';
import type { Db } from '../platform/database.ts';
import type { Page } from '../platform/page.ts';
import { walletFor } from '../wallets/access.ts';
import { visibleIssuer } from '../wallets/model.ts';
import { classStats, findClass, listClasses } from './class-store.ts';
import { listCoupons } from './coupon-store.ts';
import type { ClassStats, ClassStatus, Coupon, CouponStatus, StoredClass } from './model.ts';

/** A class and its counters. */
export interface CountedClass {
  readonly couponClass: StoredClass;
  readonly stats: ClassStats | undefined;
}

/** Null when there is no such class for the caller. */
export async function readClass(db: Db, caller: Caller, id: string): Promise<CountedClass | null> {
  const couponClass = await findClass(db, id);
  if (couponClass === null || !mayActFor(caller, couponClass.issuerId)) return null;
  return { couponClass, stats: (await classStats(db, [id])).get(id) };
}

/** Null when the caller asks for an issuer that it may not act for. */
export async function readClasses(
  db: Db,
  caller: Caller,
  filter: { readonly issuerId: string | null; readonly status: ClassStatus | null },
  page: Page,
): Promise<CountedClass[] | null> {
  const { issuerId, status } = filter;
  if (issuerId !== null && !mayActFor(caller, issuerId)) return null;
  const own = caller.kind === 'root' ? issuerId : caller.issuerId;
  const classes = await listClasses(db, { issuerId: own, status }, page);
  const stats = await classStats(
    db,
    classes.map(({ id }) => id),
  );
  return classes.map((couponClass) => ({ couponClass, stats: stats.get(couponClass.id) }));
}

/** The coupons of a wallet that the caller may see. @throws ProblemError `not-found` */
export async function readWalletCoupons(
  db: Db,
  caller: Caller,
  walletId: string,
  status: CouponStatus | null,
  page: Page,
): Promise<Coupon[]> {
  const wallet = await walletFor(db, caller, walletId);
  return listCoupons(db, wallet.id, { issuerId: visibleIssuer(caller, wallet), status }, page);
}
