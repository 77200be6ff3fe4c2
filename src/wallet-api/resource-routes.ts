import { z } from '@hono/zod-openapi';
import { callerWith } from '../http/authentication.ts';
import type { AppContext } from '../http/env.ts';
import type { Router } from '../http/router.ts';
import type { Service } from '../http/service.ts';
import { write } from '../http/write.ts';
import type { PassBody } from '../passes/model.ts';
import { respondWith, stored } from './answers.ts';
import { collectionRoutes } from './collection-routes.ts';
import { listSchema, standardQuery } from './documentation.ts';
import { mergePatch, withoutNulls } from './merge.ts';
import { type ListPage, pageLimit } from './paging.ts';
import { requireFields, requireSameId } from './required.ts';
import type { Change, Resource, Shown } from './resource.ts';
import { ownIssuerId, ownResourceId } from './rights.ts';
import type { Collection } from './verticals.ts';

/** The calls of one collection of classes or objects. */
export function addResourceRoutes(router: Router, service: Service, resource: Resource): void {
  const { collection, listedBy } = resource;
  const { reads } = service.database;
  const routes = routesOf(collection, listedBy);

  router.openapi(routes.insert, (c) => {
    const caller = callerWith(c, 'passes:write');
    const body = withoutNulls(c.req.valid('json'));
    requireFields(collection.name, collection.required, body);
    const id = ownResourceId(caller, body.id);
    return write(c, service, async (tx) =>
      stored(await resource.insert(tx, caller, id, body)),
    ) as never;
  });

  router.openapi(routes.get, async (c) => {
    const id = ownResourceId(callerWith(c, 'passes:read'), c.req.valid('param').resourceId);
    return respondWith(c, await resource.get(reads, id)) as never;
  });

  router.openapi(routes.list, async (c) => {
    const caller = callerWith(c, 'passes:read');
    const { maxResults, token, [listedBy]: owner = '' } = c.req.valid('query');
    const own = listedBy === 'issuerId' ? ownIssuerId : ownResourceId;
    const page = { list: collection.path, limit: pageLimit(maxResults), token };
    const result = await resource.list(reads, own(caller, String(owner)), page);
    return respondWith(c, result.ok ? { ok: true, value: listed(result.value) } : result) as never;
  });

  const change = (c: AppContext, resourceId: string, mode: Change['mode'], body: PassBody) => {
    const caller = callerWith(c, 'passes:write');
    const id = ownResourceId(caller, resourceId);
    const revise = (current: PassBody) => revised(collection, { id, mode, current, body });
    return write(c, service, async (tx) =>
      stored(await resource.change(tx, caller, { id, mode, revise })),
    ) as never;
  };
  router.openapi(routes.update, (c) =>
    change(c, c.req.valid('param').resourceId, 'replace', c.req.valid('json')),
  );
  for (const patch of [routes.patch, routes.overriddenPatch]) {
    router.openapi(patch, (c) =>
      change(c, c.req.valid('param').resourceId, 'merge', c.req.valid('json')),
    );
  }
}

interface Revision {
  readonly id: string;
  readonly mode: Change['mode'];
  readonly current: PassBody;
  readonly body: PassBody;
}

/** What an update or a patch makes of a resource. */
function revised({ name, required }: Collection, { id, mode, current, body }: Revision): PassBody {
  requireSameId(body.id, id);
  const next = { ...mergePatch(mode === 'merge' ? current : {}, body), id };
  requireFields(name, required, next);
  return next;
}

function listed({ items, nextPageToken }: ListPage<Shown>): Shown {
  const pagination = {
    kind: 'walletobjects#pagination',
    resultsPerPage: items.length,
    ...(nextPageToken !== null && { nextPageToken }),
  };
  return { resources: items, pagination };
}

const owner = z.string('must be given').openapi({ example: '1990' });
const paging = {
  ...standardQuery,
  maxResults: z.coerce.number().int().min(0).max(2_147_483_647).optional(),
  token: z.string().max(500).optional(),
};
/** A list goes by one of the two. */
type ListFields = typeof paging & {
  readonly issuerId?: typeof owner;
  readonly classId?: typeof owner;
};

function routesOf({ path, name, shape }: Collection, listedBy: Resource['listedBy']) {
  const listQuery = z.object({ ...paging, [listedBy]: owner } as ListFields);
  return collectionRoutes({ path, name, shape, listQuery, listAnswer: listSchema(name, shape) });
}
