import { sql } from 'drizzle-orm';
import { check, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { coupons } from '../coupons/tables.ts';
import { instant, stampedNow } from '../platform/columns.ts';
import { wallets } from '../wallets/tables.ts';

/** A link by which a coupon goes to another wallet, once. */
export const transfers = pgTable(
  'transfers',
  {
    id: text('id').primaryKey(),
    couponId: text('coupon_id')
      .notNull()
      .references(() => coupons.id),
    tokenSha256: text('token_sha256').notNull().unique(),
    createdAt: stampedNow('created_at'),
    expiresAt: instant('expires_at').notNull(),
    revokedAt: instant('revoked_at'),
    acceptedAt: instant('accepted_at'),
    toWalletId: text('to_wallet_id').references(() => wallets.id),
    /** What the receiver got for it. */
    newCouponId: text('new_coupon_id').references(() => coupons.id),
  },
  (table) => [
    uniqueIndex('transfers_one_open_a_coupon')
      .on(table.couponId)
      .where(sql`${table.acceptedAt} is null and ${table.revokedAt} is null`),
    check('transfers_ends_once', sql`${table.acceptedAt} is null or ${table.revokedAt} is null`),
    check(
      'transfers_accepted',
      sql`(${table.acceptedAt} is null) = (${table.newCouponId} is null) and (${table.acceptedAt} is null) = (${table.toWalletId} is null)`,
    ),
  ],
);
