import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { issuers } from '../issuers/tables.ts';
import { classIds } from '../passes/tables.ts';
import { instant, stampedNow } from '../platform/columns.ts';
import { wallets } from '../wallets/tables.ts';
import type { Discount, Hours, LocalizedText, Scope, Validity } from './model.ts';

export const couponClasses = pgTable(
  'coupon_classes',
  {
    id: text('id').primaryKey(),
    kind: text('kind').notNull().default('coupon'),
    issuerId: text('issuer_id')
      .notNull()
      .references(() => issuers.id),
    name: jsonb('name').notNull().$type<LocalizedText>(),
    description: jsonb('description').$type<LocalizedText>(),
    issueType: text('issue_type').notNull(),
    scene: text('scene').notNull(),
    claimStart: instant('claim_start').notNull(),
    claimEnd: instant('claim_end').notNull(),
    perMemberLimit: integer('per_member_limit').notNull(),
    stock: integer('stock').notNull(),
    /** First-generation coupons issued; the check against stock is the last wall. */
    claimed: integer('claimed').notNull().default(0),
    validity: jsonb('validity').notNull().$type<Validity>(),
    discount: jsonb('discount').notNull().$type<Discount>(),
    minSpendMinor: bigint('min_spend_minor', { mode: 'number' }).notNull(),
    scope: jsonb('scope').notNull().$type<Scope>(),
    regularPriceOnly: boolean('regular_price_only').notNull(),
    memberClasses: jsonb('member_classes').notNull().$type<readonly string[]>(),
    plusOnly: boolean('plus_only').notNull(),
    stores: jsonb('stores').notNull().$type<readonly string[]>(),
    redemptionIssuers: jsonb('redemption_issuers').notNull().$type<readonly string[]>(),
    maxClones: integer('max_clones'),
    /** The class of what comes back for a redemption; null: the same class. */
    cloneClassId: text('clone_class_id'),
    /** The gap before what comes back is usable. */
    cloneAfterHours: integer('clone_after_hours').notNull().default(0),
    /** The merchant's zone, by which hours, days and weeks of this class are told. */
    timeZone: text('time_zone').notNull().default('UTC'),
    claimHours: jsonb('claim_hours').notNull().default([]).$type<readonly Hours[]>(),
    useHours: jsonb('use_hours').notNull().default([]).$type<readonly Hours[]>(),
    perMemberDayLimit: integer('per_member_day_limit'),
    perMemberWeekLimit: integer('per_member_week_limit'),
    /** Of the coupons of one group an order takes one. */
    stackingGroup: text('stacking_group'),
    /** An order with this coupon takes no other. */
    exclusive: boolean('exclusive').notNull().default(false),
    /** The most that the discounts of this class may cost; null: no cap. */
    budgetMinor: bigint('budget_minor', { mode: 'number' }),
    /** What coupons in hand may still cost at most, and redeemed ones have cost. */
    committedMinor: bigint('committed_minor', { mode: 'number' }).notNull().default(0),
    /** Counts the changes, so that a decision can name the rules it was made by. */
    version: integer('version').notNull().default(1),
    expiryNoticeDays: integer('expiry_notice_days').notNull(),
    transferable: boolean('transferable').notNull(),
    draft: boolean('draft').notNull(),
    voidedAt: instant('voided_at'),
    /** Voided together with what was issued of it: nothing is given back or cloned any more. */
    withdrawnAt: instant('withdrawn_at'),
    createdAt: stampedNow('created_at'),
    updatedAt: stampedNow('updated_at'),
  },
  (table) => [
    unique('coupon_classes_issuer_id').on(table.issuerId, table.id),
    foreignKey({
      name: 'coupon_classes_id_is_claimed',
      columns: [table.id, table.kind],
      foreignColumns: [classIds.id, classIds.kind],
    }),
    check('coupon_classes_kind', sql`${table.kind} = 'coupon'`),
    check(
      'coupon_classes_id_names_issuer',
      sql`split_part(${table.id}, '.', 1) = ${table.issuerId}`,
    ),
    check('coupon_classes_stock', sql`${table.claimed} between 0 and ${table.stock}`),
    check('coupon_classes_limit', sql`${table.perMemberLimit} > 0`),
    check('coupon_classes_window', sql`${table.claimStart} < ${table.claimEnd}`),
    check(
      'coupon_classes_periods',
      sql`${table.perMemberDayLimit} > 0 and ${table.perMemberWeekLimit} > 0`,
    ),
    check('coupon_classes_clone_gap', sql`${table.cloneAfterHours} >= 0`),
    check(
      'coupon_classes_budget',
      sql`${table.committedMinor} >= 0 and ${table.committedMinor} <= ${table.budgetMinor}`,
    ),
    check('coupon_classes_max_clones', sql`${table.maxClones} > 0`),
    index('coupon_classes_by_issuer').on(table.issuerId, table.id),
  ],
);

