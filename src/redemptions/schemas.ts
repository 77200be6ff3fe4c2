import { z } from '@hono/zod-openapi';
import { currency } from '../coupons/schemas.ts';
import { displayText, idOf, instant, int64Id, MAX_MINOR, minorAmount } from '../http/schemas.ts';
import { orderTotalOf, totalOf } from './amounts.ts';
import type { NotApplied } from './basket.ts';
import {
  type Order,
  REDEMPTION_REFUSALS,
  REDEMPTION_STATES,
  RETURNED_STATUSES,
  type Redemption,
} from './model.ts';
import type { TogetherOutcome, TogetherRequest } from './redeem-together.ts';

const Line = z.strictObject({
  sku: displayText(100),
  category: displayText(100).optional(),
  quantity: z
    .number()
    .positive()
    .max(1_000_000)
    .openapi({ description: 'Weighed goods have fractions.' }),
  unitPriceMinor: minorAmount,
  onPromotion: z.boolean().optional(),
});

export const OrderShape = z
  .strictObject({
    id: displayText(100),
    currency,
    lines: z.array(Line).min(1).max(1000).optional(),
    totalMinor: minorAmount.optional(),
  })
  .refine(({ lines, totalMinor }) => lines !== undefined || totalMinor !== undefined, {
    message: 'needs lines or totalMinor',
    path: ['lines'],
  })
  .refine(({ lines }) => lines === undefined || totalOf(lines) <= MAX_MINOR, {
    message: 'the lines sum to more than an order may',
    path: ['lines'],
  })
  .refine(
    ({ lines, totalMinor }) =>
      lines === undefined || totalMinor === undefined || totalOf(lines) === totalMinor,
    { message: 'must be the sum of the lines', path: ['totalMinor'] },
  )
  .openapi('Order');

const code = z.string().min(1).max(100).openapi({ example: '7Q2M9K4D01JD8Q6Y0V5F3T9N2K' });

/** The most coupons that one order may be handed. */
const MAX_TOGETHER = 10;
const MAX_HOLD_SECONDS = 900;

const codes = z
  .array(code)
  .min(2)
  .max(MAX_TOGETHER)
  .refine((some) => new Set(some.map(plainCode)).size === some.length, 'must not repeat a code')
  .openapi({
    description: 'Several coupons on one order, decided on as one: the best combination is used.',
  });

/** Codes are told apart by letters and digits only. */
function plainCode(text: string): string {
  return text.trim().toUpperCase();
}

export const RedemptionInput = z
  .strictObject({
    couponCode: code.optional(),
    redemptionValue: code.optional(),
    couponCodes: codes.optional(),
    hold: z
      .strictObject({ seconds: z.number().int().min(1).max(MAX_HOLD_SECONDS) })
      .optional()
      .openapi({
        description: 'Holds instead of redeeming, until it is confirmed, released or over.',
      }),
    collectorId: int64Id,
    terminalId: displayText(100).optional(),
    scene: z.enum(['in_store', 'online']).optional().openapi({
      description:
        'Where the member buys. A terminalId means in_store and needs no scene; where neither is told the coupon is not refused for it.',
    }),
    order: OrderShape,
  })
  .refine(
    ({ couponCode, redemptionValue, couponCodes }) =>
      [couponCode, redemptionValue, couponCodes].filter((named) => named !== undefined).length ===
      1,
    {
      message: 'needs couponCode, redemptionValue or couponCodes, one of the three',
      path: ['couponCode'],
    },
  )
  .refine(({ terminalId, scene }) => terminalId === undefined || scene !== 'online', {
    message: 'a terminalId means in_store',
    path: ['scene'],
  })
  .openapi('NewRedemption');

const amounts = {
  orderTotalMinor: minorAmount,
  discountMinor: minorAmount,
  payableMinor: minorAmount,
};

export const Quote = z
  .object({
    couponId: idOf('cpn'),
    redeemable: z.boolean(),
    ...amounts,
    refusal: z.enum(REDEMPTION_REFUSALS).nullable(),
  })
  .openapi('RedemptionQuote');

const NotAppliedShape = z
  .object({
    couponCode: z.string(),
    couponId: idOf('cpn').nullable(),
    refusal: z.enum([...REDEMPTION_REFUSALS, 'not-combinable', 'coupon-not-found']),
  })
  .openapi('NotApplied');

export const BasketQuote = z
  .object({
    redeemable: z.boolean(),
    applied: z.array(z.object({ couponId: idOf('cpn'), discountMinor: minorAmount })),
    notApplied: z.array(NotAppliedShape),
    ...amounts,
  })
  .openapi('BasketQuote');

const hold = { state: z.literal('held'), heldUntil: instant };

export const Redeemed = z
  .object({ id: idOf('red'), couponId: idOf('cpn'), ...amounts, redeemedAt: instant })
  .openapi('Redeemed');

export const Held = z
  .object({
    id: idOf('red'),
    couponId: idOf('cpn'),
    ...amounts,
    redeemedAt: z.null(),
    ...hold,
  })
  .openapi('Held');

