import { z } from '@hono/zod-openapi';
import {
  currency as currencyCode,
  displayText,
  idOf,
  instant,
  int64Id,
  MAX_MINOR,
  minorAmount,
  resourceId,
} from '../http/schemas.ts';
import { type ClassInput, type Coupon, classStatus, type StoredClass } from './model.ts';
import type { CountedClass } from './read.ts';
import { type ClassChange, isCurrency, MAX_STOCK } from './rules.ts';
import { timeZone, weeklyHours } from './time-schemas.ts';

const localized = (max: number) =>
  z.union([
    displayText(max),
    z
      .strictObject({ 'zh-CN': displayText(max).optional(), en: displayText(max).optional() })
      .refine(
        (texts) => texts.en !== undefined || texts['zh-CN'] !== undefined,
        'needs a language',
      ),
  ]);

/** ISO 4217, of money that is in use. */
export const currency = currencyCode.refine(isCurrency, 'must be a currency in use');

const Window = z
  .strictObject({ start: instant, end: instant })
  .refine(({ start, end }) => Date.parse(start) < Date.parse(end), 'start must be before end');

const Validity = z.discriminatedUnion('kind', [
  z
    .strictObject({ kind: z.literal('fixed'), start: instant, end: instant })
    .refine(({ start, end }) => Date.parse(start) < Date.parse(end), 'start must be before end'),
  z.strictObject({
    kind: z.literal('relative'),
    availableAfterHours: z.number().int().min(0).max(8760),
    validDays: z.number().int().min(1).max(3660),
  }),
]);

const Discount = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('amount'),
    amountMinor: z.number().int().min(1).max(MAX_MINOR),
    currency,
  }),
  z.strictObject({
    kind: z.literal('percent'),
    percent: z.number().min(0.01).max(100),
    maxMinor: z.number().int().min(1).max(MAX_MINOR).optional(),
  }),
  z.strictObject({ kind: z.literal('exchange'), sku: displayText(100) }),
]);

const names = z.array(displayText(100)).max(1000);
const Scope = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('all') }),
  z.strictObject({
    kind: z.literal('categories'),
    include: names.min(1),
    exclude: names.default([]),
  }),
  z.strictObject({ kind: z.literal('items'), include: names.min(1), exclude: names.default([]) }),
]);

const issueType = z.enum(['tap_claim', 'manual', 'registration', 'after_payment', 'reward']);
const scene = z.enum(['all', 'in_store', 'online']);
const count = z.number().int().min(1).max(MAX_STOCK);
const distinct = <Item extends z.ZodType<string>>(item: Item, least = 0) =>
  z
    .array(item)
    .min(least)
    .max(1000)
    .transform((items) => [...new Set(items)]);
const CloneRule = z
  .strictObject({
    maxClones: z.number().int().min(1).max(10_000),
    classId: resourceId.optional().openapi({
      description: 'What comes back is a coupon of this class of the issuer; absent: of the same.',
    }),
    availableAfterHours: z.number().int().min(0).max(8760).optional().openapi({
      description: 'The gap before what comes back is usable.',
    }),
  })
  .nullable();
const Stacking = z
  .strictObject({
    group: displayText(100).nullable().default(null),
    exclusive: z.boolean().default(false),
  })
  .openapi({
    description: 'Of one group an order takes one coupon; an exclusive coupon stands alone.',
  });
const budget = z.number().int().min(1).max(MAX_MINOR).nullable().openapi({
  description:
    'The most that the discounts of the class may cost: claims stop before it is passed.',
});

/** The fields that may be sent again in a PATCH. */
const changeable = {
  name: localized(40),
  description: localized(2000).nullable(),
  issueType,
  scene,
  claimWindow: Window,
  perMemberLimit: count,
  stock: count,
  validity: Validity,
  discount: Discount,
  minSpendMinor: minorAmount,
  scope: Scope,
  regularPriceOnly: z.boolean(),
  memberClasses: distinct(resourceId),
  plusOnly: z.boolean(),
  stores: distinct(displayText(100)),
  redemptionIssuers: distinct(int64Id, 1),
  cloneOnRedeem: CloneRule,
  timeZone,
  claimHours: weeklyHours,
  useHours: weeklyHours,
  perMemberDayLimit: count.nullable(),
  perMemberWeekLimit: count.nullable(),
  stacking: Stacking,
  budgetMinor: budget,
  expiryNoticeDays: z.number().int().min(-1).max(365),
  transferable: z.boolean(),
  status: z.enum(['draft', 'scheduled', 'open']),
};

