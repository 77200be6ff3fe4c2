import { createRoute, z } from '@hono/zod-openapi';
import { callerWith } from '../http/authentication.ts';
import { jsonBody, jsonContent, problemResponses } from '../http/documentation.ts';
import { newRouter, type Router } from '../http/router.ts';
import { idOf, instant, resourceId } from '../http/schemas.ts';
import type { Service } from '../http/service.ts';
import { answer, refusal, write } from '../http/write.ts';
import { ProblemError } from '../problems/answer.ts';
import { keptWalletFor } from '../wallets/access.ts';
import type { PresentationState } from './model.ts';
import { present, presentationFor, select } from './present.ts';

const PresentationInput = z.discriminatedUnion('screen', [
  z.strictObject({ screen: z.literal('home') }),
  z.strictObject({ screen: z.literal('pass'), objectId: resourceId }),
]);

const create = createRoute({
  method: 'post',
  path: '/v1/wallets/{id}/presentations',
  operationId: 'present',
  tags: ['Presentations'],
  summary: 'What the phone hands to the terminal',
  request: { params: z.object({ id: idOf('wal') }), body: jsonBody(PresentationInput) },
  responses: {
    201: jsonContent(
      'The token is good for 60 seconds and one transfer.',
      z.object({ id: idOf('prs'), token: z.string(), expiresAt: instant }).openapi('Presentation'),
    ),
    ...problemResponses('not-found'),
  },
});

const Choice = z.object({ objectId: resourceId, classId: resourceId });
const Status = z
  .object({
    id: idOf('prs'),
    status: z.enum(['open', 'choose', 'transferred', 'expired']),
    choices: z.array(Choice),
    expiresAt: instant,
  })
  .openapi('PresentationStatus');

const params = z.object({ id: idOf('prs') });

const get = createRoute({
  method: 'get',
  path: '/v1/presentations/{id}',
  operationId: 'getPresentation',
  tags: ['Presentations'],
  summary: 'How far a presentation is, for the wallet',
  request: { params },
  responses: { 200: jsonContent('The presentation.', Status), ...problemResponses('not-found') },
});

const selection = createRoute({
  method: 'post',
  path: '/v1/presentations/{id}/selection',
  operationId: 'selectPass',
  tags: ['Presentations'],
  summary: 'Pick a pass from the carousel',
  description: "The terminal's next tap gets that pass. The presentation lasts another 60 seconds.",
  request: { params, body: jsonBody(z.strictObject({ objectId: resourceId })) },
  responses: {
    200: jsonContent('The pass is picked.', Status),
    ...problemResponses('not-found', 'presentation-expired', 'selection-not-offered'),
  },
});

export function presentationRoutes(service: Service): Router {
  const router = newRouter();

  router.openapi(create, (c) => {
    const caller = callerWith(c, 'wallets:write');
    const { id } = c.req.valid('param');
    const input = c.req.valid('json');
    const screen =
      input.screen === 'pass'
        ? ({ kind: 'pass', objectId: input.objectId } as const)
        : ({ kind: 'home' } as const);
    return write(c, service, async (tx) => {
      const wallet = await keptWalletFor(tx, caller, id);
      const presented = await present(tx, wallet.id, screen);
      if (presented === null) throw new ProblemError('not-found');
      return answer(201, { ...presented, expiresAt: presented.expiresAt.toISOString() });
    }) as never;
  });

  router.openapi(get, async (c) => {
    const caller = callerWith(c, 'wallets:read');
    const found = await presentationFor(service.database.reads, caller, c.req.valid('param').id);
    return c.json(shown(found), 200);
  });

  router.openapi(selection, (c) => {
    const caller = callerWith(c, 'wallets:write');
    const { id } = c.req.valid('param');
    const { objectId } = c.req.valid('json');
    return write(c, service, async (tx) => {
      await presentationFor(tx, caller, id);
      const outcome = await select(tx, id, objectId);
      if (!outcome.ok) return refusal(c, outcome.refusal);
      const expiresAt = outcome.expiresAt.toISOString();
      return answer(200, { id, status: 'open', choices: [], expiresAt });
    }) as never;
  });

  return router;
}

function shown({ id, status, choices, expiresAt, expired }: PresentationState) {
  const over = expired && status !== 'transferred';
  return {
    id,
    status: over ? ('expired' as const) : status,
    choices: over ? [] : [...choices],
    expiresAt: expiresAt.toISOString(),
  };
}
