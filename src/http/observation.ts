import type { MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { newId } from '../platform/ids.ts';
import { localeFrom } from '../problems/answer.ts';
import type { AppContext, AppEnv } from './env.ts';
import type { Service } from './service.ts';

/** Gives each request its id and language, and counts and logs its answer. */
export function observed({
  origin,
  log,
  metrics,
}: Pick<Service, 'origin' | 'log' | 'metrics'>): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const begun = performance.now();
    const requestId = newId('req');
    c.set('requestId', requestId);
    c.set('origin', origin);
    c.set('locale', localeFrom(c.req.header('accept-language')));
    // Before the answer is made: a finished one would be copied to get its headers in.
    c.header('X-Request-Id', requestId);
    c.header('X-Content-Type-Options', 'nosniff');
    await next();
    const seconds = (performance.now() - begun) / 1000;
    const { method } = c.req;
    const { status } = c.res;
    const route = routePattern(c);
    metrics.request({ method, route, status }, seconds);
    if (status >= 500) log.warn('answered', { requestId, method, route, status, seconds });
  };
}

/** The pattern and not the path: paths hold ids, and there are few patterns to count by. */
function routePattern(c: AppContext): string {
  const handled = matchedRoutes(c).filter(({ path }) => !path.endsWith('*'));
  return handled.at(-1)?.path ?? 'none';
}
