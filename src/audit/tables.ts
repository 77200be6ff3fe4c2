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

/**
 * The chain over the entries, written by one sealer: each hash covers the entry and the hash
 * before it.
 */
export const auditSeals = pgTable('audit_seals', {
  position: bigint('position', { mode: 'number' }).primaryKey(),
  entry: bigint('entry', { mode: 'number' })
    .notNull()
    .unique()
    .references(() => auditEntries.seq),
  hash: text('hash').notNull(),
  sealedAt: stampedNow('sealed_at'),
});

/** Heads of the chain as they were published, a minute apart. */
export const auditHeads = pgTable('audit_heads', {
  position: bigint('position', { mode: 'number' }).primaryKey(),
  hash: text('hash').notNull(),
  publishedAt: stampedNow('published_at'),
});
