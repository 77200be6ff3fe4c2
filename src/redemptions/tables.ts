import { sql } from 'drizzle-orm';
import {
  bigint,
  check,
  foreignKey,
  index,
  jsonb,
  pgTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { couponClasses, coupons } from '../coupons/tables.ts';
import { issuers } from '../issuers/tables.ts';
import { instant, stampedNow } from '../platform/columns.ts';
import type { Order } from './model.ts';

export const redemptions = pgTable(
  'redemptions',
  {
    id: text('id').primaryKey(),
    couponId: text('coupon_id').notNull(),
    classId: text('class_id').notNull(),
    /** The coupon's issuer. */
    issuerId: text('issuer_id').notNull(),
    /** The issuer at whose till it was redeemed. */
    redemptionIssuerId: text('redemption_issuer_id')
      .notNull()
      .references(() => issuers.id),
    collectorId: text('collector_id').notNull(),
    terminalId: text('terminal_id'),
    storeId: text('store_id'),
    /** Coupons that were redeemed together on one order. */
    basketId: text('basket_id'),
    state: text('state').notNull().default('confirmed'),
    /** A hold that is not confirmed by then counts no more. */
    heldUntil: instant('held_until'),
    order: jsonb('order').notNull().$type<Order>(),
    orderTotalMinor: bigint('order_total_minor', { mode: 'number' }).notNull(),
    discountMinor: bigint('discount_minor', { mode: 'number' }).notNull(),
    payableMinor: bigint('payable_minor', { mode: 'number' }).notNull(),
    redeemedAt: stampedNow('redeemed_at'),
    reversalId: text('reversal_id').unique(),
    reversedAt: instant('reversed_at'),
  },
  (table) => [
    uniqueIndex('redemptions_one_standing_a_coupon')
      .on(table.couponId)
      .where(sql`${table.reversedAt} is null and ${table.state} <> 'released'`),
    foreignKey({
      name: 'redemptions_coupon_of_class',
      columns: [table.classId, table.couponId],
      foreignColumns: [coupons.classId, coupons.id],
    }),
    foreignKey({
      name: 'redemptions_class_of_issuer',
      columns: [table.issuerId, table.classId],
      foreignColumns: [couponClasses.issuerId, couponClasses.id],
    }),
    check(
      'redemptions_amounts',
      sql`${table.discountMinor} >= 0 and ${table.payableMinor} >= 0 and ${table.discountMinor} + ${table.payableMinor} = ${table.orderTotalMinor}`,
    ),
    check('redemptions_state', sql`${table.state} in ('held', 'confirmed', 'released')`),
    check('redemptions_hold_ends', sql`${table.state} <> 'held' or ${table.heldUntil} is not null`),
    check(
      'redemptions_reversal',
      sql`(${table.reversalId} is null) = (${table.reversedAt} is null)`,
    ),
    index('redemptions_by_class').on(table.classId),
    index('redemptions_by_basket').on(table.basketId).where(sql`${table.basketId} is not null`),
    index('redemptions_held').on(table.heldUntil).where(sql`${table.state} = 'held'`),
  ],
);
