import { type Caller, issuerSeenBy, mayActFor } from '../access/model.ts';
import { readTotals } from '../numbers/read.ts';
import { numbersOf } from '../numbers/rules.ts';
import { type Db, only } from '../platform/database.ts';
import type { Page } from '../platform/page.ts';
import { walletFor } from '../wallets/access.ts';
import { visibleIssuer } from '../wallets/model.ts';
import { findClass, listClasses } from './class-store.ts';
import { listCoupons } from './coupon-store.ts';
import type { ClassStats, ClassStatus, Coupon, CouponStatus, StoredClass } from './model.ts';

/** A class and its counters. */
export interface CountedClass {
  readonly couponClass: StoredClass;
  readonly stats: ClassStats;
}

/** The classes with their counters, which at any time are those of the rows. */
export async function counted(db: Db, classes: readonly StoredClass[]): Promise<CountedClass[]> {
  const ids = classes.map(({ id }) => id);
  const totals = await readTotals(db, ids);
  return classes.map((couponClass) => {
    return { couponClass, stats: totals.get(couponClass.id) ?? numbersOf([]) };
  });
}

/** Null when there is no such class for the caller. */
export async function classFor(db: Db, caller: Caller, id: string): Promise<StoredClass | null> {
  const found = await findClass(db, id);
  return found !== null && mayActFor(caller, found.issuerId) ? found : null;
}

/** Null when there is no such class for the caller. */
export async function readClass(db: Db, caller: Caller, id: string): Promise<CountedClass | null> {
  const couponClass = await classFor(db, caller, id);
  return couponClass === null ? null : only(await counted(db, [couponClass]));
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
  const own = issuerSeenBy(caller) ?? issuerId;
  return counted(db, await listClasses(db, { issuerId: own, status }, page));
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
