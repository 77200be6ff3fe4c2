import type { LocalizedText } from '../coupons/model.ts';
import { at, atOrNull, type Db, rareStatement, statement, type Tx } from '../platform/database.ts';
import type { CouponToNotice } from './decide.ts';
import type { Notice } from './model.ts';

/** A coupon whose notice seems due, with the rules of its class as they are now. */
export interface DueCoupon extends Omit<CouponToNotice, 'dueAt'> {
  readonly id: string;
  readonly classId: string;
  readonly issuerId: string;
  readonly walletId: string;
  readonly name: LocalizedText;
  readonly timeZone: string;
  readonly expiryNoticeDays: number;
  /** The version of the class's rules. */
  readonly version: number;
  /** The member has left an address for mail. */
  readonly reachableByMail: boolean;
}

type DueRow = Omit<DueCoupon, 'expiresAt' | 'noticedAt'> & {
  now: string;
  expiresAt: string;
  noticedAt: string | null;
};

// The time is asked for once, so that it bounds the walk through the index; what another worker has
// locked is that worker's.
const takeDue = rareStatement<DueRow>(
  `select clock_timestamp() as now, q.id, q.class_id as "classId", q.issuer_id as "issuerId",
          q.wallet_id as "walletId", q.status, q.expires_at as "expiresAt",
          q.noticed_at as "noticedAt", c.name, c.time_zone as "timeZone",
          c.withdrawn_at is not null as withdrawn,
          c.expiry_notice_days as "expiryNoticeDays", c.version,
          w.email is not null as "reachableByMail"
     from (select * from coupons
            where notice_due_at <= (select clock_timestamp())
            order by notice_due_at limit $1 for no key update skip locked) q
     join lateral (select * from coupon_classes where id = q.class_id offset 0) c on true
     join lateral (select email from wallets where id = q.wallet_id offset 0) w on true`,
);

/** Locks some coupons whose notice is due, the longest due first; the time is from the lock. */
export async function takeDueCoupons(
  tx: Tx,
  limit: number,
): Promise<{ readonly now: Date; readonly coupons: readonly DueCoupon[] } | null> {
  const rows = await tx.run(takeDue, [limit]);
  const [first] = rows;
  if (first === undefined) return null;
  const coupons = rows.map(({ now: _now, ...row }) => ({
    ...row,
    expiresAt: at(row.expiresAt),
    noticedAt: atOrNull(row.noticedAt),
  }));
  return { now: at(first.now), coupons };
}

/** A notice to be told, and whether by mail too. */
export interface NewNotice extends Omit<Notice, 'createdAt'> {
  readonly byMail: boolean;
}

// A subject that was told before gets neither a second notice nor deliveries.
const insertNotices = rareStatement<{ id: string }>(
  `with asked as (
     select * from json_to_recordset($1::json) as a(
       "id" text, "issuerId" text, "kind" text, "subject" text, "body" jsonb, "byMail" boolean)),
   told as (
     insert into notices (id, issuer_id, kind, subject, body)
     select "id", "issuerId", "kind", "subject", "body" from asked order by "subject"
     on conflict on constraint notices_once do nothing returning id, issuer_id),
   sent as (
     insert into notice_deliveries (notice_id, channel, target)
     select id, 'log', '' from told
     union all
     select told.id, 'smtp', '' from told join asked on asked."id" = told.id where asked."byMail"
     union all
     select told.id, 'webhook', e.id from told
       join lateral (select id from webhook_endpoints
                      where issuer_id = told.issuer_id and disabled_at is null offset 0) e on true)
   select id from told`,
);

/** Writes notices, each with a delivery for every way it goes; gives how many were new. */
export async function saveNotices(tx: Tx, notices: readonly NewNotice[]): Promise<number> {
  if (notices.length === 0) return 0;
  return (await tx.run(insertNotices, [JSON.stringify(notices)])).length;
}

/** What becomes of a coupon's notice: told now, or due at another time; null: never. */
export interface SettledNotice {
  readonly couponId: string;
  readonly dueAt: Date | null;
  readonly told: boolean;
}

const settle = rareStatement<{ id: string }>(
  `update coupons q set notice_due_at = s."dueAt",
          noticed_at = case when s."told" then clock_timestamp() else q.noticed_at end
     from json_to_recordset($1::json) as s(
       "couponId" text, "dueAt" timestamptz, "told" boolean)
    where q.id = s."couponId" returning q.id`,
);

export async function settleNotices(tx: Tx, settled: readonly SettledNotice[]): Promise<void> {
  const rows = await tx.run(settle, [JSON.stringify(settled)]);
  if (rows.length !== settled.length) throw new Error('a locked coupon is gone');
}

const lockUnnoticed = rareStatement<{ id: string; expires_at: string }>(
  `select id, expires_at from coupons
    where class_id = $1 and id > $2 and status = 'issued' and noticed_at is null
    order by id limit $3 for no key update`,
);

/** Locks unused coupons of a class whose holders were not told, in order of id after that one. */
export async function lockUnnoticedCoupons(
  tx: Tx,
  classId: string,
  after: string,
  limit: number,
): Promise<{ readonly id: string; readonly expiresAt: Date }[]> {
  const rows = await tx.run(lockUnnoticed, [classId, after, limit]);
  return rows.map(({ id, expires_at }) => ({ id, expiresAt: at(expires_at) }));
}

const rules = statement<{ days: number; time_zone: string }>(
  'notices.rules',
  'select expiry_notice_days as days, time_zone from coupon_classes where id = $1',
);

/** When holders of a class are told; null when there is no such class. */
export async function noticeRules(
  db: Db,
  classId: string,
): Promise<{ readonly days: number; readonly timeZone: string } | null> {
  const [row] = await db.run(rules, [classId]);
  return row ? { days: row.days, timeZone: row.time_zone } : null;
}

const email = statement<{ email: string | null }>(
  'notices.email',
  'select email from wallets where id = $1',
);

/** Where notices to the member go; null: nowhere. */
export async function findEmail(db: Db, walletId: string): Promise<string | null> {
  return (await db.run(email, [walletId]))[0]?.email ?? null;
}
