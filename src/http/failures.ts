import { HTTPException } from 'hono/http-exception';
import { errorFacts, type Log } from '../platform/log.ts';
import { CommitUnknownError, isConnectionLoss, sqlState } from '../platform/transact.ts';
import {
  ProblemError,
  type ProblemExtras,
  problemDocument,
  problemHeaders,
} from '../problems/answer.ts';
import type { ProblemCode } from '../problems/registry.ts';
import type { AppContext } from './env.ts';
import { methodsOf, type Router } from './router.ts';
import { problemContext } from './write.ts';

/** Every way a request fails, as a problem; what is our fault is logged. */
export function failureHandler(log: Log) {
  return (error: Error, c: AppContext): Response => {
    const { code, extras } = problemOf(error);
    if (code === 'internal-error' || code === 'outcome-unknown' || code === 'overloaded') {
      log.error('request failed', { requestId: c.get('requestId'), code, ...errorFacts(error) });
    }
    return problemResponse(c, code, extras);
  };
}

export function problemOf(error: unknown): { code: ProblemCode; extras?: ProblemExtras } {
  if (error instanceof ProblemError) return { code: error.code, extras: error.extras };
  if (error instanceof CommitUnknownError) return { code: 'outcome-unknown' };
  if (error instanceof HTTPException && error.status === 415) {
    return { code: 'unsupported-media-type' };
  }
  if (error instanceof HTTPException && error.status < 500) return { code: 'malformed-json' };
  return { code: isOverload(error) ? 'overloaded' : 'internal-error' };
}

/** Lock and statement timeouts, too many connections, or no connection at all. */
function isOverload(error: unknown): boolean {
  const state = sqlState(error);
  return (
    isConnectionLoss(error) ||
    state === '55P03' ||
    state === '57014' ||
    state === '40001' ||
    state === '40P01' ||
    (state?.startsWith('53') ?? false)
  );
}

/** What no route answers: a path that is not there, or one that does not know the method. */
export function unroutedHandler(app: Router) {
  return (c: AppContext): Response => {
    const methods = methodsOf(app, c.req.path);
    if (methods.length === 0) return problemResponse(c, 'not-found');
    c.header('Allow', methods.join(', '));
    if (c.req.method === 'OPTIONS') return c.body(null, 204);
    return problemResponse(c, 'method-not-allowed');
  };
}

export function problemResponse(
  c: AppContext,
  code: ProblemCode,
  extras?: ProblemExtras,
): Response {
  const document = problemDocument(code, problemContext(c), extras);
  return c.body(JSON.stringify(document), document.status as 400, {
    ...problemHeaders(c.get('locale')),
    ...(document.status === 401 && { 'WWW-Authenticate': 'Bearer' }),
    ...((document.status === 503 || document.status === 429) && { 'Retry-After': '1' }),
  });
}
