import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
} from 'drizzle-orm/pg-core';
import { issuers } from '../issuers/tables.ts';
import { instant, stampedNow } from '../platform/columns.ts';

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
    /** The number of the last event told to it: events are numbered one by one, under its lock. */
    lastEvent: bigint('last_event', { mode: 'number' }).notNull().default(0),
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

/** What the live line tells a terminal. It names rows; what they say is read when it is told. */
export const terminalEvents = pgTable(
  'terminal_events',
  {
    issuerId: text('issuer_id').notNull(),
    terminalId: text('terminal_id').notNull(),
    number: bigint('number', { mode: 'number' }).notNull(),
    kind: text('kind').notNull(),
    tapId: text('tap_id'),
    walletId: text('wallet_id'),
    detail: jsonb('detail').notNull().default({}).$type<Readonly<Record<string, unknown>>>(),
    at: stampedNow('at'),
  },
  (table) => [
    primaryKey({ columns: [table.issuerId, table.terminalId, table.number] }),
    foreignKey({
      name: 'terminal_events_terminal',
      columns: [table.issuerId, table.terminalId],
      foreignColumns: [terminals.issuerId, terminals.id],
    }),
    index('terminal_events_by_age').using('brin', table.at),
    index('terminal_events_by_tap').on(table.tapId).where(sql`${table.tapId} is not null`),
  ],
);

/** Six digits that pair one browser with one terminal, once. */
export const pairingCodes = pgTable(
  'pairing_codes',
  {
    code: text('code').primaryKey(),
    issuerId: text('issuer_id').notNull(),
    terminalId: text('terminal_id').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [
    unique('pairing_codes_terminal').on(table.issuerId, table.terminalId),
    foreignKey({
      name: 'pairing_codes_of_terminal',
      columns: [table.issuerId, table.terminalId],
      foreignColumns: [terminals.issuerId, terminals.id],
    }),
  ],
);

/** How many pairing codes were guessed wrong in a minute, over the whole service. */
export const pairingGuesses = pgTable('pairing_guesses', {
  minute: instant('minute').primaryKey(),
  wrong: integer('wrong').notNull(),
});

/** A browser that was paired with a terminal, known by its cookie. */
export const tills = pgTable(
  'tills',
  {
    id: text('id').primaryKey(),
    issuerId: text('issuer_id').notNull(),
    terminalId: text('terminal_id').notNull(),
    secretSha256: text('secret_sha256').notNull().unique('tills_secret'),
    /** Whether recognising members was switched on there. */
    listening: boolean('listening').notNull().default(false),
    pairedAt: stampedNow('paired_at'),
    seenAt: stampedNow('seen_at'),
    endedAt: instant('ended_at'),
  },
  (table) => [
    foreignKey({
      name: 'tills_of_terminal',
      columns: [table.issuerId, table.terminalId],
      foreignColumns: [terminals.issuerId, terminals.id],
    }),
    index('tills_by_terminal').on(table.issuerId, table.terminalId),
  ],
);
