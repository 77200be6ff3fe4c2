import { sql } from 'drizzle-orm';
import { check, index, integer, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core';
import { instant, stampedNow } from '../platform/columns.ts';

/** One coupon class given to many wallets. */
export const bulkIssues = pgTable(
  'bulk_issues',
  {
    id: text('id').primaryKey(),
    issuerId: text('issuer_id').notNull(),
    classId: text('class_id').notNull(),
    actor: text('actor').notNull(),
    requestId: text('request_id').notNull(),
    status: text('status').notNull(),
    total: integer('total').notNull(),
    /** Items before this position were handed in as claims. */
    position: integer('position').notNull().default(0),
    /** Of the first `issued + refused` items the outcome is known. */
    issued: integer('issued').notNull().default(0),
    refused: integer('refused').notNull().default(0),
    createdAt: stampedNow('created_at'),
    /** Set when every claim that was handed in is decided and no more will be. */
    finishedAt: instant('finished_at'),
  },
  (table) => [
    check('bulk_issues_status', sql`${table.status} in ('running', 'done', 'cancelled')`),
    check(
      'bulk_issues_progress',
      sql`${table.position} between 0 and ${table.total} and ${table.issued} + ${table.refused} <= ${table.position}`,
    ),
    // Without the id: an index that holds it might be walked whole to find a job by it.
    index('bulk_issues_by_class').on(table.classId),
    index('bulk_issues_unfinished').on(table.id).where(sql`${table.finishedAt} is null`),
  ],
);

export const bulkIssueItems = pgTable(
  'bulk_issue_items',
  {
    bulkId: text('bulk_id')
      .notNull()
      .references(() => bulkIssues.id),
    position: integer('position').notNull(),
    /** Where nobody has the external id that was named, `external:` and that id. */
    walletId: text('wallet_id').notNull(),
    /** The claim that was handed in for it. */
    claimId: text('claim_id'),
    /** Why it got no coupon. */
    refusal: text('refusal'),
  },
  (table) => [
    primaryKey({ columns: [table.bulkId, table.position] }),
    unique('bulk_issue_items_once').on(table.bulkId, table.walletId),
    index('bulk_issue_items_refused')
      .on(table.bulkId, table.position)
      .where(sql`${table.refusal} is not null`),
  ],
);
