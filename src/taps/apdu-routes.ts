import { createRoute, z } from '@hono/zod-openapi';
import { callerWith, requireCaller } from '../http/authentication.ts';
import { readOctets } from '../http/body.ts';
import { problemResponses } from '../http/documentation.ts';
import { newRouter, type Router } from '../http/router.ts';
import { idOf } from '../http/schemas.ts';
import type { Service } from '../http/service.ts';
import { octetAnswer, refusal, write } from '../http/write.ts';
import { keptWalletFor } from '../wallets/access.ts';
import { exchangeApdu } from './apdu.ts';

/** A short command APDU has 5 bytes, 255 of data and one more at most. */
const APDU_BYTES = 261;

const octets = {
  'application/octet-stream': { schema: z.string().openapi({ type: 'string', format: 'binary' }) },
};
const session = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

const apdu = createRoute({
  method: 'post',
  path: '/v1/wallets/{id}/apdu',
  operationId: 'exchangeApdu',
  tags: ['Taps'],
  summary: 'A phone relays one command APDU of a Smart Tap terminal',
  description:
    'Answers one response APDU; what is refused is refused by its status word. A tap begun while ' +
    'the wallet has an open presentation hands over that one, otherwise the home screen.',
  request: {
    params: z.object({ id: idOf('wal') }),
    headers: z.object({
      'tap-session': session.optional().openapi({
        description: 'What the first answer of this tap carried; absent, a tap begins.',
      }),
    }),
    body: { required: true, content: octets },
  },
  responses: {
    200: {
      description: 'The response APDU.',
      headers: z.object({
        'Tap-Session': session.openapi({
          description: 'To send back in this tap, for 60 seconds.',
        }),
        'Tap-Presentation': idOf('prs').openapi({ description: 'The presentation of this tap.' }),
      }),
      content: octets,
    },
    ...problemResponses('not-found', 'presentation-expired'),
  },
});

/** Mounted before the strict reader of JSON, because a command is octets. */
export function apduRoutes(service: Service): Router {
  const router = newRouter();
  router.use(apdu.getRoutingPath(), requireCaller(service), readOctets(APDU_BYTES));
  router.openapi(apdu, (c) => {
    const caller = callerWith(c, 'wallets:write');
    const { id } = c.req.valid('param');
    const known = c.req.valid('header')['tap-session'] ?? null;
    const place = { primitives: service.smartTap, log: service.log };
    return write(c, service, async (tx) => {
      const wallet = await keptWalletFor(tx, caller, id);
      const answered = await exchangeApdu(tx, place, wallet.id, known, c.get('octets'));
      if (answered === null) return refusal(c, 'presentation-expired');
      return octetAnswer(answered.response, {
        'Tap-Session': answered.session,
        'Tap-Presentation': answered.presentationId,
      });
    }) as never;
  });
  return router;
}
