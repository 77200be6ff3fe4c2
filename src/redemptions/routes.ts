import { createRoute, z } from '@hono/zod-openapi';
import type { Caller } from '../access/model.ts';
import { callerWith } from '../http/authentication.ts';
import { jsonBody, jsonContent, optionalBody, problemResponses } from '../http/documentation.ts';
import { newRouter, type Router } from '../http/router.ts';
import { idOf } from '../http/schemas.ts';
import type { Service } from '../http/service.ts';
import { answer, refusal, write } from '../http/write.ts';
import { ProblemError } from '../problems/answer.ts';
import { ownTerminal } from './at-own-till.ts';
import { quoteBasket } from './basket.ts';
import { REDEMPTION_REFUSALS, REVERSAL_REFUSALS } from './model.ts';
import { readRedemption } from './read.ts';
import { quoteRedemption, redeem } from './redeem.ts';
import { redeemTogether, type TogetherRequest } from './redeem-together.ts';
import { reverseRedemption } from './reverse.ts';
import {
  BasketHeld,
  BasketQuote,
  BasketRedeemed,
  Held,
  nothingOff,
  Quote,
  Redeemed,
  RedemptionInput,
  RedemptionShape,
  Reversal,
  requested,
  shownNotApplied,
  shownRedemption,
  shownTogether,
} from './schemas.ts';

const tags = ['Redemptions'];
const params = z.object({ id: idOf('red') });
const NOT_FOUND = ['coupon-not-found', 'collector-not-found'] as const;
const TOGETHER =
  'With `couponCodes` the best combination is used: an exclusive coupon alone, of a stacking group and of a class one. Each takes off what is left of the lines it is about; the minimum spend is asked of the whole order. `notApplied` says why a coupon was left out.';

const quote = createRoute({
  method: 'post',
  path: '/v1/redemptions/quote',
  operationId: 'quoteRedemption',
  tags,
  summary: 'What a redemption would come to',
  description: `Changes nothing. A coupon that could not be redeemed now says why in \`refusal\`. ${TOGETHER}`,
  request: { body: jsonBody(RedemptionInput) },
  responses: {
    200: jsonContent('The quote.', z.union([Quote, BasketQuote])),
    ...problemResponses(...NOT_FOUND),
  },
});

const create = createRoute({
  method: 'post',
  path: '/v1/redemptions',
  operationId: 'redeemCoupon',
  tags,
  summary: 'Redeem a coupon, or several on one order',
  description: `A terminalId means in_store; without one, \`scene\` tells where the member buys, and where nothing does the coupon is not refused for it. An order on which the coupon takes nothing off does not use it up: min-spend-not-met. ${TOGETHER} With \`hold\` the coupons are held while the order is being paid: nobody else uses them until the hold is confirmed, released or over, which it is by itself. Each redemption of a basket tells the order's total and what is to pay with its own discount alone.`,
  request: { body: jsonBody(RedemptionInput) },
  responses: {
    201: jsonContent(
      'The coupons are redeemed, or held.',
      z.union([Redeemed, Held, BasketRedeemed, BasketHeld]),
    ),
    ...problemResponses(...NOT_FOUND, ...REDEMPTION_REFUSALS, 'not-combinable'),
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
  description:
    'Gives the coupon back if still valid, which `couponStatus` tells, and voids an unused clone. One of a basket is reversed alone. Made by the issuer that redeemed, and not found by any other; a paired till reverses what was redeemed in its own store; the coupon’s own issuer reads it with the redemption.',
  request: { params, body: optionalBody(z.strictObject({})) },
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
    const request = atOwnTerminal(caller, requested(c.req.valid('json')));
    const [code = '', ...others] = request.codes;
    if (others.length > 0) {
      const outcome = await quoteBasket(reads, caller, request);
      if (!outcome.ok) throw new ProblemError(outcome.refusal);
      const { applied, notApplied, amounts } = outcome.basket;
      const used = applied.map(({ counter, amounts: { discountMinor } }) => ({
        couponId: counter.found.coupon.id,
        discountMinor,
      }));
      const left = shownNotApplied(notApplied);
      return c.json({ redeemable: used.length > 0, applied: used, notApplied: left, ...amounts });
    }
    const outcome = await quoteRedemption(reads, caller, { ...request, code });
    if (!outcome.ok) throw new ProblemError(outcome.refusal);
    const { couponId, decision } = outcome;
    const refused = decision.ok ? null : decision.refusal;
    const sums = decision.ok ? decision.amounts : nothingOff(request.order);
    return c.json({ couponId, redeemable: decision.ok, ...sums, refusal: refused }, 200);
  });

  router.openapi(create, async (c) => {
    const caller = callerWith(c, 'redemptions:write');
    const request = atOwnTerminal(caller, requested(c.req.valid('json')));
    const response = await write(c, service, async (tx) => {
      if (!isPlain(request)) {
        const outcome = await redeemTogether(tx, caller, request);
        return outcome.ok ? answer(201, shownTogether(outcome)) : refusal(c, outcome.refusal);
      }
      const outcome = await redeem(tx, caller, { ...request, code: request.codes[0] ?? '' });
      if (!outcome.ok) return refusal(c, outcome.refusal);
      const { id, couponId, amounts: sums, redeemedAt } = outcome;
      return answer(201, { id, couponId, ...sums, redeemedAt: redeemedAt.toISOString() });
    });
    if (request.holdSeconds === null) {
      service.metrics.redemption(response.status === 201 ? 'redeemed' : 'refused');
    }
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
      if (!outcome.ok) return refusal(c, outcome.refusal);
      const { ok: _ok, reversedAt, ...rest } = outcome;
      return answer(201, { ...rest, reversedAt: reversedAt.toISOString() });
    }) as never;
  });

  return router;
}

function atOwnTerminal(caller: Caller, request: TogetherRequest): TogetherRequest {
  return { ...request, terminalId: ownTerminal(caller, request.terminalId) };
}

/** One coupon, redeemed at once, needs no locks before it is decided on. */
function isPlain({ codes, holdSeconds }: TogetherRequest): boolean {
  return codes.length === 1 && holdSeconds === null;
}
