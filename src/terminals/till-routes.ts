import { createRoute, z } from '@hono/zod-openapi';
import { callerWith, tillWith } from '../http/authentication.ts';
import { jsonBody, jsonContent, problemResponses } from '../http/documentation.ts';
import { pageOf, pageRequest } from '../http/paging.ts';
import { newRouter, type Router } from '../http/router.ts';
import { idOf, instant, listQuery, page } from '../http/schemas.ts';
import type { Service } from '../http/service.ts';
import { answer, refusal, write } from '../http/write.ts';
import { ProblemError } from '../problems/answer.ts';
import { issuerNamed } from './issuer-named.ts';
import { issuePairingCode } from './pair.ts';
import { localId, ofIssuer } from './schemas.ts';
import { readTills, setListening, unpairTill } from './tills.ts';

const tags = ['Tills'];
const params = z.object({ id: localId });

const PairingCode = z
  .object({
    code: z
      .string()
      .regex(/^[0-9]{6}$/)
      .openapi({ example: '204817' }),
    expiresAt: instant,
    url: z.string().openapi({
      description:
        'Opened on the till it fills the code in; as a QR code for a till with a camera.',
      example: 'https://pass.example.com/counter/pair#204817',
    }),
  })
  .openapi('PairingCode');

const TillShape = z
  .object({
    id: idOf('till'),
    terminalId: localId,
    listening: z.boolean(),
    pairedAt: instant,
    seenAt: instant,
  })
  .openapi('Till');

const Listening = z.strictObject({ on: z.boolean() });

const createCode = createRoute({
  method: 'post',
  path: '/v1/terminals/{id}/pairing-codes',
  operationId: 'createPairingCode',
  tags,
  summary: 'Make a code that pairs a browser with a terminal',
  description:
    'Six digits, good once and for 10 minutes. The terminal’s code before it is none any more. Whoever types it at /counter/pair makes that browser a till of the terminal.',
  request: { params, query: z.object(ofIssuer) },
  responses: { 201: jsonContent('The code.', PairingCode), ...problemResponses('not-found') },
});

const list = createRoute({
  method: 'get',
  path: '/v1/terminals/{id}/tills',
  operationId: 'listTills',
  tags,
  summary: 'List the browsers that are paired with a terminal',
  request: { params, query: z.object({ ...listQuery, ...ofIssuer }) },
  responses: {
    200: jsonContent('A page of tills.', page(TillShape)),
    ...problemResponses('not-found'),
  },
});

const unpair = createRoute({
  method: 'delete',
  path: '/v1/tills/{id}',
  operationId: 'unpairTill',
  tags,
  summary: 'Unpair a till',
  description: 'Every process refuses it within 5 seconds, and its live line ends.',
  request: { params: z.object({ id: idOf('till') }) },
  responses: { 204: { description: 'The till is unpaired.' }, ...problemResponses('not-found') },
});

const listening = createRoute({
  method: 'put',
  path: '/v1/terminals/{id}/listening',
  operationId: 'setListening',
  tags,
  summary: 'Remember for the calling till whether it recognises members',
  description: 'For a paired till, by its cookie, at its own terminal.',
  request: { params, body: jsonBody(Listening) },
  responses: {
    200: jsonContent('What is remembered.', Listening.openapi('Listening')),
    ...problemResponses('not-a-till', 'not-found'),
  },
});

/** Names the list of tills in its cursors. */
const LIST = 'tills';

/** Pairing browsers with terminals. */
export function tillRoutes(service: Service): Router {
  const router = newRouter();

  router.openapi(createCode, (c) => {
    const caller = callerWith(c, 'terminals:write');
    const issuerId = issuerNamed(caller, c.req.valid('query').issuerId);
    const terminal = { issuerId, terminalId: c.req.valid('param').id };
    return write(c, service, async (tx) => {
      const made = await issuePairingCode(tx, caller, terminal);
      if (!made.ok) return refusal(c, made.refusal);
      const { code, expiresAt } = made;
      const url = `${service.origin}/counter/pair#${code}`;
      return answer(201, { code, expiresAt: expiresAt.toISOString(), url });
    }) as never;
  });

  router.openapi(list, async (c) => {
    const caller = callerWith(c, 'terminals:read');
    const { issuerId: named, ...asked } = c.req.valid('query');
    const terminal = { issuerId: issuerNamed(caller, named), terminalId: c.req.valid('param').id };
    const { after, limit } = pageRequest(asked, LIST);
    const range = { after, limit: limit + 1 };
    const rows = await readTills(service.database.reads, caller, terminal, range);
    if (rows === null) throw new ProblemError('not-found');
    const shown = rows.map(({ issuerId: _issuerId, pairedAt, seenAt, ...till }) => ({
      ...till,
      pairedAt: pairedAt.toISOString(),
      seenAt: seenAt.toISOString(),
    }));
    return c.json(
      pageOf(
        shown,
        limit,
        ({ id }) => id,
        (till) => till,
        LIST,
      ),
      200,
    );
  });

  router.openapi(unpair, (c) => {
    const caller = callerWith(c, 'terminals:write');
    const { id } = c.req.valid('param');
    return write(c, service, async (tx) => {
      if (!(await unpairTill(tx, caller, id))) throw new ProblemError('not-found');
      return answer(204, null);
    }) as never;
  });

  router.openapi(listening, (c) => {
    const till = tillWith(c, c.req.valid('param').id);
    const { on } = c.req.valid('json');
    return write(c, service, async (tx) => {
      await setListening(tx, till, on);
      return answer(200, { on });
    }) as never;
  });

  return router;
}
