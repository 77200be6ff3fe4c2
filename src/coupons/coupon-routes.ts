import { createRoute, z } from '@hono/zod-openapi';
import { callerWith } from '../http/authentication.ts';
import { jsonContent, optionalBody, problemResponses } from '../http/documentation.ts';
import { newRouter, type Router } from '../http/router.ts';
import { idOf } from '../http/schemas.ts';
import type { Service } from '../http/service.ts';
import { answer, refusal, write } from '../http/write.ts';
import { ProblemError } from '../problems/answer.ts';
import { COUPON_VOID_REFUSALS } from './coupon-rules.ts';
import { readCoupon } from './read-coupon.ts';
import { CouponShape, shownCoupon } from './schemas.ts';
import { voidCoupon } from './void-coupon.ts';

const tags = ['Coupons'];
const params = z.object({ id: idOf('cpn') });

const get = createRoute({
  method: 'get',
  path: '/v1/coupons/{id}',
  operationId: 'getCoupon',
  tags,
  summary: 'Read a coupon',
  description: 'For its issuer and for the keeper of the wallet it is in.',
  request: { params },
  responses: { 200: jsonContent('The coupon.', CouponShape), ...problemResponses('not-found') },
});

const voidRoute = createRoute({
  method: 'post',
  path: '/v1/coupons/{id}/void',
  operationId: 'voidCoupon',
  tags,
  summary: 'Take one coupon back for good',
  description:
    'For the issuer of its class. A link by which it was being given away is dead; what it held of a budget is free again. Voiding twice is voiding once.',
  request: { params, body: optionalBody(z.strictObject({})) },
  responses: {
    200: jsonContent('The coupon.', CouponShape),
    ...problemResponses('not-found', ...COUPON_VOID_REFUSALS),
  },
});

export function oneCouponRoutes(service: Service): Router {
  const router = newRouter();

  router.openapi(get, async (c) => {
    const caller = callerWith(c, 'coupons:read');
    const coupon = await readCoupon(service.database.reads, caller, c.req.valid('param').id);
    if (coupon === null) throw new ProblemError('not-found');
    return c.json(shownCoupon(coupon), 200);
  });

  router.openapi(voidRoute, (c) => {
    const caller = callerWith(c, 'coupons:write');
    const { id } = c.req.valid('param');
    return write(c, service, async (tx) => {
      const outcome = await voidCoupon(tx, caller, id);
      return outcome.ok ? answer(200, shownCoupon(outcome.coupon)) : refusal(c, outcome.refusal);
    }) as never;
  });

  return router;
}
