import { createRoute, z } from '@hono/zod-openapi';
import type { Caller } from '../access/model.ts';
import { callerWith } from '../http/authentication.ts';
import { jsonBody, jsonContent, problemResponses } from '../http/documentation.ts';
import type { AppContext } from '../http/env.ts';
import { pageOf, pageRequest } from '../http/paging.ts';
import { newRouter, type Router } from '../http/router.ts';
import { displayText, int64Id, listQuery, page } from '../http/schemas.ts';
import type { Service } from '../http/service.ts';
import { answer, refusal, write } from '../http/write.ts';
import type { StoredAnswer } from '../idempotency/model.ts';
import type { Tx } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import type { Page } from '../platform/page.ts';
import { invalidInput, ProblemError } from '../problems/answer.ts';
import { readStores, readTerminals } from './read.ts';
import { type RegisterOutcome, registerStore, registerTerminal } from './register.ts';

const localId = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,100}$/)
  .openapi({ example: 'harbour-street' });

const storeFields = { issuerId: int64Id, name: displayText(100) };
const terminalFields = { ...storeFields, storeId: localId };

/** Without an id one is made. */
const StoreInput = z.strictObject({ id: localId.optional(), ...storeFields });
const TerminalInput = z.strictObject({ id: localId.optional(), ...terminalFields });
const StoreShape = z.object({ id: localId, ...storeFields }).openapi('Store');
const TerminalShape = z.object({ id: localId, ...terminalFields }).openapi('Terminal');

const query = z.object({
  ...listQuery,
  issuerId: int64Id.optional().openapi({
    description: "Without it the calling key's own issuer; root must give one.",
  }),
});
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

  return router;
}

function registered(c: AppContext, thing: object, outcome: RegisterOutcome): StoredAnswer {
  return outcome === 'created' ? answer(201, thing) : refusal(c, outcome);
}

async function listed<Item extends { readonly id: string }>(
  list: string,
  caller: Caller,
  { issuerId = ownIssuerId(caller), ...asked }: z.infer<typeof query>,
  read: (issuerId: string, range: Page) => Promise<Item[] | null>,
) {
  const { after, limit } = pageRequest(asked, list);
  const rows = await read(issuerId, { after, limit: limit + 1 });
  if (rows === null) throw new ProblemError('not-found');
  const idOf = ({ id }: Item) => id;
  return pageOf(rows, limit, idOf, (item) => item, list);
}

/** A key belongs to one issuer, root to none. */
function ownIssuerId(caller: Caller): string {
  if (caller.kind === 'key' || caller.kind === 'till') return caller.issuerId;
  throw invalidInput('/query/issuerId', 'must be given by root');
}

function definedOnly<T extends { id?: string | undefined }>({ id, ...rest }: T) {
  return { ...rest, ...(id !== undefined && { id }) };
}
