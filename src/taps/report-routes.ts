import { createRoute, z } from '@hono/zod-openapi';
import { callerWith } from '../http/authentication.ts';
import { jsonBody, jsonContent, problemResponses } from '../http/documentation.ts';
import { newRouter, type Router } from '../http/router.ts';
import { idOf, instant, resourceId } from '../http/schemas.ts';
import type { Service } from '../http/service.ts';
import { answer, write } from '../http/write.ts';
import { keptWalletFor } from '../wallets/access.ts';
import { REPORT_REFUSALS, reportTaps } from './report.ts';

const MOST_TAPS = 100;

const OfflineTap = z
  .strictObject({
    evidence: z
      .string()
      .max(400)
      .regex(/^smart-tap\.[\w-]+\.[\w-]+$/)
      .openapi({
        description:
          '`smart-tap.`, the 101 bytes that the terminal signed, `.`, its DER signature; base64url.',
      }),
    keyVersion: z.int().min(0).max(2_147_483_647),
    turn: z.int().min(0).max(100).default(0).openapi({
      description: '0 for the first question of a tap, 1 for the next.',
    }),
    terminalId: z
      .string()
      .regex(/^[\x21-\x7e]{1,64}$/)
      .nullable()
      .default(null),
    outcome: z.enum(['transferred', 'choose', 'nothing']),
    objectIds: z.array(resourceId).max(20).openapi({ description: 'What was handed over.' }),
    tappedAt: instant,
  })
  .openapi('OfflineTap');

const Result = z.object({
  outcome: z.enum(['recorded', 'known', 'refused']),
  tapId: idOf('tap').optional(),
  refusal: z.enum(REPORT_REFUSALS).optional(),
});

const report = createRoute({
  method: 'post',
  path: '/v1/wallets/{id}/offline-taps',
  operationId: 'reportTaps',
  tags: ['Taps'],
  summary: 'Taps that a phone has decided without a network',
  description: 'Each is recorded once. One that is refused does not keep the others back.',
  request: {
    params: z.object({ id: idOf('wal') }),
    body: jsonBody(z.strictObject({ taps: z.array(OfflineTap).min(1).max(MOST_TAPS) })),
  },
  responses: {
    200: jsonContent(
      'What became of each, in the order of the request.',
      z.object({ results: z.array(Result) }).openapi('TapReport'),
    ),
    ...problemResponses('not-found'),
  },
});

export function reportRoutes(service: Service): Router {
  const router = newRouter();
  router.openapi(report, (c) => {
    const caller = callerWith(c, 'wallets:write');
    const { id } = c.req.valid('param');
    const { taps } = c.req.valid('json');
    return write(c, service, async (tx) => {
      const wallet = await keptWalletFor(tx, caller, id);
      const results = await reportTaps(tx, service.smartTap, wallet.id, taps);
      return answer(200, { results });
    }) as never;
  });
  return router;
}
