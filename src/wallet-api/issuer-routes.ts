import { z } from '@hono/zod-openapi';
import { callerWith } from '../http/authentication.ts';
import type { AppContext } from '../http/env.ts';
import type { Router } from '../http/router.ts';
import type { Service } from '../http/service.ts';
import { write } from '../http/write.ts';
import { changeIssuer } from '../issuers/change.ts';
import { insertIssuer } from '../issuers/insert.ts';
import type { Issuer } from '../issuers/model.ts';
import { readIssuer, readIssuers } from '../issuers/read.ts';
import type { PassBody } from '../passes/model.ts';
import { respondWith, stored } from './answers.ts';
import { collectionRoutes } from './collection-routes.ts';
import { standardQuery } from './documentation.ts';
import { jsonResponse } from './failures.ts';
import { issuerDraft, issuerResult, shownIssuer, statedIds } from './issuer-resource.ts';
import { mergePatch, withoutNulls } from './merge.ts';
import { pageLimit } from './paging.ts';
import { requireSameId } from './required.ts';
import { ownIssuerId, permissionDenied } from './rights.ts';
import { issuer as shape } from './shapes/issuer.ts';

const routes = collectionRoutes({
  path: 'issuer',
  name: 'Issuer',
  shape,
  listQuery: z.object(standardQuery),
  listAnswer: z.object({ resources: z.array(shape) }).openapi('IssuerListResponse'),
});

/** The calls on issuers: root makes them and imports their ids, a key reads and changes its own. */
export function addIssuerRoutes(router: Router, service: Service): void {
  const { reads } = service.database;

  router.openapi(routes.insert, (c) => {
    const caller = callerWith(c, 'issuers:write');
    if (caller.kind !== 'root') throw permissionDenied();
    const resource = withoutNulls(c.req.valid('json'));
    const draft = issuerDraft(resource);
    return write(c, service, async (tx) => {
      const outcome = await insertIssuer(tx, caller, draft, statedIds(resource));
      return stored(outcome.ok ? { ok: true, value: shownIssuer(outcome.value) } : outcome);
    }) as never;
  });

  router.openapi(routes.get, async (c) => {
    const caller = callerWith(c, 'issuers:read');
    const id = ownIssuerId(caller, c.req.valid('param').resourceId);
    return respondWith(c, issuerResult(await readIssuer(reads, caller, id), id)) as never;
  });

  router.openapi(routes.list, async (c) => {
    const caller = callerWith(c, 'issuers:read');
    const issuers = await readIssuers(reads, caller, pageLimit(undefined));
    return jsonResponse(c, { resources: issuers.map(shownIssuer) }) as never;
  });

  const change = (c: AppContext, resourceId: string, merging: boolean, body: PassBody) => {
    const caller = callerWith(c, 'issuers:write');
    const id = ownIssuerId(caller, resourceId);
    requireSameId(body.issuerId, id);
    const revise = (current: Issuer) =>
      issuerDraft(mergePatch(merging ? shownIssuer(current) : {}, body));
    return write(c, service, async (tx) =>
      stored(issuerResult(await changeIssuer(tx, caller, id, revise), id)),
    ) as never;
  };
  router.openapi(routes.update, (c) =>
    change(c, c.req.valid('param').resourceId, false, c.req.valid('json')),
  );
  for (const patch of [routes.patch, routes.overriddenPatch]) {
    router.openapi(patch, (c) =>
      change(c, c.req.valid('param').resourceId, true, c.req.valid('json')),
    );
  }
}
