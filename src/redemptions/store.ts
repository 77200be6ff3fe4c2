import type { Coupon, CouponStatus, Validity } from '../coupons/model.ts';
import { at, atOrNull, type Db, statement, type Tx } from '../platform/database.ts';
import type { RedemptionTerms } from './decide.ts';
import type { NewRedemption, Order, Redemption } from './model.ts';

/** A coupon to be redeemed with all that the decision needs of it, of its class and its member. */
export interface RedeemableCoupon {
  readonly now: Date;
  readonly coupon: Coupon;
  readonly terms: RedemptionTerms;
  readonly maxClones: number | null;
  readonly member: { readonly plus: boolean; readonly passClasses: readonly string[] };
}

interface CouponRow {
  now: string;
  id: string;
  issuer_id: string;
  class_id: string;
  wallet_id: string;
  code: string;
  status: CouponStatus;
  available_at: string;
  expires_at: string;
  generation: number;
  lineage_id: string;
  cloned_from: string | null;
  max_clones: number | null;
  terms: RedemptionTerms;
  plus: boolean;
  pass_classes: string[] | null;
}

const COUPON = `select clock_timestamp() as now, q.id, q.issuer_id, q.class_id, q.wallet_id, q.code,
          q.status, q.available_at, q.expires_at, q.generation, q.lineage_id, q.cloned_from,
          c.max_clones,
          json_build_object(
            'scene', c.scene, 'discount', c.discount, 'minSpendMinor', c.min_spend_minor,
            'scope', c.scope, 'regularPriceOnly', c.regular_price_only,
            'memberClasses', c.member_classes, 'plusOnly', c.plus_only, 'stores', c.stores,
            'redemptionIssuers', c.redemption_issuers) as terms,
          w.plus,
          case when c.member_classes <> '[]' then
            (select json_agg(o.class_id)
               from wallet_passes p join pass_objects o on o.id = p.object_id
              where p.wallet_id = q.wallet_id and o.state = 'ACTIVE'
                and (o.valid_from is null or o.valid_from <= clock_timestamp())
                and (o.valid_until is null or o.valid_until > clock_timestamp()))
          end as pass_classes
     from coupons q
     join coupon_classes c on c.id = q.class_id
     join wallets w on w.id = q.wallet_id
    where q.code = $1`;

const readByCode = statement<CouponRow>('redemptions.read_coupon', COUPON);
const lockCode = statement<{ id: string }>(
  'redemptions.lock_coupon',
  'select id from coupons where code = $1 for no key update',
);

export async function findByCode(db: Db, code: string): Promise<RedeemableCoupon | null> {
  const [row] = await db.run(readByCode, [code]);
  return row ? redeemable(row) : null;
}

/** The same, with the coupon locked; the clock is read after the lock was won. */
export async function lockByCode(tx: Tx, code: string): Promise<RedeemableCoupon | null> {
  const locked = await tx.run(lockCode, [code]);
  return locked.length === 0 ? null : findByCode(tx, code);
}

function redeemable(row: CouponRow): RedeemableCoupon {
  return {
    now: at(row.now),
    coupon: {
      id: row.id,
      issuerId: row.issuer_id,
      classId: row.class_id,
      walletId: row.wallet_id,
      code: row.code,
      status: row.status,
      availableAt: at(row.available_at),
      expiresAt: at(row.expires_at),
      generation: row.generation,
      lineageId: row.lineage_id,
      clonedFrom: row.cloned_from,
    },
    terms: row.terms,
    maxClones: row.max_clones,
    member: { plus: row.plus, passClasses: row.pass_classes ?? [] },
  };
}

const till = statement<{ issuer_id: string; terminal_id: string | null; store_id: string | null }>(
  'redemptions.till',
  `select i.id as issuer_id, t.id as terminal_id, t.store_id
     from issuers i left join terminals t on t.issuer_id = i.id and t.id = $2
    where i.collector_id = $1`,
);

/** The issuer behind a collector ID and the store of a registered terminal. */
export async function findTill(
  db: Db,
  collectorId: string,
  terminalId: string | null,
): Promise<{ readonly issuerId: string; readonly storeId: string | null } | null> {
  const [row] = await db.run(till, [collectorId, terminalId]);
  return row ? { issuerId: row.issuer_id, storeId: row.store_id } : null;
}

// The update is guarded by the status it expects, and the insert by it: no row, no redemption.
const insert = statement<{ redeemed_at: string }>(
  'redemptions.insert',
  `with used as (
     update coupons set status = 'redeemed'
      where id = $2 and status = 'issued'
        and available_at <= clock_timestamp() and expires_at > clock_timestamp()
      returning id)
   insert into redemptions (id, coupon_id, class_id, issuer_id, redemption_issuer_id, collector_id,
                            terminal_id, "order", order_total_minor, discount_minor, payable_minor)
   select $1, id, $3, $4, $5, $6, $7, $8::jsonb, $9, $10, $11 from used
   returning redeemed_at`,
);

