import { createRoute, z } from '@hono/zod-openapi';
import { callerWith } from '../http/authentication.ts';
import { jsonBody, jsonContent, problemResponses } from '../http/documentation.ts';
import { pageOf, pageRequest } from '../http/paging.ts';
import { newRouter, type Router } from '../http/router.ts';
import { instant, int64Id, listQuery, page } from '../http/schemas.ts';
import type { Service } from '../http/service.ts';
import { answer, write } from '../http/write.ts';
import { invalidInput, ProblemError } from '../problems/answer.ts';
import { type ApiKeyRefusal, createApiKey } from './create.ts';
import { type ApiKey, mayActFor, SCOPES } from './model.ts';
import { readApiKeys } from './read.ts';
import { revokeKey } from './revoke.ts';

const keyId = z
  .string()
  .regex(/^[0-9A-Za-z]{16}$/)
  .openapi({ example: 'b7Qm2Xw9LrT4kZ0a' });

const ApiKeyInput = z.strictObject({
  issuerId: int64Id,
  scopes: z.array(z.enum(SCOPES)).min(1).max(SCOPES.length),
  mode: z.enum(['live', 'test']),
  expiresAt: instant.optional().openapi({ description: 'In the future; without it no end.' }),
});

const ApiKeyShape = z
  .object({
    id: keyId,
    issuerId: z.string(),
    mode: z.string(),
    scopes: z.array(z.string()),
    lastFour: z.string(),
    createdAt: instant,
    expiresAt: instant.nullable(),
  })
  .openapi('ApiKey');

const NewApiKey = z
  .object({
    id: keyId,
    key: z.string().nullable().openapi({
      description: 'Null in the answer to a retry under the same Idempotency-Key.',
    }),
  })
  .openapi('NewApiKey');

const create = createRoute({
  method: 'post',
  path: '/v1/api-keys',
  operationId: 'createApiKey',
  tags: ['Access'],
  summary: 'Make an API key',
  description:
    'The key is shown this one time; only its hash is kept. A retry under the same Idempotency-Key is told the `id` again and `"key": null`: whoever lost the first answer revokes that key and makes another.',
  request: { body: jsonBody(ApiKeyInput) },
  responses: {
    201: jsonContent('The key.', NewApiKey),
    ...problemResponses('not-found'),
  },
});

const list = createRoute({
  method: 'get',
  path: '/v1/api-keys',
  operationId: 'listApiKeys',
  tags: ['Access'],
  summary: 'List the live API keys',
  description: 'Keys that were revoked or have ended are not listed.',
  request: { query: z.object(listQuery) },
  responses: { 200: jsonContent('A page of keys.', page(ApiKeyShape)), ...problemResponses() },
});

const revoke = createRoute({
  method: 'delete',
  path: '/v1/api-keys/{id}',
  operationId: 'revokeApiKey',
  tags: ['Access'],
  summary: 'Revoke an API key',
  description: 'Every process refuses the key within 5 seconds.',
  request: { params: z.object({ id: keyId }) },
  responses: { 204: { description: 'The key is revoked.' }, ...problemResponses('not-found') },
});

/** Names the list of keys in its cursors. */
const LIST = 'api-keys';

export function accessRoutes(service: Service): Router {
  const router = newRouter();

  router.openapi(create, (c) => {
    const caller = callerWith(c, 'api-keys:write');
    const { expiresAt, ...input } = c.req.valid('json');
    if (!mayActFor(caller, input.issuerId)) throw new ProblemError('not-found');
    const expiry = expiresAt === undefined ? null : new Date(expiresAt);
    return write(c, service, async (tx) => {
      const created = await createApiKey(tx, caller, { ...input, expiresAt: expiry });
      if (!created.ok) throw refused(created.refusal);
      const { id, key } = created;
      // A retry learns the id, to revoke the key whose only showing was lost.
      return { ...answer(201, { id, key }), keptBody: JSON.stringify({ id, key: null }) };
    }) as never;
  });

  router.openapi(list, async (c) => {
    const caller = callerWith(c, 'api-keys:read');
    const { after, limit } = pageRequest(c.req.valid('query'), LIST);
    const rows = await readApiKeys(service.database.reads, caller, { after, limit: limit + 1 });
    return c.json(
      pageOf(rows, limit, ({ id }) => id, shown, LIST),
      200,
    );
  });

  router.openapi(revoke, (c) => {
    const caller = callerWith(c, 'api-keys:write');
    const { id } = c.req.valid('param');
    return write(c, service, async (tx) => {
      if (!(await revokeKey(tx, caller, id))) throw new ProblemError('not-found');
      return answer(204, null);
    }) as never;
  });

  return router;
}

function refused(refusal: ApiKeyRefusal): ProblemError {
  return refusal === 'ends-in-the-past'
    ? invalidInput('/expiresAt', 'must lie in the future')
    : new ProblemError(refusal);
}

function shown({ createdAt, expiresAt, scopes, ...key }: ApiKey) {
  return {
    ...key,
    scopes: [...scopes],
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
  };
}
