import { createRoute, z } from '@hono/zod-openapi';
import { callerWith } from '../http/authentication.ts';
import { jsonBody, jsonContent, optionalBody, problemResponses } from '../http/documentation.ts';
import type { AppContext } from '../http/env.ts';
import { pageOf, pageRequest } from '../http/paging.ts';
import { newRouter, type Router } from '../http/router.ts';
import { idOf, int64Id, listQuery, page, resourceId } from '../http/schemas.ts';
import type { Service } from '../http/service.ts';
import { answer, refusal, write } from '../http/write.ts';
import type { StoredAnswer } from '../idempotency/model.ts';
import type { Tx } from '../platform/database.ts';
import { ProblemError } from '../problems/answer.ts';
import {
  addStock,
  type ClassOutcome,
  changeClass,
  createClass,
  voidCouponClass,
} from './change.ts';
import { readClass, readClasses, readWalletCoupons } from './read.ts';
import { type ClassFlaw, MAX_STOCK } from './rules.ts';
import {
  ClassInputShape,
  ClassPatchShape,
  ClassShape,
  CouponShape,
  classChange,
  classInput,
  shownClass,
  shownCoupon,
} from './schemas.ts';

const tags = ['Coupon classes'];
const params = z.object({ id: resourceId });
const body = (description: string) => jsonContent(description, ClassShape);

const create = createRoute({
  method: 'post',
  path: '/v1/coupon-classes',
  operationId: 'createCouponClass',
  tags,
  summary: 'Define a coupon',
  description:
    'memberClasses are pass classes and stores are stores of the issuer; empty lists mean everyone and everywhere. redemptionIssuers names all that may redeem, the issuer itself included.',
  request: { body: jsonBody(ClassInputShape) },
  responses: { 201: body('The coupon class.'), ...problemResponses('not-found', 'already-exists') },
});

const get = createRoute({
  method: 'get',
  path: '/v1/coupon-classes/{id}',
  operationId: 'getCouponClass',
  tags,
  summary: 'Read a coupon class with its counters',
  request: { params },
  responses: { 200: body('The coupon class.'), ...problemResponses('not-found') },
});

const list = createRoute({
  method: 'get',
  path: '/v1/coupon-classes',
  operationId: 'listCouponClasses',
  tags,
  summary: 'List coupon classes',
  request: {
    query: z.object({
      ...listQuery,
      issuerId: int64Id.optional(),
      status: z.enum(['draft', 'scheduled', 'open', 'ended', 'voided']).optional(),
    }),
  },
  responses: {
    200: jsonContent('A page of coupon classes.', page(ClassShape)),
    ...problemResponses('not-found'),
  },
});

const patch = createRoute({
  method: 'patch',
  path: '/v1/coupon-classes/{id}',
  operationId: 'changeCouponClass',
  tags,
  summary: 'Change a coupon class',
  description:
    'After the first claim the promise to members is locked: discount, minSpendMinor, validity, scope and cloneOnRedeem stay, stock may only rise, and scene, stores, memberClasses, redemptionIssuers, plusOnly, regularPriceOnly and transferable may only become wider.',
  request: { params, body: jsonBody(ClassPatchShape) },
  responses: {
    200: body('The coupon class.'),
    ...problemResponses(
      'not-found',
      'locked-after-first-claim',
      'already-published',
      'coupon-class-voided',
    ),
  },
});

const voidRoute = createRoute({
  method: 'post',
  path: '/v1/coupon-classes/{id}/void',
  operationId: 'voidCouponClass',
  tags,
  summary: 'Stop claims for good',
  description:
    "Coupons in members' hands stay good unless `issuedToo` is true; then none is cloned or given back any more either. Voiding twice is voiding once.",
  request: {
    params,
    body: optionalBody(z.strictObject({ issuedToo: z.boolean().default(false) })),
  },
  responses: { 200: body('The coupon class.'), ...problemResponses('not-found') },
});

const stock = createRoute({
  method: 'post',
  path: '/v1/coupon-classes/{id}/stock',
  operationId: 'addStock',
  tags,
  summary: 'Add stock',
  request: {
    params,
    body: jsonBody(z.strictObject({ add: z.number().int().min(1).max(MAX_STOCK) })),
  },
  responses: {
    200: body('The coupon class.'),
    ...problemResponses('not-found', 'coupon-class-voided'),
  },
});

