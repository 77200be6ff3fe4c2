import { createRoute, z } from '@hono/zod-openapi';
import type { Caller } from '../access/model.ts';
import { callerWith } from '../http/authentication.ts';
import { jsonBody, jsonContent, problemResponses } from '../http/documentation.ts';
import type { AppContext } from '../http/env.ts';
import { pageOf, pageRequest } from '../http/paging.ts';
import { newRouter, type Router } from '../http/router.ts';
import { listQuery, page } from '../http/schemas.ts';
import type { Service } from '../http/service.ts';
import { answer, refusal, write } from '../http/write.ts';
import type { StoredAnswer } from '../idempotency/model.ts';
import type { Tx } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import type { Page } from '../platform/page.ts';
import { ProblemError } from '../problems/answer.ts';
import { changeStore, changeTerminal } from './change.ts';
import { issuerNamed } from './issuer-named.ts';
import { readStore, readStores, readTerminal, readTerminals } from './read.ts';
import { type RegisterOutcome, registerStore, registerTerminal } from './register.ts';
import {
  localId,
  ofIssuer,
  StoreChange,
  StoreInput,
  StoreShape,
  TerminalChange,
  TerminalInput,
  TerminalShape,
} from './schemas.ts';

const query = z.object({ ...listQuery, ...ofIssuer });
const one = { params: z.object({ id: localId }), query: z.object(ofIssuer) };
const tags = ['Stores and terminals'];

const createStore = createRoute({
  method: 'post',
  path: '/v1/stores',
  operationId: 'createStore',
  tags,
  summary: 'Register a store',
  request: { body: jsonBody(StoreInput) },
  responses: {
    201: jsonContent('The store.', StoreShape),
    ...problemResponses('not-found', 'already-exists'),
  },
});

const listStoresRoute = createRoute({
  method: 'get',
  path: '/v1/stores',
  operationId: 'listStores',
  tags,
  summary: 'List the stores of an issuer',
  request: { query },
  responses: {
    200: jsonContent('A page of stores.', page(StoreShape)),
    ...problemResponses('not-found'),
  },
});

const createTerminal = createRoute({
  method: 'post',
  path: '/v1/terminals',
  operationId: 'createTerminal',
  tags,
  summary: 'Register a terminal in a store',
  description: 'Taps and redemptions that name the terminal then count for its store.',
  request: { body: jsonBody(TerminalInput) },
  responses: {
    201: jsonContent('The terminal.', TerminalShape),
    ...problemResponses('not-found', 'already-exists'),
  },
});

const listTerminalsRoute = createRoute({
  method: 'get',
  path: '/v1/terminals',
  operationId: 'listTerminals',
  tags,
  summary: 'List the terminals of an issuer',
  request: { query },
  responses: {
    200: jsonContent('A page of terminals.', page(TerminalShape)),
    ...problemResponses('not-found'),
  },
});

const getStore = createRoute({
  method: 'get',
  path: '/v1/stores/{id}',
  operationId: 'getStore',
  tags,
  summary: 'Read a store',
  request: one,
  responses: { 200: jsonContent('The store.', StoreShape), ...problemResponses('not-found') },
});

const patchStore = createRoute({
  method: 'patch',
  path: '/v1/stores/{id}',
  operationId: 'changeStore',
  tags,
  summary: 'Rename a store',
  request: { ...one, body: jsonBody(StoreChange) },
  responses: { 200: jsonContent('The store.', StoreShape), ...problemResponses('not-found') },
});

const getTerminal = createRoute({
  method: 'get',
  path: '/v1/terminals/{id}',
  operationId: 'getTerminal',
  tags,
  summary: 'Read a terminal',
  request: one,
  responses: { 200: jsonContent('The terminal.', TerminalShape), ...problemResponses('not-found') },
});

const patchTerminal = createRoute({
  method: 'patch',
  path: '/v1/terminals/{id}',
  operationId: 'changeTerminal',
  tags,
  summary: 'Rename a terminal, or move it to another store',
  request: { ...one, body: jsonBody(TerminalChange) },
  responses: { 200: jsonContent('The terminal.', TerminalShape), ...problemResponses('not-found') },
});