const basket = {
  basketId: idOf('bsk'),
  redemptions: z.array(
    z.object({ id: idOf('red'), couponId: idOf('cpn'), discountMinor: minorAmount }),
  ),
  notApplied: z.array(NotAppliedShape),
  ...amounts,
};

export const BasketRedeemed = z
  .object({ ...basket, redeemedAt: instant })
  .openapi('BasketRedeemed');

export const BasketHeld = z
  .object({ ...basket, redeemedAt: z.null(), ...hold })
  .openapi('BasketHeld');

/** What became of a hold. */
export const Settled = z
  .object({
    state: z.enum(REDEMPTION_STATES),
    basketId: idOf('bsk').nullable(),
    redemptions: z.array(
      z.object({ id: idOf('red'), couponId: idOf('cpn'), discountMinor: minorAmount }),
    ),
    ...amounts,
    redeemedAt: instant.nullable(),
  })
  .openapi('SettledHold');

export const RedemptionShape = z
  .object({
    id: idOf('red'),
    couponId: idOf('cpn'),
    classId: z.string(),
    issuerId: z.string(),
    redemptionIssuerId: z.string(),
    collectorId: z.string(),
    terminalId: z.string().nullable(),
    storeId: z.string().nullable(),
    basketId: idOf('bsk').nullable(),
    state: z.enum(REDEMPTION_STATES),
    heldUntil: instant.nullable(),
    order: OrderShape,
    ...amounts,
    redeemedAt: instant.nullable(),
    reversal: z.object({ id: idOf('rev'), reversedAt: instant }).nullable(),
    clone: z.object({ couponId: idOf('cpn') }).nullable(),
  })
  .openapi('Redemption');

export const Reversal = z
  .object({
    id: idOf('rev'),
    redemptionId: idOf('red'),
    couponId: idOf('cpn'),
    couponStatus: z.enum(RETURNED_STATUSES),
    reversedAt: instant,
  })
  .openapi('Reversal');

/** The request as the verbs take it. */
export function requested(input: z.infer<typeof RedemptionInput>): TogetherRequest {
  const { couponCode, redemptionValue, couponCodes, collectorId, terminalId, scene, order } = input;
  return {
    codes: (couponCodes ?? [couponCode ?? redemptionValue ?? '']).map(plainCode),
    holdSeconds: input.hold?.seconds ?? null,
    collectorId,
    terminalId: terminalId ?? null,
    scene: scene ?? null,
    order,
  };
}

/** The amounts of an order on which nothing comes off. */
export function nothingOff(order: Order) {
  const orderTotalMinor = orderTotalOf(order);
  return { orderTotalMinor, discountMinor: 0, payableMinor: orderTotalMinor };
}

export function shownNotApplied(notApplied: readonly NotApplied[]) {
  return notApplied.map(({ code: couponCode, counter, refusal }) => ({
    couponCode,
    couponId: counter?.found.coupon.id ?? null,
    refusal,
  }));
}

export function shownRedemption(redemption: Redemption) {
  const {
    walletId: _wallet,
    reversalId,
    reversedAt,
    clone,
    redeemedAt,
    heldUntil,
    ...rest
  } = redemption;
  return {
    ...rest,
    heldUntil: heldUntil?.toISOString() ?? null,
    redeemedAt: redeemedAt?.toISOString() ?? null,
    reversal:
      reversalId === null || reversedAt === null
        ? null
        : { id: reversalId, reversedAt: reversedAt.toISOString() },
    clone: clone === null ? null : { couponId: clone.couponId },
  };
}

/** What a redemption of several coupons, or a hold of any number of them, came to. */
export function shownTogether(outcome: Extract<TogetherOutcome, { readonly ok: true }>) {
  const { basketId, redemptions, basket: decided, decidedAt, heldUntil } = outcome;
  const [first] = redemptions;
  const named =
    basketId === null
      ? { id: first?.id, couponId: first?.couponId }
      : {
          basketId,
          redemptions: redemptions.map(discountOf),
          notApplied: shownNotApplied(decided.notApplied),
        };
  const when =
    heldUntil === null
      ? { redeemedAt: decidedAt.toISOString() }
      : { redeemedAt: null, state: 'held', heldUntil: heldUntil.toISOString() };
  return { ...named, ...decided.amounts, ...when };
}

/** What became of a hold, with the sums of its basket. */
export function shownSettled(redemptions: readonly Redemption[]) {
  const [first] = redemptions;
  const orderTotalMinor = first?.orderTotalMinor ?? 0;
  const discountMinor = redemptions.reduce((sum, one) => sum + one.discountMinor, 0);
  return {
    state: first?.state,
    basketId: first?.basketId ?? null,
    redemptions: redemptions.map(discountOf),
    orderTotalMinor,
    discountMinor,
    payableMinor: orderTotalMinor - discountMinor,
    redeemedAt: first?.redeemedAt?.toISOString() ?? null,
  };
}

function discountOf({
  id,
  couponId,
  discountMinor,
}: Pick<Redemption, 'id' | 'couponId' | 'discountMinor'>) {
  return { id, couponId, discountMinor };
}
