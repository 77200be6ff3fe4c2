import { bigint, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant } from '../platform/columns.ts';

/** What happened to a class's coupons in an hour, folded from the sealed audit entries. */
export const couponNumbers = pgTable(
  'coupon_numbers',
  {
    classId: text('class_id').notNull(),
    hour: instant('hour').notNull(),
    measure: text('measure').notNull(),
    /** A refusal's code, or empty. */
    reason: text('reason').notNull().default(''),
    storeId: text('store_id').notNull().default(''),
    redemptionIssuerId: text('redemption_issuer_id').notNull().default(''),
    count: bigint('count', { mode: 'number' }).notNull(),
    orderTotalMinor: bigint('order_total_minor', { mode: 'number' }).notNull(),
    discountMinor: bigint('discount_minor', { mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({
      columns: [
        table.classId,
        table.hour,
        table.measure,
        table.reason,
        table.storeId,
        table.redemptionIssuerId,
      ],
    }),
  ],
);

/** The same over a class's whole life, all stores and redemption issuers together. */
export const couponTotals = pgTable(
  'coupon_totals',
  {
    classId: text('class_id').notNull(),
    measure: text('measure').notNull(),
    reason: text('reason').notNull().default(''),
    count: bigint('count', { mode: 'number' }).notNull(),
    orderTotalMinor: bigint('order_total_minor', { mode: 'number' }).notNull(),
    discountMinor: bigint('discount_minor', { mode: 'number' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.classId, table.measure, table.reason] })],
);