export function terminalRoutes(service: Service): Router {
  const router = newRouter();
  const { reads } = service.database;

  router.openapi(createStore, (c) => {
    const caller = callerWith(c, 'terminals:write');
    const store = { id: newId('sto'), ...definedOnly(c.req.valid('json')) };
    const verb = (tx: Tx) => registerStore(tx, caller, store);
    return write(c, service, async (tx) => registered(c, store, await verb(tx))) as never;
  });

  router.openapi(createTerminal, (c) => {
    const caller = callerWith(c, 'terminals:write');
    const terminal = { id: newId('trm'), ...definedOnly(c.req.valid('json')) };
    const verb = (tx: Tx) => registerTerminal(tx, caller, terminal);
    return write(c, service, async (tx) => registered(c, terminal, await verb(tx))) as never;
  });

  router.openapi(listStoresRoute, async (c) => {
    const caller = callerWith(c, 'terminals:read');
    const read = (issuerId: string, range: Page) => readStores(reads, caller, issuerId, range);
    return c.json(await listed('stores', caller, c.req.valid('query'), read), 200);
  });

  router.openapi(listTerminalsRoute, async (c) => {
    const caller = callerWith(c, 'terminals:read');
    const read = (issuerId: string, range: Page) => readTerminals(reads, caller, issuerId, range);
    return c.json(await listed('terminals', caller, c.req.valid('query'), read), 200);
  });

  oneByOne(router, service);
  return router;
}

/** One store or terminal, by the name that its issuer gave it. */
function oneByOne(router: Router, service: Service): void {
  const { reads } = service.database;

  router.openapi(getStore, async (c) => {
    const caller = callerWith(c, 'terminals:read');
    const issuerId = issuerNamed(caller, c.req.valid('query').issuerId);
    const name = { issuerId, storeId: c.req.valid('param').id };
    return c.json(found(await readStore(reads, caller, name)), 200);
  });

  router.openapi(patchStore, (c) => {
    const caller = callerWith(c, 'terminals:write');
    const issuerId = issuerNamed(caller, c.req.valid('query').issuerId);
    const name = { issuerId, storeId: c.req.valid('param').id };
    const newName = c.req.valid('json').name;
    return write(c, service, async (tx) =>
      answer(200, found(await changeStore(tx, caller, name, newName))),
    ) as never;
  });

  router.openapi(getTerminal, async (c) => {
    const caller = callerWith(c, 'terminals:read');
    const issuerId = issuerNamed(caller, c.req.valid('query').issuerId);
    const name = { issuerId, terminalId: c.req.valid('param').id };
    return c.json(found(await readTerminal(reads, caller, name)), 200);
  });

  router.openapi(patchTerminal, (c) => {
    const caller = callerWith(c, 'terminals:write');
    const issuerId = issuerNamed(caller, c.req.valid('query').issuerId);
    const terminal = { issuerId, terminalId: c.req.valid('param').id };
    const { name = null, storeId = null } = c.req.valid('json');
    return write(c, service, async (tx) =>
      answer(200, found(await changeTerminal(tx, caller, terminal, { name, storeId }))),
    ) as never;
  });
}

function found<Thing>(thing: Thing | null): Thing {
  if (thing === null) throw new ProblemError('not-found');
  return thing;
}

function registered(c: AppContext, thing: object, outcome: RegisterOutcome): StoredAnswer {
  return outcome === 'created' ? answer(201, thing) : refusal(c, outcome);
}

async function listed<Item extends { readonly id: string }>(
  list: string,
  caller: Caller,
  { issuerId, ...asked }: z.infer<typeof query>,
  read: (issuerId: string, range: Page) => Promise<Item[] | null>,
) {
  const { after, limit } = pageRequest(asked, list);
  const rows = await read(issuerNamed(caller, issuerId), { after, limit: limit + 1 });
  if (rows === null) throw new ProblemError('not-found');
  const idOf = ({ id }: Item) => id;
  return pageOf(rows, limit, idOf, (item) => item, list);
}

function definedOnly<T extends { id?: string | undefined }>({ id, ...rest }: T) {
  return { ...rest, ...(id !== undefined && { id }) };
}
