import { createRoute, z } from '@hono/zod-openapi';
import type { Caller } from '../access/model.ts';
import { callerWith } from '../http/authentication.ts';
import { jsonBody, jsonContent, optionalBody, problemResponses } from '../http/documentation.ts';
import type { AppContext } from '../http/env.ts';
import { pageOf, pageRequest } from '../http/paging.ts';
import { newRouter, type Router } from '../http/router.ts';
import { int64Id, listQuery, page } from '../http/schemas.ts';
import type { Service } from '../http/service.ts';
import { answer, refusal, write } from '../http/write.ts';
import type { StoredAnswer } from '../idempotency/model.ts';
import { toHex } from '../platform/bytes.ts';
import { invalidInput, ProblemError } from '../problems/answer.ts';
import { changeStand } from './change.ts';
import { WRITING_REFUSALS } from './model.ts';
import { type OpenLinkOutcome, openWriteLink } from './open-write-link.ts';
import { readStand, readStands } from './read.ts';
import { registerStand } from './register.ts';
import {
  StandChangeInput,
  StandInput,
  StandShape,
  shownStand,
  standId,
  TagShape,
  WriteLinkShape,
} from './schemas.ts';
import { tagContent } from './tag-rules.ts';

const LIST = 'stands';
const tags = ['Stands'];
const params = z.object({ id: standId });
const query = z.object({
  ...listQuery,
  issuerId: int64Id.optional().openapi({
    description: "Without it the calling key's own issuer; root must give one.",
  }),
});

const create = createRoute({
  method: 'post',
  path: '/v1/stands',
  operationId: 'createStand',
  tags,
  summary: 'Register a stand',
  description:
    'A stand is the NFC tag at a till. A plain tag (`static`) proves nothing of itself; an NTAG 424 DNA (`ntag424`) signs each touch with keys that are kept sealed and never shown.',
  request: { body: jsonBody(StandInput) },
  responses: {
    201: jsonContent('The stand.', StandShape),
    ...problemResponses('not-found', 'already-exists', 'tag-keys-not-enabled'),
  },
});

const list = createRoute({
  method: 'get',
  path: '/v1/stands',
  operationId: 'listStands',
  tags,
  summary: 'List the stands of an issuer',
  request: { query },
  responses: {
    200: jsonContent('A page of stands.', page(StandShape)),
    ...problemResponses('not-found'),
  },
});

const get = createRoute({
  method: 'get',
  path: '/v1/stands/{id}',
  operationId: 'getStand',
  tags,
  summary: 'A stand',
  request: { params },
  responses: { 200: jsonContent('The stand.', StandShape), ...problemResponses('not-found') },
});

const change = createRoute({
  method: 'patch',
  path: '/v1/stands/{id}',
  operationId: 'changeStand',
  tags,
  summary: 'Rename a stand, move it to another till, or take it out of use',
  request: { params, body: jsonBody(StandChangeInput) },
  responses: { 200: jsonContent('The stand.', StandShape), ...problemResponses('not-found') },
});

const tag = createRoute({
  method: 'get',
  path: '/v1/stands/{id}/tag',
  operationId: 'getStandTag',
  tags,
  summary: 'What is to be written on the tag',
  request: { params },
  responses: { 200: jsonContent('The bytes.', TagShape), ...problemResponses('not-found') },
});

const writeLink = createRoute({
  method: 'post',
  path: '/v1/stands/{id}/write-links',
  operationId: 'openStandWriteLink',
  tags,
  summary: 'Make a link with which a phone writes the tag',
  description:
    'Good for 15 minutes, for one tag of this stand; a paired till may ask for its own. It ends when the stand is moved to another till. To be opened with Chrome on Android. Shown this one time.',
  request: { params, body: optionalBody(z.strictObject({})) },
  responses: {
    201: jsonContent('The link.', WriteLinkShape),
    ...problemResponses('not-found', ...WRITING_REFUSALS),
  },
});

export function standRoutes(service: Service): Router {
  const router = newRouter();
  readingRoutes(router, service);
  writingRoutes(router, service);
  return router;
}

function readingRoutes(router: Router, { database: { reads } }: Service): void {
  router.openapi(list, async (c) => {
    const caller = callerWith(c, 'terminals:read');
    const { issuerId = ownIssuerId(caller), ...asked } = c.req.valid('query');
    const { after, limit } = pageRequest(asked, LIST);
    const rows = await readStands(reads, caller, issuerId, { after, limit: limit + 1 });
    if (rows === null) throw new ProblemError('not-found');
    return c.json(
      pageOf(rows, limit, ({ id }) => id, shownStand, LIST),
      200,
    );
  });

  router.openapi(get, async (c) => {
    const caller = callerWith(c, 'terminals:read');
    const stand = await readStand(reads, caller, c.req.valid('param').id);
    if (stand === null) throw new ProblemError('not-found');
    return c.json(shownStand(stand), 200);
  });

  router.openapi(tag, async (c) => {
    const caller = callerWith(c, 'terminals:read');
    const stand = await readStand(reads, caller, c.req.valid('param').id);
    if (stand === null) throw new ProblemError('not-found');
    const { message, fits, ...rest } = tagContent(c.get('origin'), stand.code, stand.tag);
    return c.json({ ...rest, ndef: toHex(message), fits: [...fits] }, 200);
  });
}

function writingRoutes(router: Router, service: Service): void {
  router.openapi(create, (c) => {
    const caller = callerWith(c, 'terminals:write');
    const { id = null, terminalId = null, issuerId, name, keys = null } = c.req.valid('json');
    const asked = { id, terminalId, issuerId, name, keys };
    return write(c, service, async (tx) => {
      const made = await registerStand(tx, caller, service.sealer, asked);
      return made.ok ? answer(201, shownStand(made.stand)) : refusal(c, made.refusal);
    }) as never;
  });

  router.openapi(change, (c) => {
    const caller = callerWith(c, 'terminals:write');
    const { id } = c.req.valid('param');
    const asked = c.req.valid('json');
    return write(c, service, async (tx) => {
      const changed = await changeStand(tx, caller, id, asked);
      return changed.ok ? answer(200, shownStand(changed.stand)) : refusal(c, changed.refusal);
    }) as never;
  });

  router.openapi(writeLink, (c) => {
    const caller = mayWriteTags(c);
    const { id } = c.req.valid('param');
    return write(c, service, async (tx) =>
      linkAnswer(c, await openWriteLink(tx, caller, id)),
    ) as never;
  });
}

/** A till may have the tags written that stand there; a key needs the right to change them. */
function mayWriteTags(c: AppContext): Caller {
  return callerWith(c, c.get('caller')?.kind === 'till' ? 'terminals:read' : 'terminals:write');
}

function linkAnswer(c: AppContext, outcome: OpenLinkOutcome): StoredAnswer {
  if (!outcome.ok) return refusal(c, outcome.refusal);
  const expiresAt = outcome.expiresAt.toISOString();
  const url = `${c.get('origin')}/w/${outcome.token}`;
  // What is kept for a retry holds no token: who lost it makes another link.
  const keptBody = JSON.stringify({ url: null, expiresAt });
  return { ...answer(201, { url, expiresAt }), keptBody };
}

/** A key belongs to one issuer, root to none. */
function ownIssuerId(caller: Caller): string {
  if (caller.kind === 'key' || caller.kind === 'till') return caller.issuerId;
  throw invalidInput('/query/issuerId', 'must be given by root');
}