/** Uses the coupon up and records its redemption; null when the coupon could not be used any more. */
export async function insertRedemption(tx: Tx, red: NewRedemption): Promise<Date | null> {
  const [row] = await tx.run(insert, [
    red.id,
    red.couponId,
    red.classId,
    red.issuerId,
    red.redemptionIssuerId,
    red.collectorId,
    red.terminalId,
    JSON.stringify(red.order),
    red.orderTotalMinor,
    red.discountMinor,
    red.payableMinor,
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
  order: Order;
  order_total_minor: string;
  discount_minor: string;
  payable_minor: string;
  wallet_id: string;
  redeemed_at: string;
  reversal_id: string | null;
  reversed_at: string | null;
  clone_id: string | null;
  clone_status: CouponStatus;
}

const find = statement<RedemptionRow>(
  'redemptions.find',
  `select r.*, q.wallet_id, k.id as clone_id, k.status as clone_status
     from redemptions r join coupons q on q.id = r.coupon_id
     left join lateral (select * from coupons where cloned_by = r.id offset 0) k on true
    where r.id = $1`,
);

export async function findRedemption(db: Db, id: string): Promise<Redemption | null> {
  const [row] = await db.run(find, [id]);
  return row ? redemption(row) : null;
}

function redemption(row: RedemptionRow): Redemption {
  return {
    id: row.id,
    couponId: row.coupon_id,
    classId: row.class_id,
    issuerId: row.issuer_id,
    redemptionIssuerId: row.redemption_issuer_id,
    collectorId: row.collector_id,
    terminalId: row.terminal_id,
    order: row.order,
    orderTotalMinor: Number(row.order_total_minor),
    discountMinor: Number(row.discount_minor),
    payableMinor: Number(row.payable_minor),
    walletId: row.wallet_id,
    redeemedAt: at(row.redeemed_at),
    reversalId: row.reversal_id,
    reversedAt: atOrNull(row.reversed_at),
    clone: row.clone_id === null ? null : { couponId: row.clone_id, status: row.clone_status },
  };
}

const lockRow = statement<{ id: string }>(
  'redemptions.lock',
  'select id from redemptions where id = $1 for no key update',
);
// Coupons are locked in order of id, so that two transactions never wait for each other.
const lockCoupons = statement<{ id: string }>(
  'redemptions.lock_coupons',
  `select q.id from coupons q
    where q.id = any (array(select coupon_id from redemptions where id = $1
                            union all select id from coupons where cloned_by = $1))
    order by q.id for no key update`,
);

/** The redemption with its coupon and its clone locked. */
export async function lockRedemption(tx: Tx, id: string): Promise<Redemption | null> {
  if ((await tx.run(lockRow, [id])).length === 0) return null;
  await tx.run(lockCoupons, [id]);
  return findRedemption(tx, id);
}

const couponState = statement<{ expires_at: string; now: string }>(
  'redemptions.coupon_state',
  'select expires_at, clock_timestamp() as now from coupons where id = $1',
);

export async function couponExpiry(
  db: Db,
  couponId: string,
): Promise<{ readonly expiresAt: Date; readonly now: Date }> {
  const [row] = await db.run(couponState, [couponId]);
  if (row === undefined) throw new Error('a redemption without its coupon');
  return { expiresAt: at(row.expires_at), now: at(row.now) };
}

const reverse = statement<{ reversed_at: string }>(
  'redemptions.reverse',
  `update redemptions set reversal_id = $2, reversed_at = clock_timestamp()
    where id = $1 and reversed_at is null returning reversed_at`,
);
const giveBack = statement<{ id: string }>(
  'redemptions.give_back',
  `update coupons set status = $2 where id = $1 and status = 'redeemed' returning id`,
);
const voidClone = statement<{ id: string }>(
  'redemptions.void_clone',
  `update coupons set status = 'voided', voided_by = 'reversal'
    where cloned_by = $1 and status in ('issued', 'expired') returning id`,
);

/** Marks the redemption reversed, gives its coupon that status and voids its clone. */
export async function saveReversal(
  tx: Tx,
  { id, couponId }: Redemption,
  reversalId: string,
  status: 'issued' | 'expired',
): Promise<Date> {
  const [row] = await tx.run(reverse, [id, reversalId]);
  const back = await tx.run(giveBack, [couponId, status]);
  if (row === undefined || back.length !== 1) throw new Error('a locked redemption changed');
  await tx.run(voidClone, [id]);
  return at(row.reversed_at);
}

const lineage = statement<{
  now: string;
  clones: number;
  max_clones: number | null;
  validity: Validity;
  lineage_id: string;
}>(
  'redemptions.lineage',
  `select clock_timestamp() as now, c.max_clones, c.validity, q.lineage_id,
          (select count(*)::int from coupons k
            where k.lineage_id = q.lineage_id and k.generation > 0
              and k.voided_by is distinct from 'reversal') as clones
     from coupons q join coupon_classes c on c.id = q.class_id
    where q.id = $1`,
);

/** What decides whether the lineage of a coupon takes one more clone. */
export interface Lineage {
  readonly id: string;
  readonly now: Date;
  readonly clones: number;
  readonly maxClones: number | null;
  readonly validity: Validity;
}

export async function lineageOf(db: Db, couponId: string): Promise<Lineage> {
  const [row] = await db.run(lineage, [couponId]);
  if (row === undefined) throw new Error('a redemption without its coupon');
  const { lineage_id: id, now, clones, max_clones: maxClones, validity } = row;
  return { id, now: at(now), clones, maxClones, validity };
}
