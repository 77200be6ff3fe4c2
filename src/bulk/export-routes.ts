import { createRoute, z } from '@hono/zod-openapi';
import { CouponShape } from '../coupons/schemas.ts';
import { callerWith } from '../http/authentication.ts';
import { csvAnswer } from '../http/csv-answer.ts';
import { problemResponses } from '../http/documentation.ts';
import type { AppContext } from '../http/env.ts';
import { newRouter, type Router } from '../http/router.ts';
import { resourceId } from '../http/schemas.ts';
import type { Service } from '../http/service.ts';
import { ProblemError } from '../problems/answer.ts';
import { type CsvPieces, exportClaims, exportCoupons } from './export.ts';
import { DECIDED_STATUSES } from './model.ts';

const tags = ['Exports'];
const params = z.object({ id: resourceId });
const description =
  'RFC 4180 with a header line, in order of the ids, streamed: rows that come while it is read may be in it. A cell that a spreadsheet would run as a formula begins with an apostrophe.';

const csvContent = (example: string) => ({
  description: 'The file.',
  content: { 'text/csv': { schema: z.string().openapi({ example }) } },
});

const coupons = createRoute({
  method: 'get',
  path: '/v1/coupon-classes/{id}/coupons.csv',
  operationId: 'exportCoupons',
  tags,
  summary: 'Export the coupons of a class as CSV',
  description,
  request: { params, query: z.object({ status: CouponShape.shape.status.optional() }) },
  responses: {
    200: csvContent('id,walletId,externalId,code,status,issuedAt,…\r\n'),
    ...problemResponses('not-found'),
  },
});

const claims = createRoute({
  method: 'get',
  path: '/v1/coupon-classes/{id}/claims.csv',
  operationId: 'exportClaims',
  tags,
  summary: 'Export the decided claims of a class as CSV',
  description,
  request: { params, query: z.object({ status: z.enum(DECIDED_STATUSES).optional() }) },
  responses: {
    200: csvContent('id,walletId,status,refusal,couponId,createdAt,decidedAt\r\n'),
    ...problemResponses('not-found'),
  },
});

export function exportRoutes(service: Service): Router {
  const router = newRouter();
  const { reads } = service.database;

  router.openapi(coupons, async (c) => {
    const caller = callerWith(c, 'coupons:read');
    const { id } = c.req.valid('param');
    const { status = null } = c.req.valid('query');
    const pieces = await exportCoupons(reads, caller, id, status);
    return fileAnswer(c, service, `coupons-${id}.csv`, pieces) as never;
  });

  router.openapi(claims, async (c) => {
    const caller = callerWith(c, 'claims:read');
    const { id } = c.req.valid('param');
    const { status = null } = c.req.valid('query');
    const pieces = await exportClaims(reads, caller, id, status);
    return fileAnswer(c, service, `claims-${id}.csv`, pieces) as never;
  });

  return router;
}

function fileAnswer(
  c: AppContext,
  { log }: Service,
  name: string,
  pieces: CsvPieces | null,
): Response {
  if (pieces === null) throw new ProblemError('not-found');
  return csvAnswer(c, log, { name, pieces });
}
