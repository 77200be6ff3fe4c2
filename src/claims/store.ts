import type { NewCoupon } from '../coupons/coupon-store.ts';
import type { Coupon, Validity } from '../coupons/model.ts';
import { at, atOrNull, type Db, only, statement, type Tx } from '../platform/database.ts';
import { activePassClasses } from '../wallets/member-store.ts';
import type { Claim, ClaimRequest } from './desk.ts';
import { type Claimant, type ClaimRefusal, type ClaimTerms, laneOf } from './model.ts';
import type { LimitedPeriod, MemberPeriod } from './period-rules.ts';

// A key that is taken keeps its claim out; a class that does not exist keeps it out too. Keys are
// taken in one order so that two processes never wait for each other.
const insertPending = statement<{ id: string }>(
  'claims.insert_pending',
  `with asked as (
     select * from rows from (json_to_recordset($1::json) as (
       "id" text, "classId" text, "walletId" text, "tapId" text, "actor" text, "requestId" text,
       "lane" int, "scope" text, "key" text, "fingerprint" text)) with ordinality
       as r("id", "classId", "walletId", "tapId", "actor", "requestId",
            "lane", "scope", "key", "fingerprint", "position")
      where exists (select 1 from coupon_classes c where c.id = r."classId")),
   keyed as (
     insert into idempotency_keys (scope, key, fingerprint, claim_id)
     select "scope", "key", "fingerprint", "id" from asked where "key" is not null
      order by "scope", "key", "position"
     on conflict do nothing returning claim_id)
   insert into claims (id, class_id, lane, wallet_id, tap_id, actor, request_id)
   select "id", "classId", "lane", "walletId", "tapId", "actor", "requestId" from asked
    where "key" is null or "id" in (select claim_id from keyed)
    order by "position"
   returning id`,
);

/** Inserts pending claims in their order of arrival; gives the ids of those that are in. */
export async function insertPendingClaims(
  tx: Tx,
  requests: readonly ClaimRequest[],
): Promise<ReadonlySet<string>> {
  const asked = requests.map(({ key, ...claim }) => ({
    ...claim,
    ...key,
    lane: laneOf(claim.classId),
  }));
  const rows = await tx.run(insertPending, [JSON.stringify(asked)]);
  return new Set(rows.map(({ id }) => id));
}

interface ClaimRow {
  id: string;
  class_id: string;
  wallet_id: string;
  status: 'pending' | 'issued' | 'refused';
  refusal: ClaimRefusal | null;
  created_at: string;
  request_id: string;
  issuer_id: string;
  coupon_id: string;
  code: string;
  available_at: string;
  expires_at: string;
}

// A claim's answer shows the coupon as it was issued, so that a retry gets the same bytes. For
// `offset 0` see the pending claims below.
const CLAIM_ROWS = `select c.id, c.class_id, c.wallet_id, c.status, c.refusal, c.created_at,
          c.request_id, q.issuer_id, q.id as coupon_id, q.code, q.available_at, q.expires_at
     from claims c
     left join lateral (select * from coupons where id = c.coupon_id offset 0) q on true`;

const find = statement<ClaimRow>('claims.find', `${CLAIM_ROWS} where c.id = $1`);

export async function findClaim(db: Db, id: string): Promise<Claim | null> {
  const [row] = await db.run(find, [id]);
  return row ? claimOf(row) : null;
}

const findDecided = statement<ClaimRow>(
  'claims.find_decided',
  `${CLAIM_ROWS} where c.status <> 'pending'
      and c.id = any (array(select json_array_elements_text($1::json)))`,
);

/** Those of these claims that are decided. */
export async function findDecidedClaims(db: Db, ids: readonly string[]): Promise<Claim[]> {
  return (await db.run(findDecided, [JSON.stringify(ids)])).map(claimOf);
}

function claimOf(row: ClaimRow): Claim {
  return {
    id: row.id,
    classId: row.class_id,
    walletId: row.wallet_id,
    createdAt: at(row.created_at),
    requestId: row.request_id,
    outcome: outcomeOf(row),
  };
}

