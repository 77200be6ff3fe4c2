import { sql } from 'drizzle-orm';
import { bigint, check, index, jsonb, pgTable, text, unique } from 'drizzle-orm/pg-core';
import { instant, stampedNow } from '../platform/columns.ts';
import { wallets } from '../wallets/tables.ts';
import type { PassChoice, Verdict } from './model.ts';

/** What a phone hands over; the token itself is never stored. */
export const presentations = pgTable(
  'presentations',
  {
    id: text('id').primaryKey(),
    walletId: text('wallet_id')
      .notNull()
      .references(() => wallets.id),
    tokenSha256: text('token_sha256').notNull().unique(),
    screen: text('screen').notNull(),
    objectId: text('object_id'),
    status: text('status').notNull().default('open'),
    choices: jsonb('choices').notNull().default([]).$type<readonly PassChoice[]>(),
    expiresAt: instant('expires_at').notNull(),
    createdAt: stampedNow('created_at'),
  },
  (table) => [
    check('presentations_screen', sql`${table.screen} in ('home', 'pass')`),
    check(
      'presentations_object_with_pass_screen',
      sql`(${table.screen} = 'pass') = (${table.objectId} is not null)`,
    ),
    check('presentations_status', sql`${table.status} in ('open', 'choose', 'transferred')`),
    index('presentations_by_wallet').on(table.walletId, table.expiresAt),
    index('presentations_by_age').using('brin', table.createdAt),
  ],
);

/** What the wallet's side remembers between the APDUs of one tap. */
export const tapSessions = pgTable(
  'tap_sessions',
  {
    tokenSha256: text('token_sha256').primaryKey(),
    walletId: text('wallet_id')
      .notNull()
      .references(() => wallets.id),
    presentationId: text('presentation_id').notNull(),
    /** Sealed with the session's token, which only the caller has: it holds the keys of the tap. */
    state: text('state').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [index('tap_sessions_by_expiry').on(table.expiresAt)],
);

/**
 * Every authenticated tap with its decision. There are no foreign keys: each tap of an issuer would
 * lock the same rows, and its ids come from rows that are never deleted, read just before.
 */
export const taps = pgTable(
  'taps',
  {
    id: text('id').primaryKey(),
    /** Null for a tap at a stand, which no terminal signed. */
    keyId: bigint('key_id', { mode: 'number' }),
    issuerId: text('issuer_id').notNull(),
    jti: text('jti').notNull(),
    kid: text('kid').notNull(),
    walletId: text('wallet_id'),
    presentationId: text('presentation_id'),
    terminalId: text('terminal_id'),
    outcome: text('outcome').notNull(),
    verdicts: jsonb('verdicts').notNull().$type<readonly Verdict[]>(),
    /** What the terminal signed, with its signature: the evidence. */
    payload: text('payload').notNull(),
    tappedAt: stampedNow('tapped_at'),
  },
  (table) => [
    unique('taps_nonce').on(table.kid, table.jti),
    check(
      'taps_outcome',
      sql`${table.outcome} in ('transferred', 'choose', 'nothing', 'presentation-expired', 'recognised', 'unknown')`,
    ),
    check(
      'taps_signed',
      sql`(${table.keyId} is null) = (${table.outcome} in ('recognised', 'unknown'))`,
    ),
  ],
);
