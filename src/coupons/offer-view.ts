import type { Db } from '../platform/database.ts';
import { couponStatus } from './model.ts';
import {
  type CouponClassView,
  type CouponView,
  findCouponClassView,
  findCouponView,
  listCouponClassViews,
  listCouponViews,
  type ViewRange,
} from './offer-view-store.ts';

export type { CouponClassView, CouponView, ViewRange };

/** A coupon class as the Wallet face shows it. */
export function readCouponClassView(db: Db, id: string): Promise<CouponClassView | null> {
  return findCouponClassView(db, id);
}

export function readCouponClassViews(
  db: Db,
  issuerId: string,
  range: ViewRange,
): Promise<CouponClassView[]> {
  return listCouponClassViews(db, issuerId, range);
}

/** A coupon as the Wallet face shows it, with the status that it has by the database's clock. */
export async function readCouponView(
  db: Db,
  issuerId: string,
  id: string,
): Promise<CouponView | null> {
  const view = await findCouponView(db, issuerId, id);
  return view === null ? null : asOfNow(view);
}

export async function readCouponViews(
  db: Db,
  classId: string,
  range: ViewRange,
): Promise<CouponView[]> {
  return (await listCouponViews(db, classId, range)).map(asOfNow);
}

function asOfNow(view: CouponView): CouponView {
  return { ...view, status: couponStatus(view, view.now) };
}
