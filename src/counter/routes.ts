import { createRoute, z } from '@hono/zod-openapi';
import type { Caller } from '../access/model.ts';
import { callerWith, tillWith } from '../http/authentication.ts';
import { jsonBody, jsonContent, problemResponses } from '../http/documentation.ts';
import type { AppContext } from '../http/env.ts';
import { newRouter, type Router } from '../http/router.ts';
import { idOf } from '../http/schemas.ts';
import type { Service } from '../http/service.ts';
import { answer, write } from '../http/write.ts';
import { ProblemError } from '../problems/answer.ts';
import { issuerNamed } from '../terminals/issuer-named.ts';
import type { TerminalName } from '../terminals/model.ts';
import { localId, ofIssuer } from '../terminals/schemas.ts';
import { showOnDisplay } from './display.ts';
import { lookUp } from './lookup.ts';
import { offersFor } from './offers.ts';
import { preflight, readTillFace } from './preflight.ts';
import { readQuery } from './query-rules.ts';
import { readRecentTaps } from './recent-taps.ts';
import {
  CounterEventShape,
  Display,
  Lookup,
  LookupInput,
  Offers,
  OffersInput,
  Preflight,
  shownOffer,
  TillFaceShape,
  textIn,
  VisitorShape,
} from './schemas.ts';
import { readVisitor } from './visitor.ts';

const tags = ['Counter'];
const params = z.object({ id: localId });
const query = z.object(ofIssuer);

const me = createRoute({
  method: 'get',
  path: '/v1/tills/me',
  operationId: 'getOwnTill',
  tags,
  summary: 'What the calling till is',
  description: 'For a paired till, by its cookie.',
  responses: { 200: jsonContent('The till.', TillFaceShape), ...problemResponses('not-a-till') },
});

const checks = createRoute({
  method: 'get',
  path: '/v1/terminals/{id}/preflight',
  operationId: 'getPreflight',
  tags,
  summary: 'What recognising members needs, and whether it is there',
  description:
    'A paired browser, a stand whose tag is written, a collector ID, a live key, and terms of membership.',
  request: { params, query },
  responses: { 200: jsonContent('The checks.', Preflight), ...problemResponses('not-found') },
});

const taps = createRoute({
  method: 'get',
  path: '/v1/terminals/{id}/taps',
  operationId: 'getRecentTaps',
  tags,
  summary: 'The last taps at a terminal, newest first',
  request: {
    params,
    query: z.object({ ...ofIssuer, limit: z.coerce.number().int().min(1).max(100).default(20) }),
  },
  responses: {
    200: jsonContent('The taps.', z.object({ items: z.array(CounterEventShape) })),
    ...problemResponses('not-found'),
  },
});

const visitor = createRoute({
  method: 'get',
  path: '/v1/terminals/{id}/visitors/{tapId}',
  operationId: 'getVisitor',
  tags,
  summary: 'Who tapped, with the cards of this issuer',
  description: 'For 7 days after the tap, at the terminal where it was made.',
  request: { params: z.object({ id: localId, tapId: idOf('tap') }), query },
  responses: { 200: jsonContent('The visitor.', VisitorShape), ...problemResponses('not-found') },
});

const offers = createRoute({
  method: 'post',
  path: '/v1/terminals/{id}/offers',
  operationId: 'rankOffers',
  tags,
  summary: 'The coupons of a wallet for an order, best first',
  description:
    'Each as if it alone were used: what saves most comes first, of equals what ends first, and exactly one usable coupon is `best`. What cannot be used says why, and how much more must be bought where that is the reason. At most 100 coupons that this issuer may redeem. The wallet is a member’s, tapped at this terminal within a day, or has such a coupon.',
  request: { params, query, body: jsonBody(OffersInput) },
  responses: {
    200: jsonContent('The coupons.', Offers),
    ...problemResponses('not-found', 'collector-not-found'),
  },
});

const lookup = createRoute({
  method: 'post',
  path: '/v1/terminals/{id}/lookup',
  operationId: 'lookUp',
  tags,
  summary: 'Find a member or a coupon by what was typed or scanned',
  description:
    'The number of a member, the beginning of a name, what a pass hands over (its QR code), or the code of a coupon. Members and passes of this issuer only, at most 10.',
  request: { params, query, body: jsonBody(LookupInput) },
  responses: { 200: jsonContent('What was found.', Lookup), ...problemResponses('not-found') },
});

const display = createRoute({
  method: 'post',
  path: '/v1/terminals/{id}/display',
  operationId: 'showOnDisplay',
  tags,
  summary: 'Show something on the customer’s display',
  description:
    'For a paired till, by its cookie, at its own terminal. The display hears it on the live line as an event `display` with this body as its `detail`; who `walletId` is comes as its `visitor`.',
  request: { params, body: jsonBody(Display) },
  responses: {
    204: { description: 'The display is told.' },
    ...problemResponses('not-a-till', 'not-found'),
  },
});

/** What a till asks while somebody stands before it. */
export function counterRoutes(service: Service): Router {
  const router = newRouter();
  const { reads } = service.database;

  router.openapi(me, async (c) => c.json(await readTillFace(reads, tillWith(c)), 200));

  router.openapi(checks, async (c) => {
    const { caller, terminal } = called(c, c.req.valid('param').id, c.req.valid('query'));
    return c.json({ checks: found(await preflight(reads, caller, terminal)) }, 200);
  });

  router.openapi(taps, async (c) => {
    const { limit, ...asked } = c.req.valid('query');
    const { caller, terminal } = called(c, c.req.valid('param').id, asked);
    const items = found(await readRecentTaps(reads, caller, terminal, limit));
    return c.json({ items } as never, 200);
  });

  router.openapi(visitor, async (c) => {
    const { id, tapId } = c.req.valid('param');
    const { caller, terminal } = called(c, id, c.req.valid('query'));
    return c.json(found(await readVisitor(reads, caller, terminal, tapId)) as never, 200);
  });

  router.openapi(offers, async (c) => {
    const { caller, terminal } = called(c, c.req.valid('param').id, c.req.valid('query'));
    const outcome = await offersFor(reads, caller, terminal, c.req.valid('json'));
    if (!outcome.ok) throw new ProblemError(outcome.refusal);
    const shown = outcome.offers.map((offer) => shownOffer(offer, c.get('locale')));
    return c.json({ offers: shown } as never, 200);
  });

  router.openapi(lookup, async (c) => {
    const { caller, terminal } = called(c, c.req.valid('param').id, c.req.valid('query'));
    const meaning = readQuery(c.req.valid('json').query);
    const { visitors, coupon } = found(await lookUp(reads, caller, terminal, meaning));
    const named = coupon && { ...coupon, name: textIn(coupon.name, c.get('locale')) };
    return c.json({ visitors: [...visitors], coupon: named }, 200);
  });

  router.openapi(display, (c) => {
    const till = tillWith(c, c.req.valid('param').id);
    const state = c.req.valid('json');
    return write(c, service, async (tx) => {
      await showOnDisplay(tx, till, state);
      return answer(204, null);
    }) as never;
  });

  return router;
}

/** Who asks, and about which terminal. */
function called(
  c: AppContext,
  terminalId: string,
  { issuerId }: z.infer<typeof query>,
): { readonly caller: Caller; readonly terminal: TerminalName } {
  const caller = callerWith(c, 'terminals:read');
  return { caller, terminal: { issuerId: issuerNamed(caller, issuerId), terminalId } };
}

function found<Thing>(thing: Thing | null): Thing {
  if (thing === null) throw new ProblemError('not-found');
  return thing;
}
