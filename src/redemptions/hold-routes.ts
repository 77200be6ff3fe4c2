import { createRoute, z } from '@hono/zod-openapi';
import { callerWith } from '../http/authentication.ts';
import { jsonContent, problemResponses } from '../http/documentation.ts';
import { newRouter, type Router } from '../http/router.ts';
import { idOf } from '../http/schemas.ts';
import type { Service } from '../http/service.ts';
import { answer, refusal, write } from '../http/write.ts';
import { ProblemError } from '../problems/answer.ts';
import { CONFIRMATION_REFUSALS } from './model.ts';
import { Settled, shownSettled } from './schemas.ts';
import { confirmHold, releaseHold } from './settle-hold.ts';

const tags = ['Redemptions'];
const request = {
  params: z.object({ id: idOf('red') }),
  body: {
    required: false,
    content: { 'application/json': { schema: z.strictObject({}) } },
  },
} as const;

const confirmation = createRoute({
  method: 'post',
  path: '/v1/redemptions/{id}/confirmation',
  operationId: 'confirmRedemption',
  tags,
  summary: 'Confirm a hold: the order was paid',
  description:
    'Until `heldUntil`, also when the coupon itself expired in between. The coupons of a basket are confirmed together, whichever of them is named.',
  request,
  responses: {
    200: jsonContent('The held coupons are redeemed.', Settled),
    ...problemResponses('not-found', ...CONFIRMATION_REFUSALS),
  },
});

const release = createRoute({
  method: 'post',
  path: '/v1/redemptions/{id}/release',
  operationId: 'releaseRedemption',
  tags,
  summary: 'Release a hold: the order was not paid',
  description:
    'Twice is once. The coupons of a basket are released together, whichever of them is named.',
  request,
  responses: {
    200: jsonContent('The coupons are free again.', Settled),
    ...problemResponses('not-found', 'redemption-confirmed'),
  },
});

/** What becomes of coupons that a till holds. */
export function holdRoutes(service: Service): Router {
  const router = newRouter();

  router.openapi(confirmation, async (c) => {
    const caller = callerWith(c, 'redemptions:write');
    const { id } = c.req.valid('param');
    const response = await write(c, service, async (tx) => {
      const outcome = await confirmHold(tx, caller, id);
      if (outcome.ok) return answer(200, shownSettled(outcome.redemptions));
      if (outcome.refusal === 'not-found') throw new ProblemError('not-found');
      return refusal(c, outcome.refusal);
    });
    service.metrics.redemption(response.status === 200 ? 'redeemed' : 'refused');
    service.outboxRang();
    return response as never;
  });

  router.openapi(release, (c) => {
    const caller = callerWith(c, 'redemptions:write');
    const { id } = c.req.valid('param');
    return write(c, service, async (tx) => {
      const outcome = await releaseHold(tx, caller, id);
      if (outcome.ok) return answer(200, shownSettled(outcome.redemptions));
      if (outcome.refusal === 'not-found') throw new ProblemError('not-found');
      return refusal(c, outcome.refusal);
    }) as never;
  });

  return router;
}
