import { createRoute, z } from '@hono/zod-openapi';
import { actorOf, type Caller, idempotencyScopeOf, mayActFor } from '../access/model.ts';
import { CouponShape, shownCoupon } from '../coupons/schemas.ts';
import { callerWith } from '../http/authentication.ts';
import { jsonBody, jsonContent, problemResponses } from '../http/documentation.ts';
import type { AppContext } from '../http/env.ts';
import { newRouter, type Router } from '../http/router.ts';
import { idOf, instant, resourceId } from '../http/schemas.ts';
import type { Service } from '../http/service.ts';
import { answer, keyUse, refusalAnswer, respond } from '../http/write.ts';
import type { StoredAnswer } from '../idempotency/model.ts';
import { issuerOf } from '../passes/model.ts';
import { newId } from '../platform/ids.ts';
import { ProblemError } from '../problems/answer.ts';
import type { Claim } from './desk.ts';
import { CLAIM_REFUSALS } from './model.ts';
import { waitAskedFor } from './prefer.ts';
import { readClaim } from './read.ts';

const ClaimInput = z.strictObject({ walletId: idOf('wal'), tapId: idOf('tap').optional() });

const ClaimShape = z
  .object({
    id: idOf('clm'),
    classId: resourceId,
    walletId: idOf('wal'),
    status: z.enum(['pending', 'issued', 'refused']),
    createdAt: instant,
    coupon: CouponShape.optional(),
    refusal: z.enum(CLAIM_REFUSALS).optional(),
  })
  .openapi('Claim');

const claim = createRoute({
  method: 'post',
  path: '/v1/coupon-classes/{id}/claims',
  operationId: 'claimCoupon',
  tags: ['Claims'],
  summary: 'Claim a coupon for a wallet',
  description:
    'A worker decides; the call waits up to 5 seconds for it, or as long as `Prefer` asks (`respond-async`, `wait=n`, RFC 7240).',
  request: {
    params: z.object({ id: resourceId }),
    headers: z.object({ prefer: z.string().optional() }),
    body: jsonBody(ClaimInput),
  },
  responses: {
    201: jsonContent('The coupon is issued.', ClaimShape),
    202: jsonContent('The claim waits; ask again at Location.', ClaimShape),
    ...problemResponses('not-found', 'too-many-claims', ...CLAIM_REFUSALS),
  },
});

const get = createRoute({
  method: 'get',
  path: '/v1/claims/{id}',
  operationId: 'getClaim',
  tags: ['Claims'],
  summary: 'How a claim stands',
  request: { params: z.object({ id: idOf('clm') }) },
  responses: { 200: jsonContent('The claim.', ClaimShape), ...problemResponses('not-found') },
});

export function claimRoutes(service: Service): Router {
  const router = newRouter();

  router.openapi(claim, async (c) => {
    const caller = callerWith(c, 'claims:write');
    const classId = c.req.valid('param').id;
    if (!mayActFor(caller, issuerOf(classId))) throw new ProblemError('not-found');
    return (await submit(c, service, caller, classId, c.req.valid('json'))) as never;
  });

  router.openapi(get, async (c) => {
    const caller = callerWith(c, 'claims:read');
    const found = await readClaim(service.database.reads, caller, c.req.valid('param').id);
    if (found === null) throw new ProblemError('not-found');
    return c.json(shown(found), 200);
  });

  return router;
}

async function submit(
  c: AppContext,
  { claimDesk }: Service,
  caller: Caller,
  classId: string,
  input: z.infer<typeof ClaimInput>,
): Promise<Response> {
  const request = {
    id: newId('clm'),
    classId,
    walletId: input.walletId,
    tapId: input.tapId ?? null,
    actor: actorOf(caller),
    requestId: c.get('requestId'),
    key: keyUse(c, idempotencyScopeOf(caller)),
  };
  const wait = waitAskedFor(c.req.header('prefer'));
  if (wait.applied !== null) c.header('Preference-Applied', wait.applied);
  const handed = await claimDesk.submit(request, wait.milliseconds);
  if (handed.kind === 'class-not-found') throw new ProblemError('not-found');
  if (handed.kind === 'key-reused') throw new ProblemError('idempotency-key-reused');
  return respond(c, { ...answerFor(c, handed.claim), replayed: handed.replayed });
}

function answerFor(c: AppContext, claim: Claim): StoredAnswer {
  const { outcome } = claim;
  switch (outcome.status) {
    case 'issued':
      return answer(201, shown(claim), { Location: `/v1/claims/${claim.id}` });
    case 'pending':
      return answer(202, shown(claim), { Location: `/v1/claims/${claim.id}` });
    case 'refused':
      return refusalAnswer(c, outcome.refusal, claim.requestId);
  }
}

function shown({ id, classId, walletId, createdAt, outcome }: Claim) {
  const base = { id, classId, walletId, createdAt: createdAt.toISOString() };
  if (outcome.status === 'issued') {
    return { ...base, status: outcome.status, coupon: shownCoupon(outcome.coupon) };
  }
  return outcome.status === 'refused'
    ? { ...base, status: outcome.status, refusal: outcome.refusal }
    : { ...base, status: outcome.status };
}
