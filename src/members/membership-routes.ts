import { createRoute, z } from '@hono/zod-openapi';
import type { Caller } from '../access/model.ts';
import { callerWith } from '../http/authentication.ts';
import { jsonBody, jsonContent, problemResponses } from '../http/documentation.ts';
import { pageOf, pageRequest } from '../http/paging.ts';
import { newRouter, type Router } from '../http/router.ts';
import { displayText, instant, int64Id, listQuery, page, resourceId } from '../http/schemas.ts';
import type { Service } from '../http/service.ts';
import { answer, refusal, write } from '../http/write.ts';
import { invalidInput, ProblemError } from '../problems/answer.ts';
import { importMember } from './import.ts';
import { readMemberships } from './memberships.ts';
import type { IssuersMembership } from './model.ts';
import { readTerms, setTerms } from './terms.ts';

/** A number that every client holds exactly. */
const memberNumber = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER).openapi({ example: 11 });

const TermsInput = z.strictObject({
  classId: resourceId.openapi({ description: 'An approved loyalty class of the issuer.' }),
});
const TermsShape = z.object({ issuerId: int64Id, classId: resourceId }).openapi('MembershipTerms');

const ImportInput = z.strictObject({
  issuerId: int64Id,
  externalId: displayText(200).openapi({
    description: "What the issuer's own system calls the member; imported once.",
  }),
  phone: displayText(40)
    .optional()
    .openapi({ description: 'Who joins by this number later finds the card.' }),
  number: memberNumber.optional().openapi({ description: 'Without it the next free one.' }),
  displayName: displayText(40).optional(),
});

const MembershipShape = z
  .object({
    issuerId: int64Id,
    number: memberNumber,
    objectId: resourceId,
    externalId: z.string().nullable(),
    walletRef: z.string().openapi({
      description: "What the issuer's terminals are told of the same member, and no other issuer.",
    }),
    joinedAt: instant,
  })
  .openapi('Membership');

/** Kept under the Idempotency-Key, and so without what the issuer calls the member. */
const ImportedShape = MembershipShape.omit({ externalId: true }).openapi('ImportedMembership');

const params = z.object({ issuerId: int64Id });
const query = z.object({
  ...listQuery,
  issuerId: int64Id.optional().openapi({
    description: "Without it the calling key's own issuer; root must give one.",
  }),
});
const tags = ['Members'];

const putTerms = createRoute({
  method: 'put',
  path: '/v1/issuers/{issuerId}/membership',
  operationId: 'setMembershipTerms',
  tags,
  summary: 'Say which card members get, and take members',
  request: { params, body: jsonBody(TermsInput) },
  responses: {
    200: jsonContent('What joining gives from now on.', TermsShape),
    ...problemResponses('not-found', 'class-not-for-members'),
  },
});

const getTerms = createRoute({
  method: 'get',
  path: '/v1/issuers/{issuerId}/membership',
  operationId: 'getMembershipTerms',
  tags,
  summary: 'Read which card members get',
  request: { params },
  responses: {
    200: jsonContent('What joining gives.', TermsShape),
    ...problemResponses('not-found'),
  },
});

const list = createRoute({
  method: 'get',
  path: '/v1/memberships',
  operationId: 'listMemberships',
  tags,
  summary: 'List the members of an issuer by their numbers',
  request: { query },
  responses: {
    200: jsonContent('A page of memberships.', page(MembershipShape)),
    ...problemResponses('not-found'),
  },
});

const importRoute = createRoute({
  method: 'post',
  path: '/v1/memberships/import',
  operationId: 'importMembership',
  tags,
  summary: "Take over a member of the issuer's own system",
  description: 'The same external id again gives the same membership.',
  request: { body: jsonBody(ImportInput) },
  responses: {
    200: jsonContent('The membership was there already.', ImportedShape),
    201: jsonContent('The membership.', ImportedShape),
    ...problemResponses(
      'not-found',
      'members-not-enabled',
      'phones-not-kept',
      'phone-invalid',
      'number-taken',
      'already-exists',
    ),
  },
});

/** Names the list of memberships in its cursors. */
const MEMBERSHIPS = 'memberships';

export function membershipRoutes(service: Service): Router {
  const router = newRouter();
  const { reads } = service.database;

  router.openapi(putTerms, (c) => {
    const caller = callerWith(c, 'passes:write');
    const terms = { ...c.req.valid('param'), ...c.req.valid('json') };
    return write(c, service, async (tx) => {
      const outcome = await setTerms(tx, caller, terms);
      return outcome.ok ? answer(200, outcome.terms) : refusal(c, outcome.refusal);
    }) as never;
  });

  router.openapi(getTerms, async (c) => {
    const caller = callerWith(c, 'passes:read');
    return c.json(await readTerms(reads, caller, c.req.valid('param').issuerId), 200);
  });

  router.openapi(list, async (c) => {
    const caller = callerWith(c, 'passes:read');
    const { issuerId = ownIssuerId(caller), ...asked } = c.req.valid('query');
    const { after, limit } = pageRequest(asked, MEMBERSHIPS);
    const range = { after: numberOf(after), limit: limit + 1 };
    const rows = await readMemberships(reads, caller, issuerId, range);
    if (rows === null) throw new ProblemError('not-found');
    const key = ({ number }: IssuersMembership) => String(number);
    return c.json(pageOf(rows, limit, key, shown, MEMBERSHIPS), 200);
  });

  router.openapi(importRoute, (c) => {
    const caller = callerWith(c, 'passes:write');
    const { phone = null, number = null, displayName = null, ...named } = c.req.valid('json');
    return write(c, service, async (tx) => {
      const input = { ...named, phone, number, displayName };
      const outcome = await importMember(tx, caller, service.sealer, input);
      if (!outcome.ok) return refusal(c, outcome.refusal);
      const { externalId: _id, ...imported } = shown(outcome.membership);
      return answer(outcome.isNew ? 201 : 200, imported);
    }) as never;
  });

  return router;
}

function shown({ joinedAt, ...membership }: IssuersMembership) {
  return { ...membership, joinedAt: joinedAt.toISOString() };
}

function numberOf(after: string | null): number | null {
  if (after === null) return null;
  const number = /^[0-9]{1,16}$/.test(after) ? Number(after) : Number.NaN;
  if (Number.isSafeInteger(number)) return number;
  throw invalidInput('/query/cursor', 'must be a cursor from an earlier page of this list');
}

/** A key belongs to one issuer, root to none. */
function ownIssuerId(caller: Caller): string {
  if (caller.kind === 'key' || caller.kind === 'till') return caller.issuerId;
  throw invalidInput('/query/issuerId', 'must be given by root');
}
