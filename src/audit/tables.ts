import { bigint, index, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { stampedNow } from '../platform/columns.ts';

/** Who did what with which outcome; rows are only ever added, and a trigger sees to it. */
export const auditEntries = pgTable(
  'audit_entries',
  {
    seq: bigint('seq', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    actor: text('actor').notNull(),
    action: text('action').notNull(),
    subject: text('subject').notNull(),
    outcome: text('outcome').notNull(),
    detail: jsonb('detail').notNull().$type<Record<string, unknown>>(),
    at: stampedNow('at'),
  },
  (table) => [index('audit_entries_by_subject').on(table.subject, table.seq)],
);

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

/**
 * Numbers below the highest sealed entry under which none was seen: of transactions that still
 * ran, or that ended in nothing. What appears there later is late and not inserted behind our back.
 */
export const auditGaps = pgTable('audit_gaps', {
  first: bigint('first', { mode: 'number' }).primaryKey(),
  last: bigint('last', { mode: 'number' }).notNull(),
  seenAt: stampedNow('seen_at'),
});
