import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
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
import type { Discount, LocalizedText, Scope, Validity } from './model.ts';

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
    expiryNoticeDays: integer('expiry_notice_days').notNull(),
    transferable: boolean('transferable').notNull(),
    draft: boolean('draft').notNull(),
    voidedAt: instant('voided_at'),
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
    check('coupons_voided_by', sql`${table.voidedBy} in ('class', 'reversal')`),
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
      .where(sql`${table.clonedBy} is not null`),
    // A clone that a reversal took back leaves its place in the lineage free.
    uniqueIndex('coupons_lineage_place')
      .on(table.lineageId, table.generation)
      .where(sql`${table.generation} > 0 and ${table.voidedBy} is distinct from 'reversal'`),
    index('coupons_by_wallet').on(table.walletId, table.id),
    index('coupons_due_to_expire').on(table.expiresAt).where(sql`${table.status} = 'issued'`),
  ],
);
