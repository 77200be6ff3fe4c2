import { and, asc, eq, gt, isNull, type SQL, sql } from 'drizzle-orm';
import { couponClasses } from '../coupons/tables.ts';
import { type Db, only, statement, type Tx } from '../platform/database.ts';
import type { Page } from '../platform/page.ts';
import type { BulkIssue, BulkStatus } from './model.ts';
import { bulkIssues } from './tables.ts';

const columns = {
  id: bulkIssues.id,
  issuerId: bulkIssues.issuerId,
  classId: bulkIssues.classId,
  status: sql<BulkStatus>`${bulkIssues.status}`,
  total: bulkIssues.total,
  issued: bulkIssues.issued,
  refused: bulkIssues.refused,
  createdAt: bulkIssues.createdAt,
  finishedAt: bulkIssues.finishedAt,
};

export interface NewBulkIssue {
  readonly id: string;
  readonly issuerId: string;
  readonly classId: string;
  readonly actor: string;
  readonly requestId: string;
}

/** The job before its wallets are counted; `startBulkIssue` follows in the same transaction. */
export async function insertBulkIssue(tx: Tx, issue: NewBulkIssue): Promise<void> {
  await tx.query.insert(bulkIssues).values({ ...issue, status: 'running', total: 0 });
}

/** Lets the job run; one of no wallets is done. */
export async function startBulkIssue(tx: Tx, id: string, total: number): Promise<BulkIssue> {
  const begun = total === 0 ? { status: 'done', finishedAt: sql`clock_timestamp()` } : {};
  const rows = await tx.query
    .update(bulkIssues)
    .set({ total, ...begun })
    .where(eq(bulkIssues.id, id))
    .returning(columns);
  return only(rows);
}

export async function findBulkIssue(db: Db, id: string): Promise<BulkIssue | null> {
  const [found] = await db.query.select(columns).from(bulkIssues).where(eq(bulkIssues.id, id));
  return found ?? null;
}

/** Jobs of a class in the order in which they were asked for. */
export function listBulkIssues(db: Db, classId: string, page: Page): Promise<BulkIssue[]> {
  const after = page.after === null ? undefined : gt(bulkIssues.id, page.after);
  return db.query
    .select(columns)
    .from(bulkIssues)
    .where(and(eq(bulkIssues.classId, classId), after))
    .orderBy(asc(bulkIssues.id))
    .limit(page.limit);
}

/** A job as those need it who take it further. */
export interface HeldBulkIssue extends BulkIssue {
  /** Items before it were handed in. */
  readonly position: number;
  readonly actor: string;
  readonly requestId: string;
  /** The version of its class. */
  readonly version: number;
}

function held(tx: Tx, which: SQL | undefined) {
  const { position, actor, requestId } = bulkIssues;
  return tx.query
    .select({ ...columns, position, actor, requestId, version: couponClasses.version })
    .from(bulkIssues)
    .innerJoin(couponClasses, eq(couponClasses.id, bulkIssues.classId))
    .where(which);
}

/** The job, locked until the transaction ends. */
export async function lockBulkIssue(tx: Tx, id: string): Promise<HeldBulkIssue | null> {
  const [found] = await held(tx, eq(bulkIssues.id, id)).for('update', { of: bulkIssues });
  return found ?? null;
}

/** The job, locked; null when it is finished or someone else has it just now. */
export async function lockUnfinished(tx: Tx, id: string): Promise<HeldBulkIssue | null> {
  const unfinished = and(eq(bulkIssues.id, id), isNull(bulkIssues.finishedAt));
  const [found] = await held(tx, unfinished).for('update', { of: bulkIssues, skipLocked: true });
  return found ?? null;
}

/** How far a job has come. */
export interface Advance {
  readonly until: number;
  readonly issued: number;
  readonly refused: number;
  readonly isLast: boolean;
}

const advance = statement<{ id: string }>(
  'bulk.advance',
  `update bulk_issues
      set position = $2, issued = issued + $3, refused = refused + $4,
          status = case when $5 and status = 'running' then 'done' else status end,
          finished_at = case when $5 then clock_timestamp() end
    where id = $1 and finished_at is null returning id`,
);

/** Writes down a step in the transaction of its claims. */
export async function saveAdvance(tx: Tx, id: string, step: Advance): Promise<void> {
  const { until, issued, refused, isLast } = step;
  only(await tx.run(advance, [id, until, issued, refused, isLast]));
}

const cancel = statement<{ id: string }>(
  'bulk.cancel',
  `update bulk_issues
      set status = 'cancelled',
          finished_at = case when issued + refused = position then clock_timestamp() end
    where id = $1 and status = 'running' returning id`,
);

/** Stops a running job; it is finished when what was handed in is decided. */
export async function cancelRunning(tx: Tx, id: string): Promise<void> {
  only(await tx.run(cancel, [id]));
}

const leftBehind = statement<{ id: string }>(
  'bulk.left_behind',
  `select b.id from bulk_issues b
     left join lateral (
       select c.created_at from bulk_issue_items i join claims c on c.id = i.claim_id
        where i.bulk_id = b.id and i.position = b.position - 1 offset 0) l on true
    where b.finished_at is null
      and coalesce(l.created_at, b.created_at) < clock_timestamp() - make_interval(secs => $1)
    order by b.id limit 100`,
);

/** Unfinished jobs that handed in nothing for so long: nobody is at work on them. */
export async function bulkIssuesLeftBehind(db: Db, seconds: number): Promise<string[]> {
  return (await db.run(leftBehind, [seconds])).map(({ id }) => id);
}
