import { callerWith, requireCaller } from '../http/authentication.ts';
import type { AppContext } from '../http/env.ts';
import { newRouter, type Router } from '../http/router.ts';
import { resourceId } from '../http/schemas.ts';
import type { Service } from '../http/service.ts';
import { streamedWrite } from '../http/streamed-write.ts';
import { guardedDoor } from '../platform/door.ts';
import { ProblemError } from '../problems/answer.ts';
import { issueToListed } from './create.ts';
import { bulkAnswer } from './schemas.ts';

const LIST_BYTES = 100 * 1024 * 1024;
/** Each holds a connection to the database as long as it lasts. */
const MOST_UPLOADS = 3;
const CSV_TYPE = /^text\/csv\s*(?:;|$)/i;
const OTHER_CHARSET = /;\s*charset\s*=\s*"?(?!utf-8"?\s*(?:;|$))/i;

/**
 * A bulk issue whose wallets come as a file, mounted before the strict reader of JSON. What is no
 * CSV goes on to the route that documents both.
 */
export function bulkListRoutes(service: Service): Router {
  const router = newRouter();
  const authenticated = requireCaller(service);
  const door = guardedDoor(MOST_UPLOADS, () => new ProblemError('overloaded'));

  router.post('/v1/coupon-classes/:id/bulk-issues', async (c, next) => {
    const type = c.req.header('content-type') ?? '';
    if (!CSV_TYPE.test(type)) return next();
    await authenticated(c, async () => {});
    if (OTHER_CHARSET.test(type)) throw new ProblemError('unsupported-media-type');
    return door(() => issueToList(c, service));
  });
  return router;
}

function issueToList(c: AppContext, service: Service): Promise<Response> {
  const caller = callerWith(c, 'bulk-issues:write');
  const { success, data: classId } = resourceId.safeParse(c.req.param('id'));
  if (!success) throw new ProblemError('not-found');
  const request = { caller, classId, requestId: c.get('requestId') };
  return streamedWrite(c, service, LIST_BYTES, async (tx, csv) =>
    bulkAnswer(c, await issueToListed(tx, request, csv)),
  );
}
