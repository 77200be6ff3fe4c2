import { foreignKey, pgTable, text, unique } from 'drizzle-orm/pg-core';
import { issuers } from '../issuers/tables.ts';
import { stampedNow } from '../platform/columns.ts';

export const stores = pgTable(
  'stores',
  {
    id: text('id').notNull(),
    issuerId: text('issuer_id')
      .notNull()
      .references(() => issuers.id),
    name: text('name').notNull(),
    createdAt: stampedNow('created_at'),
  },
  (table) => [unique('stores_issuer_id').on(table.issuerId, table.id)],
);

export const terminals = pgTable(
  'terminals',
  {
    id: text('id').notNull(),
    issuerId: text('issuer_id').notNull(),
    storeId: text('store_id').notNull(),
    name: text('name').notNull(),
    createdAt: stampedNow('created_at'),
  },
  (table) => [
    unique('terminals_issuer_id').on(table.issuerId, table.id),
    foreignKey({
      name: 'terminals_store_of_issuer',
      columns: [table.issuerId, table.storeId],
      foreignColumns: [stores.issuerId, stores.id],
    }),
  ],
);
