import { sql } from 'drizzle-orm';
import { bigint, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { instant, stampedNow } from '../platform/columns.ts';

/** Work that a committed transaction owes; the relay hands it to BullMQ until it is done. */
export const outbox = pgTable(
  'outbox',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    job: text('job').notNull(),
    payload: jsonb('payload').notNull().$type<Record<string, unknown>>(),
    createdAt: stampedNow('created_at'),
    /** When it was last sent to the queue, or begun. */
    sentAt: instant('sent_at'),
    /** How often it was begun. */
    attempts: integer('attempts').notNull().default(0),
    doneAt: instant('done_at'),
  },
  (table) => [
    index('outbox_undone').on(table.sentAt, table.id).where(sql`${table.doneAt} is null`),
  ],
);

/** Worker processes that are alive; a row older than a few beats is a dead one. */
export const workerBeats = pgTable('worker_beats', {
  id: text('id').primaryKey(),
  beatAt: stampedNow('beat_at'),
});
