import { createRoute, z } from '@hono/zod-openapi';
import { callerWith } from '../http/authentication.ts';
import { jsonBody, jsonContent, optionalBody, problemResponses } from '../http/documentation.ts';
import { pageOf, pageRequest } from '../http/paging.ts';
import { newRouter, type Router } from '../http/router.ts';
import { idOf, instant, int64Id, listQuery, page } from '../http/schemas.ts';
import type { Service } from '../http/service.ts';
import { answer, refusal, write } from '../http/write.ts';
import { publicUrlFlaw } from '../platform/public-url.ts';
import { ProblemError } from '../problems/answer.ts';
import { createEndpoint, MAX_ENDPOINTS, removeEndpoint, rotateSecret } from './change-endpoints.ts';
import { OVERLAP_HOURS } from './endpoint-secret.ts';
import type { WebhookEndpoint } from './model.ts';
import { readEndpoints } from './read.ts';

const webhookUrl = z
  .string()
  .max(2000)
  .superRefine((text, context) => {
    const message = publicUrlFlaw(text);
    if (message !== null) context.addIssue({ code: 'custom', message });
  })
  .openapi({
    description: 'https, a public host by its name, port 443 or one from 1024 on.',
    example: 'https://hooks.example.com/tapline',
  });

const WebhookInput = z.strictObject({ issuerId: int64Id, url: webhookUrl });

const fields = {
  id: idOf('whk'),
  issuerId: z.string(),
  url: z.string(),
  createdAt: instant,
  disabledAt: instant.nullable().openapi({
    description: 'When its receiver answered 410: it gets nothing more. Null while in use.',
  }),
};
const secret = z.string().nullable().openapi({
  description: 'Null in the answer to a retry under the same Idempotency-Key.',
});

const WebhookShape = z.object(fields).openapi('Webhook');
const NewWebhook = z.object({ ...fields, secret }).openapi('NewWebhook');
const NewSecret = z
  .object({
    id: idOf('whk'),
    secret,
    previousUntil: instant.nullable().openapi({
      description: 'Until then the secret before signs too; null when it could not be read.',
    }),
  })
  .openapi('WebhookSecret');

const params = z.object({ id: idOf('whk') });
const tags = ['Webhooks'];

const create = createRoute({
  method: 'post',
  path: '/v1/webhooks',
  operationId: 'createWebhook',
  tags,
  summary: 'Have notices of an issuer sent to a URL',
  description: `Messages follow Standard Webhooks 1.0: \`webhook-id\` stays the same over all attempts, \`webhook-signature\` holds \`v1,\` and the HMAC-SHA256 of \`id.timestamp.body\`. 2xx means delivered; a redirect is a failure and never followed; 410 ends the endpoint; Retry-After of 429 and 503 is followed up to a day. Pauses between the ten attempts: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h, each up to a tenth longer. The secret is shown this one time. An issuer has at most ${MAX_ENDPOINTS} endpoints.`,
  request: { body: jsonBody(WebhookInput) },
  responses: {
    201: jsonContent('The endpoint and its secret.', NewWebhook),
    ...problemResponses('not-found', 'webhooks-not-enabled', 'too-many-webhooks'),
  },
});

const list = createRoute({
  method: 'get',
  path: '/v1/webhooks',
  operationId: 'listWebhooks',
  tags,
  summary: 'List the endpoints of an issuer',
  request: { query: z.object(listQuery) },
  responses: {
    200: jsonContent('A page of endpoints.', page(WebhookShape)),
    ...problemResponses(),
  },
});

const remove = createRoute({
  method: 'delete',
  path: '/v1/webhooks/{id}',
  operationId: 'deleteWebhook',
  tags,
  summary: 'Remove an endpoint',
  description: 'Nothing more is sent to it, retries neither.',
  request: { params },
  responses: { 204: { description: 'The endpoint is gone.' }, ...problemResponses('not-found') },
});

const rotate = createRoute({
  method: 'post',
  path: '/v1/webhooks/{id}/secret',
  operationId: 'rotateWebhookSecret',
  tags,
  summary: 'Give an endpoint a new secret',
  description: `The secret before signs too for ${OVERLAP_HOURS} hours, and then no more; one before that ends at once, so that rotating twice ends a secret that leaked. Shown this one time.`,
  request: { params, body: optionalBody(z.strictObject({})) },
  responses: {
    201: jsonContent('The new secret.', NewSecret),
    ...problemResponses('not-found', 'webhooks-not-enabled'),
  },
});

const LIST = 'webhooks';

export function webhookRoutes(service: Service): Router {
  const router = newRouter();
  const { sealer, database } = service;

  router.openapi(create, (c) => {
    const caller = callerWith(c, 'webhooks:write');
    const input = c.req.valid('json');
    return write(c, service, async (tx) => {
      const made = await createEndpoint(tx, caller, sealer, input);
      if (!made.ok) return refusal(c, made.refusal);
      return shownOnce({ ...shown(made.endpoint), secret: made.secret });
    }) as never;
  });

  router.openapi(rotate, (c) => {
    const caller = callerWith(c, 'webhooks:write');
    const { id } = c.req.valid('param');
    return write(c, service, async (tx) => {
      const made = await rotateSecret(tx, caller, sealer, id);
      if (!made.ok) return refusal(c, made.refusal);
      const previousUntil = made.previousUntil?.toISOString() ?? null;
      return shownOnce({ id, secret: made.secret, previousUntil });
    }) as never;
  });

  router.openapi(list, async (c) => {
    const caller = callerWith(c, 'webhooks:read');
    const { after, limit } = pageRequest(c.req.valid('query'), LIST);
    const rows = await readEndpoints(database.reads, caller, { after, limit: limit + 1 });
    return c.json(
      pageOf(rows, limit, ({ id }) => id, shown, LIST),
      200,
    );
  });

  router.openapi(remove, (c) => {
    const caller = callerWith(c, 'webhooks:write');
    const { id } = c.req.valid('param');
    return write(c, service, async (tx) => {
      if (!(await removeEndpoint(tx, caller, id))) throw new ProblemError('not-found');
      return answer(204, null);
    }) as never;
  });

  return router;
}

/** What is kept for a retry holds no secret. */
function shownOnce<Made extends { readonly secret: string }>(made: Made) {
  return { ...answer(201, made), keptBody: JSON.stringify({ ...made, secret: null }) };
}

function shown({ createdAt, disabledAt, ...endpoint }: WebhookEndpoint) {
  return {
    ...endpoint,
    createdAt: createdAt.toISOString(),
    disabledAt: disabledAt?.toISOString() ?? null,
  };
}
