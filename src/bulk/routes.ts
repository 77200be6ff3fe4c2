import { createRoute, z } from '@hono/zod-openapi';
import { callerWith } from '../http/authentication.ts';
import { jsonContent, problemResponses } from '../http/documentation.ts';
import { pageOf, pageRequest } from '../http/paging.ts';
import { newRouter, type Router } from '../http/router.ts';
import { idOf, listQuery, page, resourceId } from '../http/schemas.ts';
import type { Service } from '../http/service.ts';
import { answer, write } from '../http/write.ts';
import { invalidInput, ProblemError } from '../problems/answer.ts';
import { cancelBulkIssue } from './cancel.ts';
import { issueToMatching } from './create.ts';
import { readBulkIssue, readBulkIssues, readRefused } from './read.ts';
import {
  BulkInput,
  BulkIssueShape,
  bulkAnswer,
  RefusedItemShape,
  shownIssue,
  shownRefusal,
  WalletList,
  walletQuery,
} from './schemas.ts';

const tags = ['Bulk issues'];
const ofClass = z.object({ id: resourceId });
const one = z.object({ id: idOf('blk') });

const create = createRoute({
  method: 'post',
  path: '/v1/coupon-classes/{id}/bulk-issues',
  operationId: 'issueInBulk',
  tags,
  summary: 'Issue a coupon to many wallets',
  description:
    'The wallets are listed in a CSV of at most 100 MB, or are those of the issuer, and those of the platform with a pass of the issuer, that match a query now; at most 1,000,000, each counted once. Workers then claim for one after the other by the same rules as any claim. Claims of others wait little: at most 500 of a job wait at a time.',
  request: {
    params: ofClass,
    body: {
      required: true,
      content: { 'application/json': { schema: BulkInput }, 'text/csv': { schema: WalletList } },
    },
  },
  responses: {
    202: jsonContent('The job runs; ask again at Location.', BulkIssueShape),
    ...problemResponses('not-found', 'bulk-needs-manual-class', 'coupon-class-voided'),
  },
});

const list = createRoute({
  method: 'get',
  path: '/v1/coupon-classes/{id}/bulk-issues',
  operationId: 'listBulkIssues',
  tags,
  summary: 'List the bulk issues of a coupon class',
  request: { params: ofClass, query: z.object(listQuery) },
  responses: {
    200: jsonContent('A page of bulk issues.', page(BulkIssueShape)),
    ...problemResponses('not-found'),
  },
});

const get = createRoute({
  method: 'get',
  path: '/v1/bulk-issues/{id}',
  operationId: 'getBulkIssue',
  tags,
  summary: 'How far a bulk issue has come',
  request: { params: one },
  responses: {
    200: jsonContent('The bulk issue.', BulkIssueShape),
    ...problemResponses('not-found'),
  },
});

const cancel = createRoute({
  method: 'post',
  path: '/v1/bulk-issues/{id}/cancellation',
  operationId: 'cancelBulkIssue',
  tags,
  summary: 'Stop the rest of a bulk issue',
  description:
    'What was handed in already is still decided and counted. Cancelling twice is cancelling once, and a job that is done stays done.',
  request: { params: one },
  responses: {
    200: jsonContent('The bulk issue.', BulkIssueShape),
    ...problemResponses('not-found'),
  },
});

const refusals = createRoute({
  method: 'get',
  path: '/v1/bulk-issues/{id}/refusals',
  operationId: 'listBulkIssueRefusals',
  tags,
  summary: 'List the wallets that got no coupon, and why',
  request: { params: one, query: z.object(listQuery) },
  responses: {
    200: jsonContent('A page of refusals, in the order of the list.', page(RefusedItemShape)),
    ...problemResponses('not-found'),
  },
});

/** Name these lists in their cursors. */
const ISSUES = 'bulk-issues';
const REFUSALS = 'bulk-issue-refusals';

export function bulkRoutes(service: Service): Router {
  const router = newRouter();
  const { reads } = service.database;

  router.openapi(create, (c) => {
    const caller = callerWith(c, 'bulk-issues:write');
    const request = { caller, classId: c.req.valid('param').id, requestId: c.get('requestId') };
    // The route before this one took what is CSV.
    const query = walletQuery(c.req.valid('json') as z.infer<typeof BulkInput>);
    return write(c, service, async (tx) =>
      bulkAnswer(c, await issueToMatching(tx, request, query)),
    ) as never;
  });

  router.openapi(list, async (c) => {
    const caller = callerWith(c, 'bulk-issues:read');
    const { after, limit } = pageRequest(c.req.valid('query'), ISSUES);
    const further = { after, limit: limit + 1 };
    const rows = await readBulkIssues(reads, caller, c.req.valid('param').id, further);
    if (rows === null) throw new ProblemError('not-found');
    return c.json(
      pageOf(rows, limit, ({ id }) => id, shownIssue, ISSUES),
      200,
    );
  });

  router.openapi(get, async (c) => {
    const caller = callerWith(c, 'bulk-issues:read');
    const found = await readBulkIssue(reads, caller, c.req.valid('param').id);
    if (found === null) throw new ProblemError('not-found');
    return c.json(shownIssue(found), 200);
  });

  router.openapi(cancel, (c) => {
    const caller = callerWith(c, 'bulk-issues:write');
    const { id } = c.req.valid('param');
    return write(c, service, async (tx) => {
      const issue = await cancelBulkIssue(tx, caller, id);
      if (issue === null) throw new ProblemError('not-found');
      return answer(200, shownIssue(issue));
    }) as never;
  });

  router.openapi(refusals, async (c) => {
    const caller = callerWith(c, 'bulk-issues:read');
    const { after, limit } = pageRequest(c.req.valid('query'), REFUSALS);
    const further = { after: positionIn(after), limit: limit + 1 };
    const rows = await readRefused(reads, caller, c.req.valid('param').id, further);
    if (rows === null) throw new ProblemError('not-found');
    return c.json(
      pageOf(rows, limit, ({ position }) => String(position), shownRefusal, REFUSALS),
      200,
    );
  });

  return router;
}

function positionIn(after: string | null): number {
  if (after === null) return -1;
  if (/^\d{1,9}$/.test(after)) return Number(after);
  throw invalidInput('/query/cursor', 'must be a cursor from an earlier page of this list');
}
