import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from '../http/env.ts';
import { ProblemError } from '../problems/answer.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Lets a request that changes something in only from our own pages. A browser tells where it comes
 * from; the cookies are kept from strangers by SameSite besides.
 */
export function ownPagesOnly(origin: string): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    if (!SAFE.has(c.req.method) && isForeign(c.req.raw.headers, origin)) {
      throw new ProblemError('forbidden');
    }
    await next();
  };
}

function isForeign(headers: Headers, origin: string): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site !== 'same-origin' && site !== 'none';
  const from = headers.get('origin');
  return from !== null && from !== origin;
}
