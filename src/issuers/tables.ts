import { sql } from 'drizzle-orm';
import { bigint, check, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { instant, stampedNow } from '../platform/columns.ts';

export const issuers = pgTable(
  'issuers',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    /** What terminals present; one an issuer, for good. */
    collectorId: text('collector_id').unique(),
    /** The resource as its owner wrote it, without what the columns hold. */
    body: jsonb('body').notNull().$type<Record<string, unknown>>(),
    createdAt: stampedNow('created_at'),
    updatedAt: stampedNow('updated_at'),
  },
  (table) => [
    check('issuers_id_is_int64', sql`${table.id} ~ '^[1-9][0-9]{0,18}$'`),
    check('issuers_collector_id_is_int64', sql`${table.collectorId} ~ '^[1-9][0-9]{0,18}$'`),
  ],
);

/** Public keys by version; a retired one stays as the evidence behind its taps. */
export const issuerKeys = pgTable(
  'issuer_keys',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    issuerId: text('issuer_id')
      .notNull()
      .references(() => issuers.id),
    version: integer('version').notNull(),
    /** The 91 canonical bytes of the SubjectPublicKeyInfo, base64. */
    spki: text('spki').notNull(),
    createdAt: stampedNow('created_at'),
    retiredAt: instant('retired_at'),
  },
  (table) => [
    uniqueIndex('issuer_keys_one_live_a_version')
      .on(table.issuerId, table.version)
      .where(sql`${table.retiredAt} is null`),
  ],
);