const walletCoupons = createRoute({
  method: 'get',
  path: '/v1/wallets/{id}/coupons',
  operationId: 'listWalletCoupons',
  tags: ['Wallets'],
  summary: 'List the coupons of a wallet',
  request: {
    params: z.object({ id: idOf('wal') }),
    query: z.object({ ...listQuery, status: CouponShape.shape.status.optional() }),
  },
  responses: {
    200: jsonContent('A page of coupons.', page(CouponShape)),
    ...problemResponses('not-found'),
  },
});

/** Name these lists in their cursors. */
const CLASSES = 'coupon-classes';
const COUPONS = 'wallet-coupons';

export function couponRoutes(service: Service): Router {
  const router = newRouter();
  const { reads } = service.database;

  router.openapi(create, (c) => {
    const caller = callerWith(c, 'coupon-classes:write');
    const input = classInput(c.req.valid('json'));
    return classWrite(c, service, 201, (tx) => createClass(tx, caller, input)) as never;
  });

  router.openapi(patch, (c) => {
    const caller = callerWith(c, 'coupon-classes:write');
    const { id } = c.req.valid('param');
    const change = classChange(c.req.valid('json'));
    return classWrite(c, service, 200, (tx) => changeClass(tx, caller, id, change)) as never;
  });

  router.openapi(stock, (c) => {
    const caller = callerWith(c, 'coupon-classes:write');
    const { id } = c.req.valid('param');
    const { add } = c.req.valid('json');
    return classWrite(c, service, 200, (tx) => addStock(tx, caller, id, add)) as never;
  });

  router.openapi(voidRoute, (c) => {
    const caller = callerWith(c, 'coupon-classes:write');
    const { id } = c.req.valid('param');
    const { issuedToo = false } = c.req.valid('json') ?? {};
    return classWrite(c, service, 200, (tx) => voidCouponClass(tx, caller, id, issuedToo)) as never;
  });

  router.openapi(get, async (c) => {
    const caller = callerWith(c, 'coupon-classes:read');
    const found = await readClass(reads, caller, c.req.valid('param').id);
    if (found === null) throw new ProblemError('not-found');
    return c.json(shownClass(found) as never, 200);
  });

  router.openapi(list, async (c) => {
    const caller = callerWith(c, 'coupon-classes:read');
    const { issuerId = null, status = null, ...query } = c.req.valid('query');
    const { after, limit } = pageRequest(query, CLASSES);
    const further = { after, limit: limit + 1 };
    const rows = await readClasses(reads, caller, { issuerId, status }, further);
    if (rows === null) throw new ProblemError('not-found');
    return c.json(
      pageOf(rows, limit, ({ couponClass }) => couponClass.id, shownClass, CLASSES) as never,
      200,
    );
  });

  router.openapi(walletCoupons, async (c) => {
    const caller = callerWith(c, 'wallets:read');
    const { status = null, ...query } = c.req.valid('query');
    const { after, limit } = pageRequest(query, COUPONS);
    const further = { after, limit: limit + 1 };
    const rows = await readWalletCoupons(reads, caller, c.req.valid('param').id, status, further);
    return c.json(
      pageOf(rows, limit, ({ id }) => id, shownCoupon, COUPONS),
      200,
    );
  });

  return router;
}

function classWrite(
  c: AppContext,
  service: Service,
  status: number,
  work: (tx: Tx) => Promise<ClassOutcome>,
): Promise<Response> {
  return write(c, service, async (tx) => classAnswer(c, status, await work(tx)));
}

function classAnswer(c: AppContext, status: number, outcome: ClassOutcome): StoredAnswer {
  if (outcome.ok) return answer(status, shownClass(outcome));
  if (outcome.refusal === 'invalid') throw invalid(outcome.flaws);
  return refusal(c, outcome.refusal);
}

function invalid(flaws: readonly ClassFlaw[]): ProblemError {
  const errors = flaws.map(({ field, message }) => ({ pointer: `/${field}`, message }));
  return new ProblemError('invalid-request', { errors });
}
