import { index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { stampedNow } from '../platform/columns.ts';

/** The first answer under each idempotency key, written with the effect it answers for. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    scope: text('scope').notNull(),
    key: text('key').notNull(),
    /** SHA-256 of the method, path and body. */
    fingerprint: text('fingerprint').notNull(),
    /** A claim is decided later; its answer is told from its row. */
    claimId: text('claim_id'),
    status: integer('status'),
    headers: text('headers'),
    body: text('body'),
    createdAt: stampedNow('created_at'),
  },
  (table) => [
    primaryKey({ columns: [table.scope, table.key] }),
    index('idempotency_keys_by_age').using('brin', table.createdAt),
  ],
);
