import { createRoute, z } from '@hono/zod-openapi';
import { callerWith } from '../http/authentication.ts';
import { jsonBody, jsonContent, problemResponses } from '../http/documentation.ts';
import { pageOf, pageRequest } from '../http/paging.ts';
import { newRouter, type Router } from '../http/router.ts';
import { displayText, idOf, instant, listQuery, page, resourceId } from '../http/schemas.ts';
import type { Service } from '../http/service.ts';
import { answer, refusal, write } from '../http/write.ts';
import { VERTICALS } from '../passes/model.ts';
import { addPassToWallet } from './add-pass.ts';
import { createWallet } from './create.ts';
import type { VisibleWallet, WalletPass } from './model.ts';
import { readWallet, readWalletPasses } from './read.ts';

const WalletInput = z.strictObject({
  displayName: displayText(100).optional(),
  externalId: displayText(200).optional(),
  email: z
    .email()
    .max(254)
    .optional()
    .openapi({ description: 'Where the member is told that a coupon expires.' }),
  plus: z.boolean().optional().openapi({ description: 'A paying PLUS member.' }),
});

const personal = z
  .string()
  .nullable()
  .optional()
  .openapi({ description: 'Told to the keeper of the wallet alone.' });

const WalletShape = z
  .object({
    id: idOf('wal'),
    issuerId: z
      .string()
      .nullable()
      .openapi({ description: 'Its keeper; null for a wallet of the platform.' }),
    displayName: personal,
    externalId: personal,
    email: personal,
    plus: z.boolean(),
    createdAt: instant,
  })
  .openapi('Wallet');

const WalletPassShape = z
  .object({
    objectId: resourceId,
    classId: resourceId,
    issuerId: z.string(),
    type: z.enum(VERTICALS),
    state: z.string(),
    addedAt: instant,
  })
  .openapi('WalletPass');

export const walletParams = z.object({ id: idOf('wal') });

const create = createRoute({
  method: 'post',
  path: '/v1/wallets',
  operationId: 'createWallet',
  tags: ['Wallets'],
  summary: 'Make a wallet',
  request: { body: jsonBody(WalletInput) },
  responses: {
    201: jsonContent('The wallet.', WalletShape),
    ...problemResponses('already-exists'),
  },
});

const get = createRoute({
  method: 'get',
  path: '/v1/wallets/{id}',
  operationId: 'getWallet',
  tags: ['Wallets'],
  summary: 'Read a wallet',
  request: { params: walletParams },
  responses: { 200: jsonContent('The wallet.', WalletShape), ...problemResponses('not-found') },
});

const addPass = createRoute({
  method: 'post',
  path: '/v1/wallets/{id}/passes',
  operationId: 'addPassToWallet',
  tags: ['Wallets'],
  summary: 'Put a pass into a wallet',
  request: { params: walletParams, body: jsonBody(z.strictObject({ objectId: resourceId })) },
  responses: {
    201: jsonContent(
      'The pass is in the wallet.',
      z.object({ walletId: idOf('wal'), objectId: resourceId }),
    ),
    ...problemResponses('not-found', 'pass-already-held'),
  },
});

const passes = createRoute({
  method: 'get',
  path: '/v1/wallets/{id}/passes',
  operationId: 'listWalletPasses',
  tags: ['Wallets'],
  summary: 'List the passes of a wallet',
  request: { params: walletParams, query: z.object(listQuery) },
  responses: {
    200: jsonContent('A page of passes.', page(WalletPassShape)),
    ...problemResponses('not-found'),
  },
});

/** Names the list of a wallet's passes in its cursors. */
const PASSES = 'wallet-passes';

export function walletRoutes(service: Service): Router {
  const router = newRouter();
  const { reads } = service.database;

  router.openapi(create, (c) => {
    const caller = callerWith(c, 'wallets:write');
    const input = c.req.valid('json');
    return write(c, service, async (tx) => {
      const wallet = await createWallet(tx, caller, input);
      return wallet === null ? refusal(c, 'already-exists') : answer(201, shown(wallet));
    }) as never;
  });

  router.openapi(get, async (c) => {
    const caller = callerWith(c, 'wallets:read');
    const wallet = await readWallet(reads, caller, c.req.valid('param').id);
    return c.json(shown(wallet), 200);
  });

  router.openapi(addPass, (c) => {
    const caller = callerWith(c, 'wallets:write');
    const { id } = c.req.valid('param');
    const { objectId } = c.req.valid('json');
    return write(c, service, async (tx) => {
      const outcome = await addPassToWallet(tx, caller, id, objectId);
      return outcome === 'added' ? answer(201, { walletId: id, objectId }) : refusal(c, outcome);
    }) as never;
  });

  router.openapi(passes, async (c) => {
    const caller = callerWith(c, 'wallets:read');
    const { after, limit } = pageRequest(c.req.valid('query'), PASSES);
    const further = { after, limit: limit + 1 };
    const rows = await readWalletPasses(reads, caller, c.req.valid('param').id, further);
    return c.json(
      pageOf(rows, limit, ({ objectId }) => objectId, shownPass, PASSES),
      200,
    );
  });

  return router;
}

function shown({ createdAt, ...wallet }: VisibleWallet) {
  return { ...wallet, createdAt: createdAt.toISOString() };
}

function shownPass({ addedAt, ...pass }: WalletPass) {
  return { ...pass, addedAt: addedAt.toISOString() };
}
