import { sql } from 'drizzle-orm';
import {
  bigint,
  check,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { issuers } from '../issuers/tables.ts';
import { passClasses, passObjects } from '../passes/tables.ts';
import { instant, stampedNow } from '../platform/columns.ts';
import { wallets } from '../wallets/tables.ts';

/** A person with a wallet. What names the person is sealed; a mark of it finds the row. */
export const members = pgTable(
  'members',
  {
    id: text('id').primaryKey(),
    walletId: text('wallet_id')
      .notNull()
      .unique('members_wallet')
      .references(() => wallets.id),
    /** A keyed digest of the phone number: equal numbers have equal marks. */
    phoneMark: text('phone_mark'),
    phoneSealed: text('phone_sealed'),
    /** The language that the member chose; null follows the browser. */
    language: text('language'),
    /** The member that this one became; its wallet is empty. */
    mergedInto: text('merged_into'),
    erasedAt: instant('erased_at'),
    createdAt: stampedNow('created_at'),
  },
  (table) => [
    uniqueIndex('members_phone').on(table.phoneMark).where(sql`${table.phoneMark} is not null`),
    foreignKey({
      name: 'members_merged_into',
      columns: [table.mergedInto],
      foreignColumns: [table.id],
    }),
    check(
      'members_phone_whole',
      sql`(${table.phoneMark} is null) = (${table.phoneSealed} is null)`,
    ),
    check(
      'members_gone_without_phone',
      sql`${table.phoneMark} is null or (${table.erasedAt} is null and ${table.mergedInto} is null)`,
    ),
  ],
);

/** A phone that has tapped, known by its cookie; nobody's until its owner joins. */
export const memberDevices = pgTable(
  'member_devices',
  {
    id: text('id').primaryKey(),
    secretSha256: text('secret_sha256').notNull().unique('member_devices_secret'),
    memberId: text('member_id').references(() => members.id),
    createdAt: stampedNow('created_at'),
    seenAt: stampedNow('seen_at'),
    endedAt: instant('ended_at'),
  },
  (table) => [index('member_devices_by_member').on(table.memberId)],
);

/** A one-time code on its way to a phone number. */
export const joinCodes = pgTable(
  'join_codes',
  {
    id: text('id').primaryKey(),
    deviceId: text('device_id')
      .notNull()
      .references(() => memberDevices.id),
    phoneMark: text('phone_mark').notNull(),
    phoneSealed: text('phone_sealed').notNull(),
    codeMark: text('code_mark').notNull(),
    /** Wrong guesses so far. */
    tries: integer('tries').notNull().default(0),
    expiresAt: instant('expires_at').notNull(),
    usedAt: instant('used_at'),
    createdAt: stampedNow('created_at'),
  },
  (table) => [
    index('join_codes_by_phone').on(table.phoneMark, table.createdAt),
    index('join_codes_by_device').on(table.deviceId, table.createdAt),
  ],
);

/** A sign-in at an OpenID provider that a phone has begun. */
export const signIns = pgTable('sign_ins', {
  stateSha256: text('state_sha256').primaryKey(),
  deviceId: text('device_id')
    .notNull()
    .references(() => memberDevices.id),
  /** The code verifier and the nonce, sealed. */
  sealed: text('sealed').notNull(),
  returnTo: text('return_to').notNull(),
  expiresAt: instant('expires_at').notNull(),
});

/** Who a member is at an OpenID provider. */
export const memberIdentities = pgTable(
  'member_identities',
  {
    provider: text('provider').notNull(),
    subject: text('subject').notNull(),
    memberId: text('member_id')
      .notNull()
      .references(() => members.id),
    createdAt: stampedNow('created_at'),
  },
  (table) => [
    primaryKey({ columns: [table.provider, table.subject] }),
    index('member_identities_by_member').on(table.memberId),
  ],
);

/** What joining at an issuer gives: a pass of that class, with the next number. */
export const membershipTerms = pgTable('membership_terms', {
  issuerId: text('issuer_id')
    .primaryKey()
    .references(() => issuers.id),
  classId: text('class_id')
    .notNull()
    .references(() => passClasses.id),
  lastNumber: bigint('last_number', { mode: 'number' }).notNull().default(0),
});

/** That a member joined an issuer, once. */
export const memberships = pgTable(
  'memberships',
  {
    memberId: text('member_id')
      .notNull()
      .references(() => members.id),
    issuerId: text('issuer_id')
      .notNull()
      .references(() => issuers.id),
    number: bigint('number', { mode: 'number' }).notNull(),
    objectId: text('object_id')
      .notNull()
      .references(() => passObjects.id),
    /** What the issuer's own member system calls the member it handed over. */
    externalId: text('external_id'),
    /** The mark of the phone number that came with an import; it is not proven by anybody yet. */
    importedMark: text('imported_mark'),
    joinedAt: stampedNow('joined_at'),
  },
  (table) => [
    primaryKey({ columns: [table.memberId, table.issuerId] }),
    unique('memberships_number').on(table.issuerId, table.number),
    index('memberships_imported')
      .on(table.issuerId, table.importedMark)
      .where(sql`${table.importedMark} is not null`),
    unique('memberships_external_id').on(table.issuerId, table.externalId),
  ],
);
