import { createRoute, z } from '@hono/zod-openapi';
import { actorOf, type Caller, mayActFor } from '../access/model.ts';
import { audit } from '../audit/store.ts';
import { callerWith } from '../http/authentication.ts';
import { jsonBody, jsonContent, problemResponses } from '../http/documentation.ts';
import type { AppContext } from '../http/env.ts';
import { pageOf, pageRequest } from '../http/paging.ts';
import { newRouter, type Router } from '../http/router.ts';
import { displayText, int64Id, listQuery, page } from '../http/schemas.ts';
import type { Service } from '../http/service.ts';
import { answer, refusal, write } from '../http/write.ts';
import type { Tx } from '../platform/database.ts';
import { newId } from '../platform/ids.ts';
import { violatedConstraint } from '../platform/transact.ts';
import { ProblemError } from '../problems/answer.ts';
import { insertStore, insertTerminal, listStores, listTerminals } from './store.ts';

const localId = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,100}$/)
  .openapi({ example: 'harbour-street' });

const StoreShape = z
  .strictObject({ id: localId, issuerId: int64Id, name: displayText(100) })
  .openapi('Store');
const TerminalShape = z
  .strictObject({ id: localId, issuerId: int64Id, storeId: localId, name: displayText(100) })
  .openapi('Terminal');

const optionalId = { id: localId.optional() };
const query = z.object({ ...listQuery, issuerId: int64Id });
const tags = ['Stores and terminals'];

const createStore = createRoute({
  method: 'post',
  path: '/v1/stores',
  operationId: 'createStore',
  tags,
  summary: 'Register a store',
  request: { body: jsonBody(StoreShape.extend(optionalId)) },
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
  request: { body: jsonBody(TerminalShape.extend(optionalId)) },
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
    const caller = callerFor(c, 'terminals:write', c.req.valid('json').issuerId);
    const store = { id: newId('sto'), ...definedOnly(c.req.valid('json')) };
    return register(c, service, caller, store, (tx) => insertStore(tx, store)) as never;
  });

  router.openapi(createTerminal, (c) => {
    const caller = callerFor(c, 'terminals:write', c.req.valid('json').issuerId);
    const terminal = { id: newId('trm'), ...definedOnly(c.req.valid('json')) };
    return register(c, service, caller, terminal, (tx) => insertTerminal(tx, terminal)) as never;
  });

  router.openapi(listStoresRoute, async (c) => {
    const { issuerId, ...asked } = c.req.valid('query');
    callerFor(c, 'terminals:read', issuerId);
    const { after, limit } = pageRequest(asked);
    const rows = await listStores(reads, issuerId, { after, limit: limit + 1 });
    return c.json(
      pageOf(
        rows,
        limit,
        ({ id }) => id,
        (store) => store,
      ),
      200,
    );
  });

  router.openapi(listTerminalsRoute, async (c) => {
    const { issuerId, ...asked } = c.req.valid('query');
    callerFor(c, 'terminals:read', issuerId);
    const { after, limit } = pageRequest(asked);
    const rows = await listTerminals(reads, issuerId, { after, limit: limit + 1 });
    return c.json(
      pageOf(
        rows,
        limit,
        ({ id }) => id,
        (terminal) => terminal,
      ),
      200,
    );
  });

  return router;
}

function callerFor(
  c: AppContext,
  scope: 'terminals:read' | 'terminals:write',
  issuerId: string,
): Caller {
  const caller = callerWith(c, scope);
  if (!mayActFor(caller, issuerId)) throw new ProblemError('not-found');
  return caller;
}

function register(
  c: AppContext,
  service: Service,
  caller: Caller,
  registered: { readonly id: string; readonly issuerId: string },
  insert: (tx: Tx) => Promise<boolean>,
): Promise<Response> {
  return write(c, service, async (tx) => {
    if (!(await orNotFound(() => insert(tx)))) return refusal(c, 'already-exists');
    const subject = `${registered.issuerId}/${registered.id}`;
    const entry = { action: 'terminal.register', subject, outcome: 'created' };
    await audit(tx, { actor: actorOf(caller), ...entry });
    return answer(201, registered);
  });
}

/** A store or terminal of an issuer or a store that does not exist. */
async function orNotFound<T>(insert: () => Promise<T>): Promise<T> {
  try {
    return await insert();
  } catch (error) {
    if (violatedConstraint(error) === null) throw error;
    throw new ProblemError('not-found');
  }
}

function definedOnly<T extends { id?: string | undefined }>({ id, ...rest }: T) {
  return { ...rest, ...(id !== undefined && { id }) };
}
