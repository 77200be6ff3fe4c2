import { createRoute, z } from '@hono/zod-openapi';
import { newRouter, type Router } from '../http/router.ts';

const openapi = createRoute({
  method: 'get',
  path: '/openapi.yaml',
  operationId: 'openapi',
  tags: ['Operation'],
  summary: 'This reference, OpenAPI 3.1',
  security: [],
  responses: {
    200: { description: 'The document.', content: { 'application/yaml': { schema: z.string() } } },
  },
});

/** Serves the reference of the app it is part of, made at the first request, so never stale. */
export function openApiRoutes(app: () => Router): Router {
  const router = newRouter();
  let text: string | null = null;
  router.openapi(openapi, async (c) => {
    if (text === null) {
      const { openApiYaml } = await import('./openapi.ts');
      text = openApiYaml(app());
    }
    c.header('Content-Type', 'application/yaml; charset=UTF-8');
    return c.body(text, 200);
  });
  return router;
}
