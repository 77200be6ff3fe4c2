import { createRoute, z } from '@hono/zod-openapi';
import { jsonContent } from '../http/documentation.ts';
import { newRouter, type Router } from '../http/router.ts';
import type { Service } from '../http/service.ts';

const Health = z.object({ status: z.literal('up') });
const Readiness = z.object({
  status: z.enum(['ready', 'not-ready']),
  parts: z
    .record(z.string(), z.boolean())
    .openapi({ example: { database: true, queue: true, workers: true } }),
});
const tags = ['Operation'];

const health = createRoute({
  method: 'get',
  path: '/healthz',
  operationId: 'health',
  tags,
  summary: 'Whether the process is up',
  security: [],
  responses: { 200: jsonContent('It is up.', Health) },
});

const ready = createRoute({
  method: 'get',
  path: '/readyz',
  operationId: 'readiness',
  tags,
  summary: 'Whether database, queue and workers are reachable',
  security: [],
  responses: {
    200: jsonContent('All parts answer.', Readiness),
    503: jsonContent('Some part does not answer.', Readiness),
  },
});

const metrics = createRoute({
  method: 'get',
  path: '/metrics',
  operationId: 'metrics',
  tags,
  summary: 'Prometheus metrics of this process',
  security: [],
  responses: {
    200: { description: 'The metrics.', content: { 'text/plain': { schema: z.string() } } },
    404: { description: 'This runtime keeps no metrics.' },
  },
});

/** What an operator asks of a running process. */
export function operationRoutes({ readiness, metricsText }: Service): Router {
  const router = newRouter();
  router.openapi(health, (c) => c.json({ status: 'up' as const }, 200));
  router.openapi(ready, async (c) => {
    const parts = { ...(await readiness()) };
    const all = Object.values(parts).every(Boolean);
    return all
      ? c.json({ status: 'ready' as const, parts }, 200)
      : c.json({ status: 'not-ready' as const, parts }, 503);
  });
  router.openapi(metrics, async (c) => {
    if (metricsText === null) return c.body(null, 404);
    return c.text(await metricsText(), 200);
  });
  return router;
}
