import { sql } from 'drizzle-orm';
import {
  bigint,
  check,
  foreignKey,
  index,
  integer,
  pgTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { issuers } from '../issuers/tables.ts';
import { memberDevices } from '../members/tables.ts';
import { instant, stampedNow } from '../platform/columns.ts';
import { taps } from '../taps/tables.ts';
import { terminals } from '../terminals/tables.ts';

/** The tag at a till. Its code is what the tag's address ends with. */
export const stands = pgTable(
  'stands',
  {
    id: text('id').primaryKey(),
    issuerId: text('issuer_id')
      .notNull()
      .references(() => issuers.id),
    code: text('code').notNull().unique('stands_code'),
    /** Null while it stands at no till. */
    terminalId: text('terminal_id'),
    name: text('name').notNull(),
    tag: text('tag').notNull(),
    state: text('state').notNull().default('blank'),
    /** The serial number that a writing phone read from the tag. */
    serial: text('serial'),
    /** NTAG 424 DNA: who the tag is, its keys (sealed), and the last counter it was seen with. */
    uid: text('uid'),
    keysSealed: text('keys_sealed'),
    counter: bigint('counter', { mode: 'number' }),
    /** Messages in a row whose code was wrong; too many lock the tag. */
    forgeries: integer('forgeries').notNull().default(0),
    writtenAt: instant('written_at'),
    verifiedAt: instant('verified_at'),
    createdAt: stampedNow('created_at'),
  },
  (table) => [
    foreignKey({
      name: 'stands_terminal_of_issuer',
      columns: [table.issuerId, table.terminalId],
      foreignColumns: [terminals.issuerId, terminals.id],
    }),
    uniqueIndex('stands_uid').on(table.uid).where(sql`${table.uid} is not null`),
    check('stands_tag', sql`${table.tag} in ('static', 'ntag424')`),
    check(
      'stands_state',
      sql`${table.state} in ('blank', 'written', 'verified', 'locked', 'retired')`,
    ),
    check('stands_keys', sql`(${table.tag} = 'ntag424') = (${table.keysSealed} is not null)`),
    index('stands_by_issuer').on(table.issuerId, table.id),
    index('stands_by_terminal').on(table.issuerId, table.terminalId),
  ],
);

/** A link with which one phone writes one stand's tag. */
export const standWrites = pgTable(
  'stand_writes',
  {
    tokenSha256: text('token_sha256').primaryKey(),
    standId: text('stand_id')
      .notNull()
      .references(() => stands.id),
    expiresAt: instant('expires_at').notNull(),
    usedAt: instant('used_at'),
  },
  (table) => [index('stand_writes_by_stand').on(table.standId)],
);

/** What a phone holds after it touched a stand: good once, for one device, for ten minutes. */
export const standTaps = pgTable(
  'stand_taps',
  {
    tapId: text('tap_id')
      .primaryKey()
      .references(() => taps.id),
    standId: text('stand_id')
      .notNull()
      .references(() => stands.id),
    deviceId: text('device_id')
      .notNull()
      .references(() => memberDevices.id),
    sessionSha256: text('session_sha256').notNull().unique('stand_taps_session'),
    /** What speaks for a touch: an authentic tag, a plain one, or a printed code. */
    proof: text('proof').notNull(),
    at: stampedNow('at'),
    /** When it was first used to claim. */
    claimedAt: instant('claimed_at'),
  },
  (table) => [
    check('stand_taps_proof', sql`${table.proof} in ('sun', 'static', 'qr')`),
    index('stand_taps_by_device').on(table.deviceId, table.standId, table.at),
    index('stand_taps_by_stand').on(table.standId, table.at),
  ],
);
