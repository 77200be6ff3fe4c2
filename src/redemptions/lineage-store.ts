import type { Budgeted } from '../coupons/budget-rules.ts';
import type { Validity } from '../coupons/model.ts';
import { at, type Db, only, statement } from '../platform/database.ts';

/** What decides whether the lineage of a coupon takes one more clone, and of which class. */
export interface Lineage {
  readonly id: string;
  readonly now: Date;
  readonly clones: number;
  /** What the class of the redeemed coupon says. */
  readonly maxClones: number | null;
  readonly afterHours: number;
  /** Of the rules of the redeemed coupon's class. */
  readonly version: number;
  /** The class of what comes back. */
  readonly cloneClass: CloneClass;
}

export interface CloneClass {
  readonly id: string;
  readonly withdrawn: boolean;
  readonly validity: Validity;
  readonly timeZone: string;
  readonly expiryNoticeDays: number;
  readonly budget: Budgeted;
}

interface LineageRow {
  id: string;
  now: string;
  clones: number;
  max_clones: number | null;
  clone_after_hours: number;
  version: number;
  clone_class_id: string;
  withdrawn_at: string | null;
  validity: Validity;
  time_zone: string;
  expiry_notice_days: number;
  discount: Budgeted['discount'];
  budget_minor: string | null;
  committed_minor: string;
}

const lineage = statement<LineageRow>(
  'redemptions.lineage',
  `select q.lineage_id as id, clock_timestamp() as now, c.max_clones, c.clone_after_hours,
          c.version, k.id as clone_class_id, k.withdrawn_at, k.validity, k.time_zone,
          k.expiry_notice_days, k.discount, k.budget_minor, k.committed_minor,
          (select count(*)::int from coupons k
            where k.lineage_id = q.lineage_id and k.generation > 0
              and k.voided_by is distinct from 'reversal' and k.transferred_from is null) as clones
     from (select * from coupons where id = any (array[$1]) order by id offset 0) q
     cross join lateral (
       select * from coupon_classes
        where issuer_id = q.issuer_id and id = q.class_id offset 0) c
     cross join lateral (
       select * from coupon_classes
        where issuer_id = q.issuer_id and id = coalesce(c.clone_class_id, c.id) offset 0) k`,
);

export async function lineageOf(db: Db, couponId: string): Promise<Lineage> {
  const row = only(await db.run(lineage, [couponId]));
  const { id, clones, max_clones: maxClones, clone_after_hours: afterHours, version } = row;
  return {
    id,
    now: at(row.now),
    clones,
    maxClones,
    afterHours,
    version,
    cloneClass: cloneClass(row),
  };
}

function cloneClass(row: LineageRow): CloneClass {
  const budgetMinor = row.budget_minor === null ? null : Number(row.budget_minor);
  return {
    id: row.clone_class_id,
    withdrawn: row.withdrawn_at !== null,
    validity: row.validity,
    timeZone: row.time_zone,
    expiryNoticeDays: row.expiry_notice_days,
    budget: { budgetMinor, committedMinor: Number(row.committed_minor), discount: row.discount },
  };
}
