import { createRoute, z } from '@hono/zod-openapi';
import { jsonBody } from '../http/documentation.ts';
import { answers, standardQuery, tags } from './documentation.ts';
import type { Shape } from './shapes/scalars.ts';

export interface CollectionDocument<Query extends z.ZodObject> {
  /** In the path: `loyaltyClass`. */
  readonly path: string;
  /** In the API document: `LoyaltyClass`. */
  readonly name: string;
  readonly shape: Shape;
  readonly listQuery: Query;
  readonly listAnswer: z.ZodType;
}

const params = z.object({ resourceId: z.string().openapi({ example: '1990.gold' }) });
const query = z.object(standardQuery);
const overrideHeader = z.object({ 'x-http-method-override': z.string().regex(/^PATCH$/i) });

/** The routes that every collection of this face has, and patch as Java sends it. */
export function collectionRoutes<Query extends z.ZodObject>(document: CollectionDocument<Query>) {
  const { path, name, shape, listQuery, listAnswer } = document;
  const collectionPath = `/walletobjects/v1/${path}`;
  const resourcePath = `${collectionPath}/{resourceId}`;
  const body = jsonBody(shape);
  const route = <Verb extends string>(verb: Verb, summary: string) => ({
    operationId: `${path}${verb}`,
    tags,
    summary,
  });
  const changed = answers('The whole resource as it is now.', shape, 404);
  return {
    insert: createRoute({
      ...route('Insert', `Insert a resource ${name}`),
      method: 'post',
      path: collectionPath,
      request: { query, body },
      responses: answers('The resource.', shape, 404, 409),
    }),
    get: createRoute({
      ...route('Get', `Read a resource ${name}`),
      method: 'get',
      path: resourcePath,
      request: { query, params },
      responses: answers('The resource.', shape, 404),
    }),
    list: createRoute({
      ...route('List', `List resources ${name}`),
      method: 'get',
      path: collectionPath,
      request: { query: listQuery },
      responses: answers('Resources in the order of their ids.', listAnswer, 404),
    }),
    update: createRoute({
      ...route('Update', `Replace a resource ${name}; a field left out is cleared`),
      method: 'put',
      path: resourcePath,
      request: { query, params, body },
      responses: changed,
    }),
    patch: createRoute({
      ...route('Patch', `Merge into a resource ${name}; arrays are replaced, null clears`),
      method: 'patch',
      path: resourcePath,
      request: { query, params, body },
      responses: changed,
    }),
    overriddenPatch: createRoute({
      ...route('PatchByPost', `Merge into a resource ${name}, from clients without PATCH`),
      method: 'post',
      path: resourcePath,
      request: { query, params, body, headers: overrideHeader },
      responses: changed,
    }),
  };
}
