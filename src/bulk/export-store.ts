import type { ClaimRefusal } from '../claims/model.ts';
import { COUPON_STATUS } from '../coupons/coupon-store.ts';
import type { CouponStatus } from '../coupons/model.ts';
import { at, type Db, rareStatement } from '../platform/database.ts';
import type { DecidedStatus, Keeper } from './model.ts';

/** One page of an export: rows of a class after that id, of one status unless null. */
export interface ExportPage<Status> {
  readonly classId: string;
  readonly status: Status | null;
  readonly after: string;
  readonly limit: number;
}

export interface ExportedCoupon {
  readonly id: string;
  readonly walletId: string;
  /** Null unless the reader keeps the wallet. */
  readonly externalId: string | null;
  readonly code: string;
  readonly status: CouponStatus;
  readonly issuedAt: Date;
  readonly availableAt: Date;
  readonly expiresAt: Date;
  readonly generation: number;
  readonly clonedFrom: string | null;
}

type CouponRow = Omit<ExportedCoupon, 'issuedAt' | 'availableAt' | 'expiresAt'> & {
  issuedAt: string;
  availableAt: string;
  expiresAt: string;
};

// Written as a range, in the order of one index: by id alone the rows of all classes would be read
// to find those of a small one.
const coupons = rareStatement<CouponRow>(
  `select q.id, q."walletId", w.external_id as "externalId", q.code, q.status, q."issuedAt",
          q."availableAt", q."expiresAt", q.generation, q."clonedFrom"
     from (select id, wallet_id as "walletId", code, issued_at as "issuedAt",
                  available_at as "availableAt", expires_at as "expiresAt", generation,
                  cloned_from as "clonedFrom",
                  ${COUPON_STATUS} as status
             from coupons where (class_id, id) > ($1, $2) and class_id <= $1
              and ($3::text is null or $3 = ${COUPON_STATUS})
            order by class_id, id limit $4) q
     left join lateral (
       select external_id from wallets
        where id = q."walletId" and (issuer_id = $5 or $6) offset 0) w on true
    order by q.id`,
);

export async function couponPage(
  db: Db,
  { classId, status, after, limit }: ExportPage<CouponStatus>,
  { issuerId, platformToo }: Keeper,
): Promise<ExportedCoupon[]> {
  const rows = await db.run(coupons, [classId, after, status, limit, issuerId, platformToo]);
  return rows.map((row) => ({
    ...row,
    issuedAt: at(row.issuedAt),
    availableAt: at(row.availableAt),
    expiresAt: at(row.expiresAt),
  }));
}

export interface ExportedClaim {
  readonly id: string;
  readonly walletId: string;
  readonly status: DecidedStatus;
  readonly refusal: ClaimRefusal | null;
  readonly couponId: string | null;
  readonly createdAt: Date;
  readonly decidedAt: Date;
}

type ClaimRow = Omit<ExportedClaim, 'createdAt' | 'decidedAt'> & {
  createdAt: string;
  decidedAt: string;
};

const claims = rareStatement<ClaimRow>(
  `select id, wallet_id as "walletId", status, refusal, coupon_id as "couponId",
          created_at as "createdAt", decided_at as "decidedAt"
     from claims
    where decided_at is not null and (class_id, id) > ($1, $2) and class_id <= $1
      and ($3::text is null or status = $3)
    order by class_id, id limit $4`,
);

export async function claimPage(
  db: Db,
  { classId, status, after, limit }: ExportPage<DecidedStatus>,
): Promise<ExportedClaim[]> {
  const rows = await db.run(claims, [classId, after, status, limit]);
  return rows.map((row) => ({
    ...row,
    createdAt: at(row.createdAt),
    decidedAt: at(row.decidedAt),
  }));
}
