import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from '../http/env.ts';
import { isFromElsewhere } from '../http/own-pages.ts';
import { ProblemError } from '../problems/answer.ts';

/** Lets a request that changes something in only from our own pages. */
export function ownPagesOnly(origin: string): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    if (isFromElsewhere(c.req.raw, origin)) throw new ProblemError('forbidden');
    await next();
  };
}
