import { createRoute, z } from '@hono/zod-openapi';
import { callerWith } from '../http/authentication.ts';
import { jsonContent, optionalBody, problemResponses } from '../http/documentation.ts';
import type { AppContext } from '../http/env.ts';
import { newRouter, type Router } from '../http/router.ts';
import { idOf } from '../http/schemas.ts';
import type { Service } from '../http/service.ts';
import { answer, refusal, write } from '../http/write.ts';
import type { StoredAnswer } from '../idempotency/model.ts';
import { CONFIRMATION_REFUSALS, type ConfirmationRefusal, type ReleaseRefusal } from './model.ts';
import { Settled, shownSettled } from './schemas.ts';
import { confirmHold, releaseHold, type SettledOutcome } from './settle-hold.ts';

const tags = ['Redemptions'];
const request = {
  params: z.object({ id: idOf('red') }),
  body: optionalBody(z.strictObject({})),
};

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
    const response = await write(c, service, async (tx) =>
      settledAnswer(c, await confirmHold(tx, caller, id)),
    );
    service.metrics.redemption(response.status === 200 ? 'redeemed' : 'refused');
    service.outboxRang();
    return response as never;
  });

  router.openapi(release, (c) => {
    const caller = callerWith(c, 'redemptions:write');
    const { id } = c.req.valid('param');
    return write(c, service, async (tx) =>
      settledAnswer(c, await releaseHold(tx, caller, id)),
    ) as never;
  });

  return router;
}

function settledAnswer(
  c: AppContext,
  outcome: SettledOutcome<ConfirmationRefusal | ReleaseRefusal>,
): StoredAnswer {
  if (!outcome.ok) return refusal(c, outcome.refusal);
  return answer(200, shownSettled(outcome.redemptions));
}
