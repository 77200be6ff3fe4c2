import { createRoute, z } from '@hono/zod-openapi';
import { mayActFor } from '../access/model.ts';
import { callerWith } from '../http/authentication.ts';
import { jsonBody, jsonContent, problemResponses } from '../http/documentation.ts';
import { newRouter, type Router } from '../http/router.ts';
import {
  currency,
  displayText,
  idOf,
  instant,
  int64Id,
  MAX_MINOR,
  minorAmount,
} from '../http/schemas.ts';
import type { Service } from '../http/service.ts';
import { answer, refusal, write } from '../http/write.ts';
import { ProblemError } from '../problems/answer.ts';
import { totalOf } from './amounts.ts';
import { REDEMPTION_REFUSALS, REVERSAL_REFUSALS } from './model.ts';
import { quoteRedemption, type RedemptionRequest, redeem } from './redeem.ts';
import { reverseRedemption } from './reverse.ts';
import { findRedemption, type Redemption } from './store.ts';

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

const RedemptionInput = z
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

const Quote = z
  .object({
    couponId: idOf('cpn'),
    redeemable: z.boolean(),
    ...amounts,
    refusal: z.enum(REDEMPTION_REFUSALS).nullable(),
  })
  .openapi('RedemptionQuote');

const Redeemed = z
  .object({ id: idOf('red'), couponId: idOf('cpn'), ...amounts, redeemedAt: instant })
  .openapi('Redeemed');

const RedemptionShape = z
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

const Reversal = z
  .object({
    id: idOf('rev'),
    redemptionId: idOf('red'),
    couponId: idOf('cpn'),
    couponStatus: z.enum(['issued', 'expired']),
    reversedAt: instant,
  })
  .openapi('Reversal');

const tags = ['Redemptions'];
const params = z.object({ id: idOf('red') });
const NOT_FOUND = ['coupon-not-found', 'collector-not-found'] as const;

const quote = createRoute({
  method: 'post',
  path: '/v1/redemptions/quote',
  operationId: 'quoteRedemption',
  tags,
  summary: 'What a redemption would come to',
  description: 'Changes nothing. A coupon that could not be redeemed now says why in `refusal`.',
  request: { body: jsonBody(RedemptionInput) },
  responses: { 200: jsonContent('The quote.', Quote), ...problemResponses(...NOT_FOUND) },
});

const create = createRoute({
  method: 'post',
  path: '/v1/redemptions',
  operationId: 'redeemCoupon',
  tags,
  summary: 'Redeem a coupon',
  request: { body: jsonBody(RedemptionInput) },
  responses: {
    201: jsonContent('The coupon is redeemed.', Redeemed),
    ...problemResponses(...NOT_FOUND, ...REDEMPTION_REFUSALS),
  },
});

const get = createRoute({
  method: 'get',
  path: '/v1/redemptions/{id}',
  operationId: 'getRedemption',
  tags,
  summary: 'Read a redemption with its clone',
  request: { params },
  responses: {
    200: jsonContent('The redemption.', RedemptionShape),
    ...problemResponses('not-found'),
  },
});

const reversal = createRoute({
  method: 'post',
  path: '/v1/redemptions/{id}/reversal',
  operationId: 'reverseRedemption',
  tags,
  summary: 'Reverse a redemption, once',
  description: 'Gives the coupon back if still valid and voids an unused clone.',
  request: {
    params,
    body: { required: false, content: { 'application/json': { schema: z.strictObject({}) } } },
  },
  responses: {
    201: jsonContent('The redemption is reversed.', Reversal),
    ...problemResponses('not-found', ...REVERSAL_REFUSALS),
  },
});

export function redemptionRoutes(service: Service): Router {
  const router = newRouter();
  const { reads } = service.database;

  router.openapi(quote, async (c) => {
    const caller = callerWith(c, 'redemptions:read');
    const request = requested(c.req.valid('json'));
    const outcome = await quoteRedemption(reads, caller, request);
    if (!outcome.ok) throw new ProblemError(outcome.refusal);
    const { couponId, decision } = outcome;
    const refused = decision.ok ? null : decision.refusal;
    const sums = decision.ok ? decision.amounts : nothingOff(request);
    return c.json({ couponId, redeemable: decision.ok, ...sums, refusal: refused }, 200);
  });

  router.openapi(create, async (c) => {
    const caller = callerWith(c, 'redemptions:write');
    const request = requested(c.req.valid('json'));
    const response = await write(c, service, async (tx) => {
      const outcome = await redeem(tx, caller, request);
      if (outcome.ok) {
        const { id, couponId, amounts: sums, redeemedAt } = outcome;
        return answer(201, { id, couponId, ...sums, redeemedAt: redeemedAt.toISOString() });
      }
      const { refusal: code } = outcome;
      if (code === 'coupon-not-found' || code === 'collector-not-found')
        throw new ProblemError(code);
      return refusal(c, code);
    });
    service.metrics.redemption(response.status === 201 ? 'redeemed' : 'refused');
    service.outboxRang();
    return response as never;
  });

  router.openapi(get, async (c) => {
    const caller = callerWith(c, 'redemptions:read');
    const found = await findRedemption(reads, c.req.valid('param').id);
    const visible =
      found !== null &&
      (mayActFor(caller, found.issuerId) || mayActFor(caller, found.redemptionIssuerId));
    if (!visible) throw new ProblemError('not-found');
    return c.json(shown(found) as never, 200);
  });

  router.openapi(reversal, (c) => {
    const caller = callerWith(c, 'redemptions:write');
    const { id } = c.req.valid('param');
    return write(c, service, async (tx) => {
      const outcome = await reverseRedemption(tx, caller, id);
      if (outcome.ok) {
        const { ok: _ok, reversedAt, ...rest } = outcome;
        return answer(201, { ...rest, reversedAt: reversedAt.toISOString() });
      }
      if (outcome.refusal === 'not-found') throw new ProblemError('not-found');
      return refusal(c, outcome.refusal);
    }) as never;
  });

  return router;
}

function requested(input: z.infer<typeof RedemptionInput>): RedemptionRequest {
  const { couponCode, redemptionValue, collectorId, terminalId, scene, order } = input;
  return {
    code: (couponCode ?? redemptionValue ?? '').trim().toUpperCase(),
    collectorId,
    terminalId: terminalId ?? null,
    scene: scene ?? null,
    order,
  };
}

function nothingOff({ order }: RedemptionRequest) {
  const orderTotalMinor = order.totalMinor ?? totalOf(order.lines ?? []);
  return { orderTotalMinor, discountMinor: 0, payableMinor: orderTotalMinor };
}

function shown(redemption: Redemption) {
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
