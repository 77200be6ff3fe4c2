import { sql } from 'drizzle-orm';
import { bigint, check, foreignKey, index, pgTable, smallint, text } from 'drizzle-orm/pg-core';
import { coupons } from '../coupons/tables.ts';
import { instant, stampedNow } from '../platform/columns.ts';

/** A claim waits as `pending` until a worker decides it; that row is its own outbox. */
export const claims = pgTable(
  'claims',
  {
    id: text('id').primaryKey(),
    /** The order of arrival. */
    seq: bigint('seq', { mode: 'number' }).generatedAlwaysAsIdentity().notNull(),
    /** No foreign key: every claim would lock the row of its class, which the drain holds. */
    classId: text('class_id').notNull(),
    /** The line it waits in, by its class. */
    lane: smallint('lane').notNull(),
    walletId: text('wallet_id').notNull(),
    tapId: text('tap_id'),
    /** Who asked: an actor as the audit writes it. */
    actor: text('actor').notNull(),
    /** The request that asked, told again in every answer. */
    requestId: text('request_id').notNull(),
    status: text('status').notNull().default('pending'),
    refusal: text('refusal'),
    couponId: text('coupon_id'),
    createdAt: stampedNow('created_at'),
    decidedAt: instant('decided_at'),
  },
  (table) => [
    check('claims_status', sql`${table.status} in ('pending', 'issued', 'refused')`),
    check('claims_refusal', sql`(${table.status} = 'refused') = (${table.refusal} is not null)`),
    check('claims_coupon', sql`(${table.status} = 'issued') = (${table.couponId} is not null)`),
    check('claims_decided', sql`(${table.status} = 'pending') = (${table.decidedAt} is null)`),
    foreignKey({
      name: 'claims_coupon_of_class',
      columns: [table.classId, table.couponId],
      foreignColumns: [coupons.classId, coupons.id],
    }),
    index('claims_pending').on(table.lane, table.seq).where(sql`${table.status} = 'pending'`),
    // Only what is decided: a claim that comes in shall not pay for it.
    index('claims_decided_by_class')
      .on(table.classId, table.id)
      .where(sql`${table.decidedAt} is not null`),
  ],
);