export const ClassInputShape = z
  .strictObject({
    id: resourceId,
    issuerId: int64Id,
    ...changeable,
    description: changeable.description.default(null),
    scene: scene.default('all'),
    perMemberLimit: count.default(1),
    minSpendMinor: minorAmount.default(0),
    scope: Scope.default({ kind: 'all' }),
    regularPriceOnly: z.boolean().default(false),
    memberClasses: changeable.memberClasses.default([]),
    plusOnly: z.boolean().default(false),
    stores: changeable.stores.default([]),
    redemptionIssuers: changeable.redemptionIssuers,
    cloneOnRedeem: CloneRule.default(null),
    timeZone: timeZone.default('UTC'),
    claimHours: weeklyHours.default([]),
    useHours: weeklyHours.default([]),
    perMemberDayLimit: count.nullable().default(null),
    perMemberWeekLimit: count.nullable().default(null),
    stacking: Stacking.default({ group: null, exclusive: false }),
    budgetMinor: budget.default(null),
    expiryNoticeDays: changeable.expiryNoticeDays.default(-1),
    transferable: z.boolean().default(false),
    status: changeable.status.optional().openapi({
      description: 'Send `draft` to publish later; otherwise the claim window decides.',
    }),
  })
  .refine(({ id, issuerId }) => id.startsWith(`${issuerId}.`), {
    path: ['id'],
    message: 'must begin with the issuer id',
  })
  .openapi('NewCouponClass');

export const ClassPatchShape = z.strictObject(changeable).partial().openapi('CouponClassPatch');

export const ClassShape = z
  .object({
    id: resourceId,
    issuerId: int64Id,
    ...changeable,
    memberClasses: z.array(z.string()),
    stores: z.array(z.string()),
    redemptionIssuers: z.array(z.string()),
    status: z.enum(['draft', 'scheduled', 'open', 'ended', 'voided']),
    stats: z.object({
      claimed: z.number().int(),
      redeemed: z.number().int(),
      cloned: z.number().int(),
      orderTotalMinor: z.number().int(),
    }),
    createdAt: instant,
    updatedAt: instant,
  })
  .openapi('CouponClass');

export const CouponShape = z
  .object({
    id: idOf('cpn'),
    classId: resourceId,
    walletId: idOf('wal'),
    code: z.string().openapi({ example: '7Q2M9K4D01JD8Q6Y0V5F3T9N2K' }),
    status: z.enum(['issued', 'redeemed', 'expired', 'voided', 'transferred']),
    availableAt: instant,
    expiresAt: instant,
    generation: z.number().int(),
    clonedFrom: idOf('cpn').nullable(),
  })
  .openapi('Coupon');

export function classInput(input: z.infer<typeof ClassInputShape>): ClassInput {
  const { claimWindow, cloneOnRedeem, stacking, status, ...rest } = input;
  return {
    ...rest,
    claimStart: new Date(claimWindow.start),
    claimEnd: new Date(claimWindow.end),
    ...cloneRule(cloneOnRedeem),
    ...stackingRule(stacking),
    draft: status === 'draft',
  };
}

export function classChange(patch: z.infer<typeof ClassPatchShape>): ClassChange {
  const { claimWindow, cloneOnRedeem, stacking, status, ...rest } = patch;
  return {
    ...rest,
    ...(claimWindow && {
      claimStart: new Date(claimWindow.start),
      claimEnd: new Date(claimWindow.end),
    }),
    ...(cloneOnRedeem !== undefined && cloneRule(cloneOnRedeem)),
    ...(stacking && stackingRule(stacking)),
    ...(status !== undefined && { draft: status === 'draft' }),
  };
}

function cloneRule(rule: z.infer<typeof CloneRule>) {
  return {
    maxClones: rule?.maxClones ?? null,
    cloneClassId: rule?.classId ?? null,
    cloneAfterHours: rule?.availableAfterHours ?? 0,
  };
}

function shownCloneRule({ maxClones, cloneClassId, cloneAfterHours }: StoredClass) {
  if (maxClones === null) return null;
  return {
    maxClones,
    ...(cloneClassId !== null && { classId: cloneClassId }),
    ...(cloneAfterHours > 0 && { availableAfterHours: cloneAfterHours }),
  };
}

function stackingRule({ group, exclusive }: z.infer<typeof Stacking>) {
  return { stackingGroup: group, exclusive };
}

export function shownClass({ couponClass, stats }: CountedClass) {
  const {
    claimStart,
    claimEnd,
    maxClones: _clones,
    draft,
    voidedAt,
    claimed,
    now,
    ...told
  } = couponClass;
  const { version: _version, committedMinor: _committed, stackingGroup, exclusive, ...more } = told;
  const { cloneClassId: _class, cloneAfterHours: _gap, ...rest } = more;
  return {
    ...rest,
    claimWindow: { start: claimStart.toISOString(), end: claimEnd.toISOString() },
    cloneOnRedeem: shownCloneRule(couponClass),
    stacking: { group: stackingGroup, exclusive },
    status: classStatus({ draft, voidedAt, claimStart, claimEnd }, now),
    stats: {
      claimed,
      redeemed: stats.redeemed,
      cloned: stats.cloned,
      orderTotalMinor: stats.orderTotalMinor,
    },
    createdAt: couponClass.createdAt.toISOString(),
    updatedAt: couponClass.updatedAt.toISOString(),
  };
}

export function shownCoupon({ availableAt, expiresAt, ...coupon }: Coupon) {
  const { id, classId, walletId, code, status, generation, clonedFrom } = coupon;
  return {
    id,
    classId,
    walletId,
    code,
    status,
    availableAt: availableAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    generation,
    clonedFrom,
  };
}
