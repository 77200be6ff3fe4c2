import { sql } from 'drizzle-orm';
import { bigint, check, index, integer, jsonb, pgTable, text, unique } from 'drizzle-orm/pg-core';
import { issuers } from '../issuers/tables.ts';
import { instant, stampedNow } from '../platform/columns.ts';

/** Where an issuer wants to be told. */
export const webhookEndpoints = pgTable(
  'webhook_endpoints',
  {
    id: text('id').primaryKey(),
    issuerId: text('issuer_id')
      .notNull()
      .references(() => issuers.id),
    url: text('url').notNull(),
    /** Encrypted, with the endpoint's id as associated data. */
    secret: text('secret').notNull(),
    createdAt: stampedNow('created_at'),
    disabledAt: instant('disabled_at'),
  },
  (table) => [index('webhook_endpoints_by_issuer').on(table.issuerId, table.id)],
);

/** Something somebody is to be told. */
export const notices = pgTable(
  'notices',
  {
    id: text('id').primaryKey(),
    seq: bigint('seq', { mode: 'number' }).generatedAlwaysAsIdentity().notNull(),
    issuerId: text('issuer_id').notNull(),
    kind: text('kind').notNull(),
    /** What it is about: one notice of a kind a subject. */
    subject: text('subject').notNull(),
    body: jsonb('body').notNull().$type<Record<string, unknown>>(),
    createdAt: stampedNow('created_at'),
  },
  (table) => [unique('notices_once').on(table.kind, table.subject)],
);

/** One notice on its way through one channel. */
export const noticeDeliveries = pgTable(
  'notice_deliveries',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    noticeId: text('notice_id')
      .notNull()
      .references(() => notices.id),
    channel: text('channel').notNull(),
    /** A webhook endpoint's id, or empty. */
    target: text('target').notNull().default(''),
    attempts: integer('attempts').notNull().default(0),
    nextAt: stampedNow('next_at'),
    deliveredAt: instant('delivered_at'),
    givenUpAt: instant('given_up_at'),
    lastError: text('last_error'),
  },
  (table) => [
    unique('notice_deliveries_once').on(table.noticeId, table.channel, table.target),
    check('notice_deliveries_channel', sql`${table.channel} in ('log', 'webhook', 'smtp')`),
    index('notice_deliveries_due')
      .on(table.nextAt)
      .where(sql`${table.deliveredAt} is null and ${table.givenUpAt} is null`),
  ],
);
