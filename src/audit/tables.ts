import { bigint, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { stampedNow } from '../platform/columns.ts';

/** Who did what with which outcome; rows are only ever added. */
export const auditEntries = pgTable('audit_entries', {
  seq: bigint('seq', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  actor: text('actor').notNull(),
  action: text('action').notNull(),
  subject: text('subject').notNull(),
  outcome: text('outcome').notNull(),
  detail: jsonb('detail').notNull().$type<Record<string, unknown>>(),
  at: stampedNow('at'),
});
