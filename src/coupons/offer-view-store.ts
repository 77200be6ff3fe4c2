import { and, asc, eq, gt, sql } from 'drizzle-orm';
import { issuers } from '../issuers/tables.ts';
import type { Db } from '../platform/database.ts';
import type { Coupon, CouponClass, CouponStatus, Scene } from './model.ts';
import { couponClasses, coupons } from './tables.ts';

/** A coupon class as the Wallet face shows it. */
export interface CouponClassView
  extends Pick<
    CouponClass,
    'id' | 'name' | 'description' | 'scene' | 'redemptionIssuers' | 'draft' | 'voidedAt'
  > {
  readonly issuerName: string;
}

/** A coupon as the Wallet face shows it, with the database's time, by which it expires. */
export interface CouponView
  extends Pick<
    Coupon,
    'id' | 'issuerId' | 'classId' | 'code' | 'status' | 'availableAt' | 'expiresAt'
  > {
  readonly now: Date;
}

export interface ViewRange {
  readonly after: string | null;
  readonly limit: number;
}

function selectClasses(db: Db) {
  return db.query
    .select({
      id: couponClasses.id,
      issuerName: issuers.name,
      name: couponClasses.name,
      description: couponClasses.description,
      scene: couponClasses.scene,
      redemptionIssuers: couponClasses.redemptionIssuers,
      draft: couponClasses.draft,
      voidedAt: couponClasses.voidedAt,
    })
    .from(couponClasses)
    .innerJoin(issuers, eq(issuers.id, couponClasses.issuerId));
}

function asClassView<Row extends { readonly scene: string }>(row: Row) {
  return { ...row, scene: row.scene as Scene };
}

export async function findCouponClassView(db: Db, id: string): Promise<CouponClassView | null> {
  const [row] = await selectClasses(db).where(eq(couponClasses.id, id));
  return row === undefined ? null : asClassView(row);
}

/** Coupon classes of one issuer in order of their ids. */
export async function listCouponClassViews(
  db: Db,
  issuerId: string,
  { after, limit }: ViewRange,
): Promise<CouponClassView[]> {
  const behind = after === null ? undefined : gt(couponClasses.id, after);
  const rows = await selectClasses(db)
    .where(and(eq(couponClasses.issuerId, issuerId), behind))
    .orderBy(asc(couponClasses.id))
    .limit(limit);
  return rows.map(asClassView);
}

function selectCoupons(db: Db) {
  return db.query
    .select({
      id: coupons.id,
      issuerId: coupons.issuerId,
      classId: coupons.classId,
      code: coupons.code,
      status: coupons.status,
      availableAt: coupons.availableAt,
      expiresAt: coupons.expiresAt,
      now: sql<string>`clock_timestamp()`,
    })
    .from(coupons);
}

function asView<Row extends { readonly status: string; readonly now: string }>(row: Row) {
  return { ...row, status: row.status as CouponStatus, now: new Date(row.now) };
}

export async function findCouponView(
  db: Db,
  issuerId: string,
  id: string,
): Promise<CouponView | null> {
  const [row] = await selectCoupons(db).where(
    and(eq(coupons.id, id), eq(coupons.issuerId, issuerId)),
  );
  return row === undefined ? null : asView(row);
}

/** Coupons of one class in order of their ids. */
export async function listCouponViews(
  db: Db,
  classId: string,
  { after, limit }: ViewRange,
): Promise<CouponView[]> {
  const behind = after === null ? undefined : gt(coupons.id, after);
  const rows = await selectCoupons(db)
    .where(and(eq(coupons.classId, classId), behind))
    .orderBy(asc(coupons.id))
    .limit(limit);
  return rows.map(asView);
}
