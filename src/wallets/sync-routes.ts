import { createRoute, z } from '@hono/zod-openapi';
import { callerWith } from '../http/authentication.ts';
import { jsonContent, problemResponses } from '../http/documentation.ts';
import { newRouter, type Router } from '../http/router.ts';
import { idOf, instant, resourceId } from '../http/schemas.ts';
import type { Service } from '../http/service.ts';
import { publicKeyPem } from '../issuers/public-key.ts';
import { VERTICALS } from '../passes/model.ts';
import { sha256Hex } from '../platform/hashes.ts';
import type { WalletBundle } from './model.ts';
import { readBundle } from './read.ts';

const Bundle = z
  .object({
    walletId: idOf('wal'),
    passes: z.array(
      z.object({
        objectId: resourceId,
        classId: resourceId,
        issuerId: z.string(),
        type: z.enum(VERTICALS),
        state: z.string(),
        enableSmartTap: z.boolean(),
        redemptionValue: z.string().nullable(),
        validFrom: instant.nullable(),
        validUntil: instant.nullable(),
        redemptionIssuers: z.array(z.string()),
      }),
    ),
    redemptionIssuers: z.array(
      z.object({
        issuerId: z.string(),
        collectorId: z.string(),
        keys: z.array(z.object({ version: z.number().int(), publicKeyPem: z.string() })),
      }),
    ),
  })
  .openapi('WalletBundle');

const sync = createRoute({
  method: 'get',
  path: '/v1/wallets/{id}/sync',
  operationId: 'syncWallet',
  tags: ['Wallets'],
  summary: 'What a phone stores to decide a tap offline',
  description: 'Send the ETag back in If-None-Match; 304 means the stored bundle is current.',
  request: { params: z.object({ id: idOf('wal') }) },
  responses: {
    200: jsonContent('The bundle.', Bundle),
    304: { description: 'The bundle with this ETag is current.' },
    ...problemResponses('not-found'),
  },
});

export function walletSyncRoutes({ database }: Service): Router {
  const router = newRouter();
  router.openapi(sync, async (c) => {
    const caller = callerWith(c, 'wallets:read');
    const bundle = await readBundle(database.reads, caller, c.req.valid('param').id);
    const body = JSON.stringify(shown(bundle));
    const etag = `"${sha256Hex(body).slice(0, 32)}"`;
    const headers = { ETag: etag, 'Cache-Control': 'private, no-cache' };
    const known = (c.req.header('if-none-match') ?? '').split(',').map((tag) => tag.trim());
    const current = ['*', etag, `W/${etag}`].some((tag) => known.includes(tag));
    if (current) return c.body(null, 304, headers);
    return c.body(body, 200, {
      ...headers,
      'Content-Type': 'application/json; charset=UTF-8',
    }) as never;
  });
  return router;
}

function shown({ redemptionIssuers, ...bundle }: WalletBundle) {
  const issuers = redemptionIssuers.map(({ keys, ...issuer }) => ({
    ...issuer,
    keys: keys.map(({ version, spki }) => ({ version, publicKeyPem: publicKeyPem(spki) })),
  }));
  return { ...bundle, redemptionIssuers: issuers };
}
