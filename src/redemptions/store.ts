import { STANDING_HOLD } from '../coupons/coupon-in-hand-store.ts';
import type { CouponStatus } from '../coupons/model.ts';
import { holdOffWithdrawal } from '../coupons/withdrawal-store.ts';
import { at, atOrNull, type Db, only, statement, type Tx } from '../platform/database.ts';
import { lockBudgets } from './budget-store.ts';
import type { NewRedemption, Order, Redemption, RedemptionState, ReturnedStatus } from './model.ts';

// One statement: the coupon is locked as what it is expected to be, the insert is guarded by that and
// by whatever holds the coupon, the rest by the insert. No row, no redemption. `issued` comes as a
// value, because a plan that knew it could read the index of all that is due to expire; a code has
// one index only.
const save = statement<{ redeemed_at: string }>(
  'redemptions.save',
  `with usable as (
     select id, class_id, issuer_id from coupons
      where code = $2 and status = $3
        and available_at <= clock_timestamp() and expires_at > clock_timestamp()
        for no key update),
   redeemed as (
     insert into redemptions (id, coupon_id, class_id, issuer_id, redemption_issuer_id,
                              collector_id, terminal_id, "order", order_total_minor,
                              discount_minor, payable_minor, store_id)
     select $1, id, class_id, issuer_id, $4, $5, $6, $7::jsonb, $8, $9, $10, $12 from usable
     on conflict (coupon_id) where reversed_at is null and state <> 'released' do nothing
     returning coupon_id, class_id, redeemed_at),
   used as (
     update coupons set status = 'redeemed' where code = $2 and exists (select from redeemed)),
   audited as (
     insert into audit_entries (actor, action, subject, outcome, detail)
     select $11, 'redeem', coupon_id, 'redeemed',
            jsonb_build_object('redemptionId', $1::text, 'collectorId', $5::text,
                               'classId', class_id, 'rule', 'redeemed', 'version', $13::int,
                               'storeId', $12::text, 'redemptionIssuerId', $4::text,
                               'orderTotalMinor', $8::bigint, 'discountMinor', $9::bigint)
       from redeemed)
   select redeemed_at from redeemed`,
);

/** Who redeems, what is handed to the till, and the version of the rules that allow it. */
export interface Asked {
  readonly actor: string;
  readonly code: string;
  readonly version: number;
}

/**
 * Uses the coupon with that code up, records its redemption and who asked for it; null when the
 * coupon could not be used any more.
 */
export async function saveRedemption(
  tx: Tx,
  { actor, code, version }: Asked,
  redemption: NewRedemption,
): Promise<Date | null> {
  const { id, redemptionIssuerId, collectorId, terminalId, storeId, order } = redemption;
  const { orderTotalMinor, discountMinor, payableMinor } = redemption;
  const [row] = await tx.run(save, [
    id,
    code,
    'issued',
    redemptionIssuerId,
    collectorId,
    terminalId,
    JSON.stringify(order),
    orderTotalMinor,
    discountMinor,
    payableMinor,
    actor,
    storeId,
    version,
  ]);
  return row ? at(row.redeemed_at) : null;
}

interface RedemptionRow {
  id: string;
  coupon_id: string;
  class_id: string;
  issuer_id: string;
  redemption_issuer_id: string;
  collector_id: string;
  terminal_id: string | null;
  store_id: string | null;
  basket_id: string | null;
  state: RedemptionState;
  held_until: string | null;
  hold_over: boolean;
  order: Order;
  order_total_minor: string;
  discount_minor: string;
  payable_minor: string;
  wallet_id: string;
  redeemed_at: string;
  reversal_id: string | null;
  reversed_at: string | null;
  clone_id: string | null;
  clone_class_id: string;
  clone_status: CouponStatus;
  clone_held: boolean | null;
  coupon_status: CouponStatus;
  coupon_expires_at: string;
  withdrawn_at: string | null;
  version: number;
  max_clones: number | null;
  now: string;
}

// `order by` the key and `offset 0` leave no other way than that key to reach a coupon, also to a
// plan that was made while the table was empty.
const find = statement<RedemptionRow>(
  'redemptions.find',
  `select r.*, q.wallet_id, q.status as coupon_status, q.expires_at as coupon_expires_at,
          c.withdrawn_at, c.version, c.max_clones,
          r.state = 'held' and r.held_until <= clock_timestamp() as hold_over,
          k.id as clone_id, k.class_id as clone_class_id, k.status as clone_status,
          h.held as clone_held,
          clock_timestamp() as now
     from redemptions r
     cross join lateral (
       select * from coupons where id = any (array[r.coupon_id]) order by id offset 0) q
     cross join lateral (
       select * from coupon_classes
        where issuer_id = r.issuer_id and id = r.class_id offset 0) c
     left join lateral (
       select * from coupons where cloned_by = r.id and transferred_from is null offset 0) k on true
     left join lateral (
       select held_until > clock_timestamp() as held from redemptions
        where coupon_id = k.id and ${STANDING_HOLD} offset 0) h on true
    where r.id = $1`,
);

