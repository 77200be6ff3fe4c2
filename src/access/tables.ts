import { sql } from 'drizzle-orm';
import { check, pgTable, text } from 'drizzle-orm/pg-core';
import { issuers } from '../issuers/tables.ts';
import { instant, stampedNow } from '../platform/columns.ts';

/** API keys: only the hash of the secret is kept. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: text('id').primaryKey(),
    issuerId: text('issuer_id')
      .notNull()
      .references(() => issuers.id),
    mode: text('mode').notNull(),
    scopes: text('scopes').array().notNull(),
    secretSha256: text('secret_sha256').notNull(),
    lastFour: text('last_four').notNull(),
    createdAt: stampedNow('created_at'),
    expiresAt: instant('expires_at'),
    revokedAt: instant('revoked_at'),
  },
  (table) => [check('api_keys_mode', sql`${table.mode} in ('live', 'test')`)],
);