function outcomeOf(row: ClaimRow): Claim['outcome'] {
  if (row.status === 'pending') return { status: 'pending' };
  if (row.status === 'refused' && row.refusal !== null) {
    return { status: 'refused', refusal: row.refusal };
  }
  return { status: 'issued', coupon: couponOf(row) };
}

function couponOf(row: ClaimRow): Coupon {
  return {
    id: row.coupon_id,
    issuerId: row.issuer_id,
    classId: row.class_id,
    walletId: row.wallet_id,
    code: row.code,
    status: 'issued',
    availableAt: at(row.available_at),
    expiresAt: at(row.expires_at),
    generation: 0,
    lineageId: row.coupon_id,
    clonedFrom: null,
  };
}

/** What a drain needs of a class: the terms of claims and how to make a coupon. */
export interface WaitingClass extends ClaimTerms {
  readonly id: string;
  readonly issuerId: string;
  readonly validity: Validity;
  readonly expiryNoticeDays: number;
  /** Of its rules: a decision names it. */
  readonly version: number;
}

type WaitingClassRow = Omit<
  WaitingClass,
  'claimStart' | 'claimEnd' | 'voidedAt' | 'budgetMinor' | 'committedMinor'
> & {
  budgetMinor: string | null;
  committedMinor: string;
  claimStart: string;
  claimEnd: string;
  voidedAt: string | null;
};

// Locking in the order of ids keeps two drainers from waiting for each other. The lock leaves the
// id alone, so that what refers to the class need not wait.
const lockWaiting = statement<WaitingClassRow>(
  'claims.lock_waiting',
  `select id, issuer_id as "issuerId", issue_type as "issueType", claim_start as "claimStart",
          claim_end as "claimEnd", per_member_limit as "perMemberLimit", stock, claimed, validity,
          member_classes as "memberClasses", plus_only as "plusOnly", stores, draft,
          voided_at as "voidedAt", time_zone as "timeZone", claim_hours as "claimHours",
          per_member_day_limit as "perMemberDayLimit",
          per_member_week_limit as "perMemberWeekLimit", discount,
          budget_minor as "budgetMinor", committed_minor as "committedMinor",
          expiry_notice_days as "expiryNoticeDays", version
     from coupon_classes
    where id = any (array(select class_id from claims where status = 'pending' and lane = $1
                           order by seq limit $2))
    order by id for no key update`,
);

/** Locks the classes of the oldest pending claims of a lane and gives them as they then are. */
export async function lockWaitingClasses(
  tx: Tx,
  lane: number,
  limit: number,
): Promise<WaitingClass[]> {
  const rows = await tx.run(lockWaiting, [lane, limit]);
  return rows.map((row) => ({
    ...row,
    claimStart: at(row.claimStart),
    claimEnd: at(row.claimEnd),
    voidedAt: atOrNull(row.voidedAt),
    budgetMinor: row.budgetMinor === null ? null : Number(row.budgetMinor),
    committedMinor: Number(row.committedMinor),
  }));
}

/** A pending claim with what its decision needs. */
export interface PendingClaim {
  readonly id: string;
  readonly classId: string;
  readonly walletId: string;
  readonly actor: string;
  readonly claimant: Omit<Claimant, 'claimedToday' | 'claimedThisWeek'>;
  /** The latest days and weeks of its member, where the class limits them. */
  readonly periods: readonly MemberPeriod[];
}

interface PendingRow {
  now: string;
  id: string;
  class_id: string;
  wallet_id: string;
  actor: string;
  wallet_exists: boolean;
  wallet_open: boolean;
  plus: boolean | null;
  claimed: number;
  pass_classes: string[] | null;
  periods: MemberPeriod[] | null;
  tapped_at: string | null;
  store_id: string | null;
}

