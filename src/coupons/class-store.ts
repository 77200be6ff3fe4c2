import { and, asc, eq, gt, type SQL, sql } from 'drizzle-orm';
import { classIds } from '../passes/tables.ts';
import type { Db, Tx } from '../platform/database.ts';
import type { ClassInput, ClassStatus, IssueType, Scene, StoredClass } from './model.ts';
import type { ClassChange } from './rules.ts';
import { couponClasses } from './tables.ts';

const columns = {
  id: couponClasses.id,
  issuerId: couponClasses.issuerId,
  name: couponClasses.name,
  description: couponClasses.description,
  issueType: couponClasses.issueType,
  scene: couponClasses.scene,
  claimStart: couponClasses.claimStart,
  claimEnd: couponClasses.claimEnd,
  perMemberLimit: couponClasses.perMemberLimit,
  stock: couponClasses.stock,
  claimed: couponClasses.claimed,
  validity: couponClasses.validity,
  discount: couponClasses.discount,
  minSpendMinor: couponClasses.minSpendMinor,
  scope: couponClasses.scope,
  regularPriceOnly: couponClasses.regularPriceOnly,
  memberClasses: couponClasses.memberClasses,
  plusOnly: couponClasses.plusOnly,
  stores: couponClasses.stores,
  redemptionIssuers: couponClasses.redemptionIssuers,
  maxClones: couponClasses.maxClones,
  cloneClassId: couponClasses.cloneClassId,
  cloneAfterHours: couponClasses.cloneAfterHours,
  timeZone: couponClasses.timeZone,
  claimHours: couponClasses.claimHours,
  useHours: couponClasses.useHours,
  perMemberDayLimit: couponClasses.perMemberDayLimit,
  perMemberWeekLimit: couponClasses.perMemberWeekLimit,
  stackingGroup: couponClasses.stackingGroup,
  exclusive: couponClasses.exclusive,
  budgetMinor: couponClasses.budgetMinor,
  committedMinor: couponClasses.committedMinor,
  expiryNoticeDays: couponClasses.expiryNoticeDays,
  transferable: couponClasses.transferable,
  draft: couponClasses.draft,
  voidedAt: couponClasses.voidedAt,
  version: couponClasses.version,
  createdAt: couponClasses.createdAt,
  updatedAt: couponClasses.updatedAt,
  now: sql<string>`clock_timestamp()`,
};

function select(db: Db) {
  return db.query.select(columns).from(couponClasses);
}

type ClassRow = Omit<StoredClass, 'issueType' | 'scene' | 'now'> & {
  readonly issueType: string;
  readonly scene: string;
  readonly now: string;
};

function stored({ issueType, scene, now, ...row }: ClassRow): StoredClass {
  return {
    ...row,
    issueType: issueType as IssueType,
    scene: scene as Scene,
    now: new Date(now),
  };
}

/** Takes the class id and inserts; false when a class of either kind has that id. */
export async function insertClass(tx: Tx, couponClass: ClassInput): Promise<boolean> {
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
    .set({
      ...set,
      version: sql`${couponClasses.version} + 1`,
      updatedAt: sql`clock_timestamp()`,
    })
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
