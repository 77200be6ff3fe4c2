import { z } from '@hono/zod-openapi';
import {
  currency,
  displayText,
  idOf,
  instant,
  int64Id,
  MAX_MINOR,
  minorAmount,
} from '../http/schemas.ts';
import { totalOf } from './amounts.ts';
import { REDEMPTION_REFUSALS, type Redemption } from './model.ts';
import type { RedemptionRequest } from './redeem.ts';

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

const OrderShape = z
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

export const RedemptionInput = z
  .strictObject({
    couponCode: code.optional(),
    redemptionValue: code.optional(),
    collectorId: int64Id,
    terminalId: displayText(100).optional(),
    scene: z.enum(['in_store', 'online']).optional().openapi({
      description: 'Where the member buys; a terminalId means in_store.',
    }),
    order: OrderShape,
  })
  .refine(
    ({ couponCode, redemptionValue }) =>
      (couponCode === undefined) !== (redemptionValue === undefined),
    { message: 'needs couponCode or redemptionValue, one of the two', path: ['couponCode'] },
  )
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

export const Redeemed = z
  .object({ id: idOf('red'), couponId: idOf('cpn'), ...amounts, redeemedAt: instant })
  .openapi('Redeemed');

export const RedemptionShape = z
  .object({
    id: idOf('red'),
    couponId: idOf('cpn'),
    classId: z.string(),
    issuerId: z.string(),
    redemptionIssuerId: z.string(),
    collectorId: z.string(),
    terminalId: z.string().nullable(),
    order: OrderShape,
    ...amounts,
    redeemedAt: instant,
    reversal: z.object({ id: idOf('rev'), reversedAt: instant }).nullable(),
    clone: z.object({ couponId: idOf('cpn') }).nullable(),
  })
  .openapi('Redemption');

export const Reversal = z
  .object({
    id: idOf('rev'),
    redemptionId: idOf('red'),
    couponId: idOf('cpn'),
    couponStatus: z.enum(['issued', 'expired']),
    reversedAt: instant,
  })
  .openapi('Reversal');

/** The request as the verb takes it; codes are told apart by letters and digits only. */
export function requested(input: z.infer<typeof RedemptionInput>): RedemptionRequest {
  const { couponCode, redemptionValue, collectorId, terminalId, scene, order } = input;
  return {
    code: (couponCode ?? redemptionValue ?? '').trim().toUpperCase(),
    collectorId,
    terminalId: terminalId ?? null,
    scene: scene ?? null,
    order,
  };
}

/** The amounts of an order on which nothing comes off. */
export function nothingOff({ order }: RedemptionRequest) {
  const orderTotalMinor = order.totalMinor ?? totalOf(order.lines ?? []);
  return { orderTotalMinor, discountMinor: 0, payableMinor: orderTotalMinor };
}

export function shownRedemption(redemption: Redemption) {
  const { walletId: _wallet, reversalId, reversedAt, clone, redeemedAt, ...rest } = redemption;
  return {
    ...rest,
    redeemedAt: redeemedAt.toISOString(),
    reversal:
      reversalId === null || reversedAt === null
        ? null
        : { id: reversalId, reversedAt: reversedAt.toISOString() },
    clone: clone === null ? null : { couponId: clone.couponId },
  };
}
