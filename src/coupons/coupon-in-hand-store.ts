import { at, type Db, rareStatement, type Tx } from '../platform/database.ts';
import type { CouponInHand } from './coupon-rules.ts';
import type { CouponStatus } from './model.ts';

/** One coupon with what decides what its holder and its issuer may do with it as a whole. */
export interface StandingCoupon extends CouponInHand {
  readonly now: Date;
  readonly id: string;
  readonly issuerId: string;
  readonly classId: string;
  /** The version of the class's rules. */
  readonly version: number;
  readonly transferable: boolean;
  readonly walletId: string;
  /** Who keeps the holder's wallet; null for a wallet of the platform. */
  readonly keeperId: string | null;
}

interface StandingRow {
  now: string;
  id: string;
  issuer_id: string;
  class_id: string;
  version: number;
  transferable: boolean;
  wallet_id: string;
  keeper_id: string | null;
  status: CouponStatus;
  expires_at: string;
  held: boolean;
}

/**
 * What is true of a redemption by which a till holds its coupon and that nobody has ended; it holds
 * until `held_until`. The first two say that it counts, so that it is found through the index of one
 * standing redemption a coupon; the third keeps plans from the index of all holds.
 */
export const STANDING_HOLD = `reversed_at is null and state <> 'released'
  and held_until is not null and state = 'held'`;

const find = rareStatement<StandingRow>(
  `select clock_timestamp() as now, q.id, q.issuer_id, q.class_id, c.version, c.transferable,
          q.wallet_id, w.issuer_id as keeper_id, q.status, q.expires_at,
          exists (select from redemptions
                   where coupon_id = q.id and ${STANDING_HOLD}
                     and held_until > clock_timestamp()) as held
     from coupons q
     join coupon_classes c on c.id = q.class_id
     join wallets w on w.id = q.wallet_id
    where q.id = $1`,
);

export async function findStandingCoupon(db: Db, id: string): Promise<StandingCoupon | null> {
  const [row] = await db.run(find, [id]);
  if (row === undefined) return null;
  const { version, transferable, status, held } = row;
  return {
    now: at(row.now),
    id: row.id,
    issuerId: row.issuer_id,
    classId: row.class_id,
    walletId: row.wallet_id,
    keeperId: row.keeper_id,
    expiresAt: at(row.expires_at),
    version,
    transferable,
    status,
    held,
  };
}

const lock = rareStatement<{ id: string }>(
  'select id from coupons where id = $1 for no key update',
);

/** The same, with the coupon locked as redemptions lock it; the clock is read after the lock. */
export async function lockStandingCoupon(tx: Tx, id: string): Promise<StandingCoupon | null> {
  const locked = await tx.run(lock, [id]);
  return locked.length === 0 ? null : findStandingCoupon(tx, id);
}

const lockBudget = rareStatement<never>(
  `select id from coupon_classes
    where id = (select class_id from coupons where id = $1 and reserved_minor is not null)
      for no key update`,
);

/** Locks the class whose budget a coupon holds a part of. Classes are locked before coupons. */
export async function lockBudgetOf(tx: Tx, couponId: string): Promise<void> {
  await tx.run(lockBudget, [couponId]);
}

// What it held of the budget is read as it was before this statement, which is what all parts of a
// statement see.
const voidOne = rareStatement<{ id: string }>(
  `with gone as (
     update coupons set status = 'voided', voided_by = 'issuer', notice_due_at = null,
            reserved_minor = null
      where id = $1 and status = 'issued' returning id),
   freed as (
     update coupon_classes c set committed_minor = c.committed_minor - q.reserved_minor
       from gone join coupons q on q.id = gone.id
      where c.id = q.class_id and q.reserved_minor > 0)
   select id from gone`,
);

/** Voids a locked coupon and gives what it held of the budget back to its class. */
export async function saveCouponVoid(tx: Tx, id: string): Promise<void> {
  const voided = await tx.run(voidOne, [id]);
  if (voided.length !== 1) throw new Error('a locked coupon changed');
}
