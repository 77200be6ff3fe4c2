import { and, asc, eq, gt, type SQL, sql } from 'drizzle-orm';
import { classIds } from '../passes/tables.ts';
import { type Db, only, rareStatement, statement, type Tx } from '../platform/database.ts';
import type {
  ClassStats,
  ClassStatus,
  CouponClass,
  IssueType,
  Scene,
  StoredClass,
} from './model.ts';
import type { ClassChange } from './rules.ts';
import { couponClasses } from './tables.ts';

const now = sql<string>`clock_timestamp()`;

function select(db: Db) {
  return db.query.select({ row: couponClasses, now }).from(couponClasses);
}

function stored({
  row,
  now,
}: {
  row: typeof couponClasses.$inferSelect;
  now: string;
}): StoredClass {
  const { kind: _kind, ...columns } = row;
  return {
    ...columns,
    issueType: row.issueType as IssueType,
    scene: row.scene as Scene,
    now: new Date(now),
  };
}

/** Takes the class id and inserts; false when a class of either kind has that id. */
export async function insertClass(
  tx: Tx,
  couponClass: Omit<CouponClass, 'claimed' | 'voidedAt'>,
): Promise<boolean> {
  const taken = await tx.query
    .insert(classIds)
    .values({ id: couponClass.id, kind: 'coupon' })
    .onConflictDoNothing()
    .returning({ id: classIds.id });
  if (taken.length === 0) return false;
  await tx.query.insert(couponClasses).values(couponClass);
  return true;
}

export async function findClass(db: Db, id: string): Promise<StoredClass | null> {
  const [found] = await select(db).where(eq(couponClasses.id, id));
  return found ? stored(found) : null;
}

/** The class, locked until the transaction ends; claims of it wait meanwhile. */
export async function lockClass(tx: Tx, id: string): Promise<StoredClass | null> {
  const [found] = await select(tx).where(eq(couponClasses.id, id)).for('no key update');
  return found ? stored(found) : null;
}

export async function updateClass(tx: Tx, id: string, change: ClassChange): Promise<void> {
  const set = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  await tx.query
    .update(couponClasses)
    .set({ ...set, updatedAt: sql`clock_timestamp()` })
    .where(eq(couponClasses.id, id));
}

export async function voidClass(tx: Tx, id: string): Promise<void> {
  await tx.query
    .update(couponClasses)
    .set({ voidedAt: sql`clock_timestamp()`, updatedAt: sql`clock_timestamp()` })
    .where(eq(couponClasses.id, id));
}

const { claimStart, claimEnd, draft, voidedAt } = couponClasses;
const HAS_STATUS: Readonly<Record<ClassStatus, SQL>> = {
  voided: sql`${voidedAt} is not null`,
  draft: sql`${voidedAt} is null and ${draft}`,
  scheduled: sql`${voidedAt} is null and not ${draft} and clock_timestamp() < ${claimStart}`,
  open: sql`${voidedAt} is null and not ${draft} and clock_timestamp() >= ${claimStart} and clock_timestamp() < ${claimEnd}`,
  ended: sql`${voidedAt} is null and not ${draft} and clock_timestamp() >= ${claimEnd}`,
};

export async function listClasses(
  db: Db,
  filter: { readonly issuerId: string | null; readonly status: ClassStatus | null },
  page: { readonly after: string | null; readonly limit: number },
): Promise<StoredClass[]> {
  const found = await select(db)
    .where(
      and(
        filter.issuerId === null ? undefined : eq(couponClasses.issuerId, filter.issuerId),
        filter.status === null ? undefined : HAS_STATUS[filter.status],
        page.after === null ? undefined : gt(couponClasses.id, page.after),
      ),
    )
    .orderBy(asc(couponClasses.id))
    .limit(page.limit);
  return found.map(stored);
}

const statsOf = rareStatement<
  { class_id: string } & ClassStatsRow
>(`select c.id as class_id, c.claimed,
          (select count(*)::int from coupons q
            where q.class_id = c.id and q.generation > 0
              and q.voided_by is distinct from 'reversal') as cloned,
          r.redeemed, r.order_total_minor
     from coupon_classes c
     cross join lateral (
       select count(*)::int as redeemed, coalesce(sum(order_total_minor), 0)::text as order_total_minor
         from redemptions where class_id = c.id and reversed_at is null) r
    where c.id in (select json_array_elements_text($1::json))`);

interface ClassStatsRow {
  claimed: number;
  cloned: number;
  redeemed: number;
  order_total_minor: string;
}

/** The counters of the classes, from the rows they count. */
export async function classStats(
  db: Db,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ClassStats>> {
  const rows = await db.run(statsOf, [JSON.stringify(ids)]);
  return new Map(
    rows.map(({ class_id, claimed, redeemed, cloned, order_total_minor }) => [
      class_id,
      { claimed, redeemed, cloned, orderTotalMinor: Number(order_total_minor) },
    ]),
  );
}

const missing = statement<{ count: number }>(
  'coupons.missing_issuers',
  `select count(*)::int as count from json_array_elements_text($1::json) as wanted(id)
    where not exists (select 1 from issuers where issuers.id = wanted.id)`,
);

/** How many of these issuers do not exist. */
export async function countMissingIssuers(db: Db, ids: readonly string[]): Promise<number> {
  return only(await db.run(missing, [JSON.stringify(ids)])).count;
}
