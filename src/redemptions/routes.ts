import { createRoute, z } from '@hono/zod-openapi';
import { callerWith } from '../http/authentication.ts';
import { jsonBody, jsonContent, problemResponses } from '../http/documentation.ts';
import { newRouter, type Router } from '../http/router.ts';
import { idOf } from '../http/schemas.ts';
import type { Service } from '../http/service.ts';
import { answer, refusal, write } from '../http/write.ts';
import { ProblemError } from '../problems/answer.ts';
import { REDEMPTION_REFUSALS, REVERSAL_REFUSALS } from './model.ts';
import { readRedemption } from './read.ts';
import { quoteRedemption, redeem } from './redeem.ts';
import { reverseRedemption } from './reverse.ts';
import {
  nothingOff,
  Quote,
  Redeemed,
  RedemptionInput,
  RedemptionShape,
  Reversal,
  requested,
  shownRedemption,
} from './schemas.ts';

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
    const found = await readRedemption(reads, caller, c.req.valid('param').id);
    if (found === null) throw new ProblemError('not-found');
    return c.json(shownRedemption(found) as never, 200);
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
