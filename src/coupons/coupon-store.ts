import { and, asc, eq, gt, sql } from 'drizzle-orm';
import { type Db, only, rareStatement, statement, type Tx } from '../platform/database.ts';
import type { Coupon, CouponStatus } from './model.ts';
import { coupons } from './tables.ts';

/** The status of a coupon: expired from the instant itself, before a worker has written it. */
export const COUPON_STATUS = `case when status = 'issued' and expires_at <= clock_timestamp()
                                   then 'expired' else status end`;

const columns = {
  id: coupons.id,
  issuerId: coupons.issuerId,
  classId: coupons.classId,
  walletId: coupons.walletId,
  code: coupons.code,
  status: sql<CouponStatus>`${sql.raw(COUPON_STATUS)}`,
  availableAt: coupons.availableAt,
  expiresAt: coupons.expiresAt,
  generation: coupons.generation,
  lineageId: coupons.lineageId,
  clonedFrom: coupons.clonedFrom,
};

export async function findCoupon(db: Db, id: string): Promise<Coupon | null> {
  const [coupon] = await db.query.select(columns).from(coupons).where(eq(coupons.id, id));
  return coupon ?? null;
}

/** Coupons of a wallet in order of issue; of one issuer only, unless null. */
export function listCoupons(
  db: Db,
  walletId: string,
  filter: { readonly issuerId: string | null; readonly status: CouponStatus | null },
  page: { readonly after: string | null; readonly limit: number },
): Promise<Coupon[]> {
  return db.query
    .select(columns)
    .from(coupons)
    .where(
      and(
        eq(coupons.walletId, walletId),
        filter.issuerId === null ? undefined : eq(coupons.issuerId, filter.issuerId),
        filter.status === null ? undefined : sql`${columns.status} = ${filter.status}`,
        page.after === null ? undefined : gt(coupons.id, page.after),
      ),
    )
    .orderBy(asc(coupons.id))
    .limit(page.limit);
}

/** A coupon to be issued. */
export interface NewCoupon extends Omit<Coupon, 'status'> {
  readonly clonedBy: string | null;
  readonly maxClones: number | null;
  /** What it holds of its class's budget; null: the class has none. */
  readonly reservedMinor: number | null;
  /** When its holder is to be told that it expires; null: never. */
  readonly noticeDueAt: Date | null;
}

const insert = statement<never>(
  'coupons.insert',
  `insert into coupons (id, issuer_id, class_id, wallet_id, code, status, available_at, expires_at,
                        generation, lineage_id, cloned_from, cloned_by, max_clones,
                        reserved_minor, notice_due_at)
   select "id", "issuerId", "classId", "walletId", "code", 'issued', "availableAt", "expiresAt",
          "generation", "lineageId", "clonedFrom", "clonedBy", "maxClones",
          "reservedMinor", "noticeDueAt"
     from json_to_recordset($1::json) as c(
       "id" text, "issuerId" text, "classId" text, "walletId" text, "code" text,
       "availableAt" timestamptz, "expiresAt" timestamptz, "generation" int, "lineageId" text,
       "clonedFrom" text, "clonedBy" text, "maxClones" int,
       "reservedMinor" bigint, "noticeDueAt" timestamptz)`,
);

export async function insertCoupons(tx: Tx, issued: readonly NewCoupon[]): Promise<void> {
  if (issued.length > 0) await tx.run(insert, [JSON.stringify(issued)]);
}

const voidIssued = rareStatement<{ voided: number }>(`with voided as (
     update coupons set status = 'voided', voided_by = 'class'
      where class_id = $1 and status = 'issued' returning reserved_minor),
   released as (
     update coupon_classes
        set committed_minor = committed_minor
                              - (select coalesce(sum(reserved_minor), 0) from voided)
      where id = $1)
   select count(*)::int as voided from voided`);

/** Voids what is issued and unused of a class and frees its budget; gives how many. */
export async function voidIssuedCoupons(tx: Tx, classId: string): Promise<number> {
  return only(await tx.run(voidIssued, [classId])).voided;
}
