import { createRoute, z } from '@hono/zod-openapi';
import { jsonContent } from '../http/documentation.ts';
import { newRouter, type Router } from '../http/router.ts';
import type { Service } from '../http/service.ts';
import { publicKeyJwk } from './public-key.ts';
import { readTapKeys } from './read.ts';

const Jwks = z
  .object({
    keys: z.array(
      z.object({
        kid: z.string().openapi({ example: '44444444.1' }),
        kty: z.literal('EC'),
        crv: z.literal('P-256'),
        x: z.string(),
        y: z.string(),
        use: z.literal('sig'),
        alg: z.literal('ES256'),
      }),
    ),
  })
  .openapi('Jwks');

const jwks = createRoute({
  method: 'get',
  path: '/.well-known/jwks.json',
  operationId: 'jwks',
  tags: ['Operation'],
  summary: 'The live public keys that tap payloads are checked with',
  description: 'With them anyone can verify a stored tap payload as evidence. At most 1000 keys.',
  security: [],
  request: {
    query: z.object({
      collectorId: z
        .string()
        .regex(/^[1-9][0-9]{0,18}$/)
        .optional(),
    }),
  },
  responses: { 200: jsonContent('The key set.', Jwks) },
});

export function jwksRoutes({ database }: Service): Router {
  const router = newRouter();
  router.openapi(jwks, async (c) => {
    const { collectorId = null } = c.req.valid('query');
    const rows = await readTapKeys(database.reads, collectorId);
    const keys = rows.map((row) => ({
      kid: `${row.collectorId}.${row.version}`,
      ...publicKeyJwk(row.spki),
      use: 'sig' as const,
      alg: 'ES256' as const,
    }));
    c.header('Cache-Control', 'public, max-age=5');
    return c.json({ keys }, 200);
  });
  return router;
}