// Runs after the classes are locked, so its snapshot and its clock come after every earlier batch.
// Each `offset 0` keeps a look by key what it is: a plan from when the tables were empty would read
// them whole for every claim.
const pending = statement<PendingRow>(
  'claims.pending',
  `select clock_timestamp() as now, c.id, c.class_id, c.wallet_id, c.actor,
          w.id is not null as wallet_exists,
          w.issuer_id is null or w.issuer_id = k.issuer_id or c.actor = 'root'
            or t.tapped_at is not null as wallet_open,
          w.plus, coalesce(m.claimed, 0) as claimed, t.tapped_at, t.store_id,
          case when k.member_classes <> '[]' then
            ${activePassClasses('c.wallet_id')}
          end as pass_classes,
          case when k.per_member_day_limit is not null or k.per_member_week_limit is not null then
            (select json_agg(json_build_object('period', period, 'start', start, 'claimed', claimed))
               from class_member_periods
              where class_id = c.class_id and wallet_id = c.wallet_id
                and start > current_date - 9)
          end as periods
     from (select * from claims
            where status = 'pending' and lane = $1
              and class_id = any (array(select json_array_elements_text($2::json)))
            order by seq limit $3) c
     join coupon_classes k on k.id = c.class_id
     left join lateral (select * from wallets where id = c.wallet_id offset 0) w on true
     left join lateral (
       select claimed from class_members
        where class_id = c.class_id and wallet_id = c.wallet_id offset 0) m on true
     left join lateral (
       select taps.tapped_at, terminals.store_id
         from taps left join terminals
           on terminals.issuer_id = taps.issuer_id and terminals.id = taps.terminal_id
        where taps.id = c.tap_id and taps.wallet_id = c.wallet_id
          and taps.issuer_id = k.issuer_id offset 0) t on true
    order by c.seq`,
);

/** The oldest pending claims of locked classes in order of arrival, and the database's time. */
export async function loadPending(
  tx: Tx,
  lane: number,
  classIds: readonly string[],
  limit: number,
): Promise<{ readonly now: Date; readonly claims: readonly PendingClaim[] } | null> {
  const rows = await tx.run(pending, [lane, JSON.stringify(classIds), limit]);
  const [first] = rows;
  return first ? { now: at(first.now), claims: rows.map(pendingClaim) } : null;
}

function pendingClaim(row: PendingRow): PendingClaim {
  const tappedAt = atOrNull(row.tapped_at);
  return {
    id: row.id,
    classId: row.class_id,
    walletId: row.wallet_id,
    actor: row.actor,
    claimant: {
      known: row.wallet_exists && row.wallet_open,
      plus: row.plus === true,
      passClasses: row.pass_classes ?? [],
      claimed: row.claimed,
      tap: tappedAt === null ? null : { tappedAt, storeId: row.store_id },
    },
    periods: row.periods ?? [],
  };
}

/** One decided claim, as it is written. */
export interface DecidedClaim {
  readonly id: string;
  readonly classId: string;
  readonly walletId: string;
  readonly actor: string;
  readonly memberLimit: number;
  readonly version: number;
  readonly storeId: string | null;
  readonly refusal: ClaimRefusal | null;
  readonly couponId: string | null;
  readonly reservedMinor: number | null;
}

