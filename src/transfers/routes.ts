import { createRoute, z } from '@hono/zod-openapi';
import { shownCoupon } from '../coupons/schemas.ts';
import { callerWith } from '../http/authentication.ts';
import { jsonBody, jsonContent, optionalBody, problemResponses } from '../http/documentation.ts';
import type { AppContext } from '../http/env.ts';
import { newRouter, type Router } from '../http/router.ts';
import { idOf } from '../http/schemas.ts';
import type { Service } from '../http/service.ts';
import { answer, refusal, write } from '../http/write.ts';
import type { StoredAnswer } from '../idempotency/model.ts';
import { ProblemError } from '../problems/answer.ts';
import { type AcceptOutcome, acceptTransfer } from './accept.ts';
import { type GiveOutcome, giveCoupon } from './give.ts';
import { ACCEPTANCE_REFUSALS, GIVING_REFUSALS } from './model.ts';
import { readOffer } from './read.ts';
import { revokeTransfer } from './revoke.ts';
import {
  Acceptance,
  AcceptanceInput,
  DEFAULT_HOURS,
  OfferShape,
  shownOffer,
  TransferInput,
  TransferShape,
  transferToken,
} from './schemas.ts';

const tags = ['Transfers'];
const ofCoupon = z.object({ id: idOf('cpn') });
const byToken = z.object({ token: transferToken });

const create = createRoute({
  method: 'post',
  path: '/v1/coupons/{id}/transfer',
  operationId: 'giveCoupon',
  tags,
  summary: 'Make a link by which a coupon is given away',
  description:
    'For who acts for the holder. The link works once and can be revoked; making another revokes the one before. The token is shown this one time, only its hash is kept.',
  request: { params: ofCoupon, body: optionalBody(TransferInput) },
  responses: {
    201: jsonContent('The link.', TransferShape),
    ...problemResponses('not-found', ...GIVING_REFUSALS),
  },
});

const revoke = createRoute({
  method: 'delete',
  path: '/v1/coupons/{id}/transfer',
  operationId: 'revokeTransfer',
  tags,
  summary: 'Revoke the open link of a coupon',
  request: { params: ofCoupon },
  responses: { 204: { description: 'The link is revoked.' }, ...problemResponses('not-found') },
});

const get = createRoute({
  method: 'get',
  path: '/v1/transfers/{token}',
  operationId: 'getTransferOffer',
  tags,
  summary: 'What a link offers, before it is accepted',
  description:
    'For any caller that has the token. Tells nothing of the giver; what can not be accepted now says why in `refusal`.',
  request: { params: byToken },
  responses: { 200: jsonContent('The offer.', OfferShape), ...problemResponses('not-found') },
});

const acceptance = createRoute({
  method: 'post',
  path: '/v1/transfers/{token}/acceptance',
  operationId: 'acceptTransfer',
  tags,
  summary: 'Accept a coupon into a wallet',
  description:
    'The old coupon is `transferred`; the wallet gets a new one with a new code, the same class, dates and place in its lineage. It counts towards no limit and no stock; whom the coupon is for is judged when it is used.',
  request: { params: byToken, body: jsonBody(AcceptanceInput) },
  responses: {
    201: jsonContent('The coupon is in the wallet.', Acceptance),
    ...problemResponses('not-found', 'wallet-not-found', ...ACCEPTANCE_REFUSALS),
  },
});

export function transferRoutes(service: Service): Router {
  const router = newRouter();

  router.openapi(create, (c) => {
    const caller = callerWith(c, 'transfers:write');
    const { id } = c.req.valid('param');
    const { expiresAfterHours = DEFAULT_HOURS } = c.req.valid('json') ?? {};
    return write(c, service, async (tx) =>
      linkAnswer(c, await giveCoupon(tx, caller, id, expiresAfterHours)),
    ) as never;
  });

  router.openapi(revoke, (c) => {
    const caller = callerWith(c, 'transfers:write');
    const { id } = c.req.valid('param');
    return write(c, service, async (tx) => {
      if (!(await revokeTransfer(tx, caller, id))) throw new ProblemError('not-found');
      return answer(204, null);
    }) as never;
  });

  router.openapi(get, async (c) => {
    callerWith(c, 'transfers:read');
    const offer = await readOffer(service.database.reads, c.req.valid('param').token);
    if (offer === null) throw new ProblemError('not-found');
    return c.json(shownOffer(offer) as never, 200);
  });

  router.openapi(acceptance, (c) => {
    const caller = callerWith(c, 'transfers:write');
    const { token } = c.req.valid('param');
    const { walletId } = c.req.valid('json');
    return write(c, service, async (tx) =>
      acceptanceAnswer(c, await acceptTransfer(tx, caller, token, walletId)),
    ) as never;
  });

  return router;
}

function linkAnswer(c: AppContext, outcome: GiveOutcome): StoredAnswer {
  if (!outcome.ok) return refusal(c, outcome.refusal);
  const { id, couponId, token, expiresAt } = outcome;
  const link = { id, couponId, expiresAt: expiresAt.toISOString() };
  const secret = { token, url: `${c.get('origin')}/transfer/${token}` };
  // Who lost the only showing makes another link, which revokes this one.
  const kept = JSON.stringify({ ...link, token: null, url: null });
  return { ...answer(201, { ...link, ...secret }), keptBody: kept };
}

function acceptanceAnswer(c: AppContext, outcome: AcceptOutcome): StoredAnswer {
  if (!outcome.ok) return refusal(c, outcome.refusal);
  return answer(201, { id: outcome.id, coupon: shownCoupon(outcome.coupon) });
}