export async function findRedemption(db: Db, id: string): Promise<Redemption | null> {
  const [row] = await db.run(find, [id]);
  return row ? redemption(row) : null;
}

/** A hold whose time is over is released, whether or not anybody has written that. */
function redemption(row: RedemptionRow): Redemption {
  const state = row.hold_over ? 'released' : row.state;
  return {
    id: row.id,
    couponId: row.coupon_id,
    classId: row.class_id,
    issuerId: row.issuer_id,
    redemptionIssuerId: row.redemption_issuer_id,
    collectorId: row.collector_id,
    terminalId: row.terminal_id,
    storeId: row.store_id,
    basketId: row.basket_id,
    state,
    heldUntil: atOrNull(row.held_until),
    order: row.order,
    orderTotalMinor: Number(row.order_total_minor),
    discountMinor: Number(row.discount_minor),
    payableMinor: Number(row.payable_minor),
    walletId: row.wallet_id,
    redeemedAt: state === 'confirmed' ? at(row.redeemed_at) : null,
    reversalId: row.reversal_id,
    reversedAt: atOrNull(row.reversed_at),
    clone:
      row.clone_id === null
        ? null
        : {
            couponId: row.clone_id,
            classId: row.clone_class_id,
            status: row.clone_status,
            held: row.clone_held === true,
          },
  };
}

const lockRow = statement<{ class_id: string; clone_class_id: string | null }>(
  'redemptions.lock',
  `select r.class_id, c.clone_class_id
     from redemptions r
     cross join lateral (
       select clone_class_id from coupon_classes
        where issuer_id = r.issuer_id and id = r.class_id offset 0) c
    where r.id = $1 for no key update of r`,
);
// Coupons are locked in order of id, so that two transactions never wait for each other.
const lockCoupons = statement<{ id: string }>(
  'redemptions.lock_coupons',
  `select q.id from coupons q
    where q.id = any (array(select coupon_id from redemptions where id = $1
                            union all
                            select id from coupons
                             where cloned_by = $1 and transferred_from is null))
    order by q.id for no key update`,
);

/** A redemption whose coupon and clone nobody else changes, and how these stand. */
export interface LockedRedemption {
  readonly redemption: Redemption;
  readonly couponStatus: CouponStatus;
  readonly couponExpiresAt: Date;
  /** The class was voided together with what was issued of it. */
  readonly withdrawn: boolean;
  /** The version of the class's rules, and how many clones they give. */
  readonly version: number;
  readonly maxClones: number | null;
  readonly now: Date;
}

/** The redemption with its coupon and its clone locked, and their classes as they stay meanwhile. */
export async function lockRedemption(tx: Tx, id: string): Promise<LockedRedemption | null> {
  const [locked] = await tx.run(lockRow, [id]);
  if (locked === undefined) return null;
  await lockBudgets(tx, id);
  const { class_id: classId, clone_class_id: cloneClassId } = locked;
  for (const one of new Set([classId, cloneClassId ?? classId].sort())) {
    await holdOffWithdrawal(tx, one);
  }
  await tx.run(lockCoupons, [id]);
  return findLocked(tx, id);
}

/** How a redemption stands whose locks the caller has. */
export async function findLocked(tx: Tx, id: string): Promise<LockedRedemption> {
  const row = only(await tx.run(find, [id]));
  return {
    redemption: redemption(row),
    couponStatus: row.coupon_status,
    couponExpiresAt: at(row.coupon_expires_at),
    withdrawn: row.withdrawn_at !== null,
    version: row.version,
    maxClones: row.max_clones,
    now: at(row.now),
  };
}

// Each part is guarded by what it expects, and reached by a key that no plan can miss: every index
// with the id of a coupon in it begins with another column that is named here too.
const reverse = statement<{ reversed_at: string | null; given_back: number }>(
  'redemptions.reverse',
  `with reversed as (
     update redemptions set reversal_id = $2, reversed_at = clock_timestamp()
      where id = $1 and coalesce(reversed_at, 'infinity') = 'infinity' returning reversed_at),
   given_back as (
     update coupons set status = $6, voided_by = case when $6 = 'voided' then 'class' end
      where id = $3 and class_id = $4 and wallet_id = $5 and status = 'redeemed' returning id),
   clone_voided as (
     update coupons set status = 'voided', voided_by = 'reversal'
      where cloned_by = $1 and transferred_from is null and status in ('issued', 'expired'))
   select (select reversed_at from reversed), (select count(*)::int from given_back) as given_back`,
);

/** Marks the redemption reversed, gives its coupon that status and voids its clone. */
export async function saveReversal(
  tx: Tx,
  { id, couponId, classId, walletId }: Redemption,
  reversalId: string,
  status: ReturnedStatus,
): Promise<Date> {
  const values = [id, reversalId, couponId, classId, walletId, status];
  const { reversed_at: reversedAt, given_back: givenBack } = only(await tx.run(reverse, values));
  if (reversedAt === null || givenBack !== 1) throw new Error('a locked redemption changed');
  return at(reversedAt);
}