/** How many first-generation coupons of a class a wallet has had, against its limit. */
export const classMembers = pgTable(
  'class_members',
  {
    /** Written only together with coupons, whose class is checked. */
    classId: text('class_id').notNull(),
    walletId: text('wallet_id').notNull(),
    claimed: integer('claimed').notNull(),
    memberLimit: integer('member_limit').notNull(),
  },
  (table) => [
    unique('class_members_pair').on(table.classId, table.walletId),
    check('class_members_limit', sql`${table.claimed} between 0 and ${table.memberLimit}`),
  ],
);

/** How many of a class a wallet has had in one day or week of the class's zone, against its limit. */
export const classMemberPeriods = pgTable(
  'class_member_periods',
  {
    classId: text('class_id').notNull(),
    walletId: text('wallet_id').notNull(),
    period: text('period').notNull(),
    /** The first day of the period. */
    start: date('start').notNull(),
    claimed: integer('claimed').notNull(),
    memberLimit: integer('member_limit').notNull(),
  },
  (table) => [
    unique('class_member_periods_key').on(table.classId, table.walletId, table.period, table.start),
    check('class_member_periods_period', sql`${table.period} in ('day', 'week')`),
    check('class_member_periods_limit', sql`${table.claimed} between 0 and ${table.memberLimit}`),
  ],
);

export const coupons = pgTable(
  'coupons',
  {
    id: text('id').primaryKey(),
    issuerId: text('issuer_id').notNull(),
    classId: text('class_id').notNull(),
    walletId: text('wallet_id')
      .notNull()
      .references(() => wallets.id),
    code: text('code').notNull().unique(),
    status: text('status').notNull(),
    availableAt: instant('available_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    /** 0 for a claimed coupon, n for the n-th clone of its lineage. */
    generation: integer('generation').notNull(),
    /** The first coupon of the lineage; its own id for a claimed one. */
    lineageId: text('lineage_id').notNull(),
    /** The coupon whose redemption earned this one. */
    clonedFrom: text('cloned_from'),
    /** The redemption that earned this clone: one clone a redemption. */
    clonedBy: text('cloned_by'),
    /** The clone limit of the class when the clone was made. */
    maxClones: integer('max_clones'),
    voidedBy: text('voided_by'),
    /** The coupon that its holder gave away to make this one. */
    transferredFrom: text('transferred_from'),
    /** What it holds of its class's budget; null: the class has none. */
    reservedMinor: bigint('reserved_minor', { mode: 'number' }),
    /** When its holder is to be told that it expires; null: never, or told. */
    noticeDueAt: instant('notice_due_at'),
    noticedAt: instant('noticed_at'),
    issuedAt: stampedNow('issued_at'),
  },
  (table) => [
    unique('coupons_class_and_id').on(table.classId, table.id),
    foreignKey({
      name: 'coupons_class_of_issuer',
      columns: [table.issuerId, table.classId],
      foreignColumns: [couponClasses.issuerId, couponClasses.id],
    }),
    check(
      'coupons_status',
      sql`${table.status} in ('issued', 'redeemed', 'expired', 'voided', 'transferred')`,
    ),
    check('coupons_voided_by', sql`${table.voidedBy} in ('class', 'reversal', 'issuer')`),
    check(
      'coupons_void_has_reason',
      sql`(${table.status} = 'voided') = (${table.voidedBy} is not null)`,
    ),
    check(
      'coupons_clone_has_origin',
      sql`(${table.generation} > 0) = (${table.clonedFrom} is not null and ${table.clonedBy} is not null)`,
    ),
    check(
      'coupons_lineage_limit',
      sql`${table.generation} = 0 or ${table.generation} <= ${table.maxClones}`,
    ),
    // Most coupons are no clones, and their indexes do not hold them.
    uniqueIndex('coupons_one_clone_a_redemption')
      .on(table.clonedBy)
      .where(sql`${table.clonedBy} is not null and ${table.transferredFrom} is null`),
    // A clone that a reversal took back leaves its place in the lineage free; one that was given
    // away passes its place on.
    uniqueIndex('coupons_lineage_place')
      .on(table.lineageId, table.generation)
      .where(
        sql`${table.generation} > 0 and ${table.voidedBy} is distinct from 'reversal' and ${table.transferredFrom} is null`,
      ),
    uniqueIndex('coupons_one_successor')
      .on(table.transferredFrom)
      .where(sql`${table.transferredFrom} is not null`),
    index('coupons_due_to_notice')
      .on(table.noticeDueAt)
      .where(sql`${table.noticeDueAt} is not null`),
    index('coupons_by_wallet').on(table.walletId, table.id),
    index('coupons_due_to_expire').on(table.expiresAt).where(sql`${table.status} = 'issued'`),
  ],
);
