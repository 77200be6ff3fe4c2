import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  jsonb,
  pgTable,
  text,
  unique,
} from 'drizzle-orm/pg-core';
import { issuers } from '../issuers/tables.ts';
import { instant, stampedNow } from '../platform/columns.ts';

/** Every class id in use: a pass class and a coupon class never share one. */
export const classIds = pgTable(
  'class_ids',
  {
    id: text('id').primaryKey(),
    kind: text('kind').notNull(),
  },
  (table) => [
    unique('class_ids_id_kind').on(table.id, table.kind),
    check('class_ids_kind', sql`${table.kind} in ('pass', 'coupon')`),
  ],
);

export const passClasses = pgTable(
  'pass_classes',
  {
    id: text('id').primaryKey(),
    kind: text('kind').notNull().default('pass'),
    issuerId: text('issuer_id')
      .notNull()
      .references(() => issuers.id),
    vertical: text('vertical').notNull(),
    /** The resource as Google spells it. The columns after it are what the tap decides by. */
    body: jsonb('body').notNull().$type<Record<string, unknown>>(),
    reviewStatus: text('review_status').notNull(),
    enableSmartTap: boolean('enable_smart_tap').notNull(),
    redemptionIssuers: text('redemption_issuers').array().notNull(),
    severalHolders: boolean('several_holders').notNull(),
    version: bigint('version', { mode: 'number' }).notNull().default(1),
    createdAt: stampedNow('created_at'),
    updatedAt: stampedNow('updated_at'),
  },
  (table) => [
    unique('pass_classes_issuer_id_vertical').on(table.issuerId, table.id, table.vertical),
    foreignKey({
      name: 'pass_classes_id_is_claimed',
      columns: [table.id, table.kind],
      foreignColumns: [classIds.id, classIds.kind],
    }),
    check('pass_classes_kind', sql`${table.kind} = 'pass'`),
    check('pass_classes_id_names_issuer', sql`split_part(${table.id}, '.', 1) = ${table.issuerId}`),
    index('pass_classes_by_issuer').on(table.issuerId, table.vertical, table.id),
  ],
);

export const passObjects = pgTable(
  'pass_objects',
  {
    id: text('id').primaryKey(),
    issuerId: text('issuer_id').notNull(),
    classId: text('class_id').notNull(),
    vertical: text('vertical').notNull(),
    body: jsonb('body').notNull().$type<Record<string, unknown>>(),
    state: text('state').notNull(),
    redemptionValue: text('redemption_value'),
    validFrom: instant('valid_from'),
    validUntil: instant('valid_until'),
    version: bigint('version', { mode: 'number' }).notNull().default(1),
    createdAt: stampedNow('created_at'),
    updatedAt: stampedNow('updated_at'),
  },
  (table) => [
    foreignKey({
      name: 'pass_objects_class_of_issuer',
      columns: [table.issuerId, table.classId, table.vertical],
      foreignColumns: [passClasses.issuerId, passClasses.id, passClasses.vertical],
    }),
    check('pass_objects_id_names_issuer', sql`split_part(${table.id}, '.', 1) = ${table.issuerId}`),
    check(
      'pass_objects_state',
      sql`${table.state} in ('ACTIVE', 'COMPLETED', 'EXPIRED', 'INACTIVE')`,
    ),
    index('pass_objects_by_class').on(table.classId, table.id),
    index('pass_objects_by_value')
      .on(table.issuerId, table.redemptionValue)
      .where(sql`${table.redemptionValue} is not null`),
  ],
);