// One statement, so one round trip while the classes are locked. Nothing in it depends on a row
// being skipped: whatever a constraint refuses fails the whole batch. Pending claims are known by
// decided_at here, so that they are reached by id and not through the index of all that wait.
const saveBatch = statement<{ saved: number }>(
  'claims.save_batch',
  `with decided as (
     select * from json_to_recordset($1::json) as d(
       "id" text, "classId" text, "walletId" text, "actor" text, "memberLimit" int,
       "version" int, "storeId" text, "refusal" text, "couponId" text, "reservedMinor" bigint)),
   granted as (select * from decided where "refusal" is null),
   issued as (
     insert into coupons (id, issuer_id, class_id, wallet_id, code, status, available_at,
                          expires_at, generation, lineage_id, reserved_minor, notice_due_at,
                          issued_at)
     select "id", "issuerId", "classId", "walletId", "code", 'issued', "availableAt",
            "expiresAt", 0, "id", "reservedMinor", "noticeDueAt", $3::timestamptz
       from json_to_recordset($2::json) as q(
         "id" text, "issuerId" text, "classId" text, "walletId" text, "code" text,
         "availableAt" timestamptz, "expiresAt" timestamptz, "reservedMinor" bigint,
         "noticeDueAt" timestamptz)),
   answered as (
     update claims set status = case when d."refusal" is null then 'issued' else 'refused' end,
                       refusal = d."refusal", coupon_id = d."couponId",
                       decided_at = $3::timestamptz
       from decided d
       join lateral (select ctid from claims where id = d."id" and decided_at is null offset 0) p
         on true
      where claims.ctid = p.ctid
     returning claims.id),
   members as (
     insert into class_members (class_id, wallet_id, claimed, member_limit)
     select "classId", "walletId", count(*), max("memberLimit") from granted
      group by "classId", "walletId"
     on conflict on constraint class_members_pair do update
       set claimed = class_members.claimed + excluded.claimed,
           member_limit = excluded.member_limit),
   counted as (
     update coupon_classes
        set claimed = claimed + n, committed_minor = committed_minor + reserved
       from (select "classId", count(*) as n, coalesce(sum("reservedMinor"), 0) as reserved
               from granted group by "classId") g
      where id = any (array(select "classId" from granted)) and id = g."classId"),
   audited as (
     insert into audit_entries (actor, action, subject, outcome, detail)
     select "actor", 'claim', "id", coalesce("refusal", 'issued'),
            json_build_object('classId', "classId", 'walletId', "walletId", 'couponId', "couponId",
                              'rule', coalesce("refusal", 'issued'), 'version', "version",
                              'storeId', "storeId")
       from decided)
   select (select count(*)::int from answered) as saved, pg_notify('claims_decided', '')`,
);

/**
 * Writes a batch as it was decided at that time, and wakes the callers that wait for it when it
 * commits. The time is the decision's own, so that a coupon of the last moment is dated within its
 * claim window.
 */
export async function saveDecidedBatch(
  tx: Tx,
  decidedAt: Date,
  decided: readonly DecidedClaim[],
  issued: readonly NewCoupon[],
): Promise<void> {
  const batch = [JSON.stringify(decided), JSON.stringify(issued), decidedAt.toISOString()];
  const { saved } = only(await tx.run(saveBatch, batch));
  if (saved !== decided.length) throw new Error('a claim of a locked class was decided elsewhere');
}

const savePeriods = statement<never>(
  'claims.save_periods',
  `insert into class_member_periods (class_id, wallet_id, period, start, claimed, member_limit)
   select "classId", "walletId", "period", "start", count(*), max("memberLimit")
     from json_to_recordset($1::json) as p(
       "classId" text, "walletId" text, "period" text, "start" date, "memberLimit" int)
    group by "classId", "walletId", "period", "start"
    order by "classId", "walletId", "period", "start"
   on conflict on constraint class_member_periods_key do update
     set claimed = class_member_periods.claimed + excluded.claimed,
         member_limit = excluded.member_limit`,
);

/** A coupon that counts against the limit of a day or a week. */
export interface CountedPeriod extends LimitedPeriod {
  readonly classId: string;
  readonly walletId: string;
}

/** Counts what was granted against the limits of days and weeks. */
export async function countPeriods(tx: Tx, counted: readonly CountedPeriod[]): Promise<void> {
  if (counted.length > 0) await tx.run(savePeriods, [JSON.stringify(counted)]);
}

const waiting = statement<{ lane: number }>(
  'claims.waiting_lanes',
  `select distinct lane from claims
    where status = 'pending' and created_at < clock_timestamp() - make_interval(secs => $1)`,
);

/** Lanes with claims that have waited longer than that: their bell was lost. */
export async function lanesWithOldClaims(db: Db, seconds: number): Promise<number[]> {
  return (await db.run(waiting, [seconds])).map(({ lane }) => lane);
}
