import { sql } from 'drizzle-orm';
import { boolean, index, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { issuers } from '../issuers/tables.ts';
import { passObjects } from '../passes/tables.ts';
import { stampedNow } from '../platform/columns.ts';

export const wallets = pgTable(
  'wallets',
  {
    id: text('id').primaryKey(),
    /** The issuer whose app keeps the wallet; null for a wallet of the platform. */
    issuerId: text('issuer_id').references(() => issuers.id),
    displayName: text('display_name'),
    externalId: text('external_id'),
    /** Where notices to its owner go. */
    email: text('email'),
    plus: boolean('plus').notNull().default(false),
    /** Makes the pairwise references of this wallet; it goes when the wallet is erased. */
    pairwiseSecret: text('pairwise_secret').notNull(),
    createdAt: stampedNow('created_at'),
  },
  (table) => [
    uniqueIndex('wallets_external_id')
      .on(table.issuerId, table.externalId)
      .where(sql`${table.externalId} is not null`),
    // Nulls are all different to an index, and a wallet of the platform has no issuer.
    uniqueIndex('wallets_platform_external_id')
      .on(table.externalId)
      .where(sql`${table.issuerId} is null`),
    // For a search by how a name begins, in the order of its bytes.
    index('wallets_by_name').on(sql`lower(${table.displayName}) text_pattern_ops`),
  ],
);

export const walletPasses = pgTable(
  'wallet_passes',
  {
    walletId: text('wallet_id')
      .notNull()
      .references(() => wallets.id),
    objectId: text('object_id')
      .notNull()
      .references(() => passObjects.id),
    /** The class allowed one holder when the pass was added. */
    soleHolder: boolean('sole_holder').notNull(),
    addedAt: stampedNow('added_at'),
  },
  (table) => [
    primaryKey({ columns: [table.walletId, table.objectId] }),
    uniqueIndex('wallet_passes_one_holder').on(table.objectId).where(sql`${table.soleHolder}`),
    index('wallet_passes_by_object').on(table.objectId),
  ],
);
