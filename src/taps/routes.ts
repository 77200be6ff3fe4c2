import { createRoute, z } from '@hono/zod-openapi';
import { callerWith } from '../http/authentication.ts';
import { jsonBody, jsonContent, problemResponses } from '../http/documentation.ts';
import type { AppContext } from '../http/env.ts';
import { newRouter, type Router } from '../http/router.ts';
import { idOf, instant, resourceId } from '../http/schemas.ts';
import type { Service } from '../http/service.ts';
import { answer, keyUse, refusal, respond } from '../http/write.ts';
import type { KeyUse } from '../idempotency/model.ts';
import { answeredBefore, once } from '../idempotency/once.ts';
import { VERTICALS } from '../passes/model.ts';
import { ProblemError } from '../problems/answer.ts';
import { explainTap } from './explain.ts';
import { parseTapPayload, type TapPayload } from './jws.ts';
import {
  COUPON_STEPS,
  type CouponVerdict,
  PASS_STEPS,
  type PassVerdict,
  type Verdict,
} from './model.ts';
import {
  type AuthenticatedTap,
  authenticateTap,
  recordDecision,
  type TapRequest,
  type TapResult,
} from './tap.ts';

const TapInput = z.strictObject({
  payload: z.string().min(1).openapi({
    description: 'Compact JWS, ES256, signed with the private key of the collector.',
    example: 'eyJhbGciOiJFUzI1NiIsImtpZCI6IjQ0NDQ0NDQ0LjEiLCJ0eXAiOiJ0YXArand0In0.e30.c2ln',
  }),
});

const TapShape = z
  .object({
    id: idOf('tap'),
    outcome: z.enum(['transferred', 'choose', 'nothing']),
    passes: z.array(
      z.object({
        objectId: resourceId,
        classId: resourceId,
        issuerId: z.string(),
        type: z.enum(VERTICALS),
        redemptionValue: z.string(),
      }),
    ),
    coupons: z.array(
      z.object({
        id: idOf('cpn'),
        classId: resourceId,
        issuerId: z.string(),
        redemptionValue: z.string(),
      }),
    ),
    walletRef: z.string(),
  })
  .openapi('Tap');

const tap = createRoute({
  method: 'post',
  path: '/v1/taps',
  operationId: 'tap',
  tags: ['Taps'],
  summary: 'A terminal taps a phone',
  description: 'No bearer token: the signature of the payload authenticates the terminal.',
  security: [],
  request: { body: jsonBody(TapInput) },
  responses: {
    200: jsonContent('What the terminal receives.', TapShape),
    ...problemResponses(
      'tap-not-authenticated',
      'clock-skew',
      'tap-replayed',
      'presentation-expired',
    ),
  },
});

const Explanation = z
  .object({
    tapId: idOf('tap'),
    /** Null for a tap at a stand, which no terminal signed. */
    collectorKey: z.string().nullable().openapi({ example: '44444444.1' }),
    stand: z.string().nullable().openapi({
      description: 'The stand that was touched; null for a tap that a terminal signed.',
    }),
    terminal: z.string().nullable(),
    tappedAt: instant,
    outcome: z.string(),
    passes: z.array(
      z.object({
        objectId: resourceId,
        classId: resourceId,
        sent: z.boolean(),
        /** The step at which the decision about this pass ended. */
        step: z.enum(PASS_STEPS),
      }),
    ),
    coupons: z.array(
      z.object({
        id: idOf('cpn'),
        classId: resourceId,
        sent: z.boolean(),
        step: z.enum(COUPON_STEPS).openapi({
          description: 'Either a step of the tap or why a redemption there would be refused.',
        }),
      }),
    ),
  })
  .openapi('TapExplanation');

const explanation = createRoute({
  method: 'get',
  path: '/v1/taps/{id}/explanation',
  operationId: 'explainTap',
  tags: ['Taps'],
  summary: 'Why each pass and coupon of the calling issuer was or was not sent',
  request: { params: z.object({ id: idOf('tap') }) },
  responses: {
    200: jsonContent('The explanation.', Explanation),
    ...problemResponses('not-found'),
  },
});

/** Taps need no bearer token, so they are mounted apart from the rest. */
export function tapRoutes(service: Service): Router {
  const router = newRouter();
  router.openapi(tap, async (c) => {
    const compact = c.req.valid('json').payload;
    const request = { payload: parsed(compact), compact, origin: service.origin };
    const use = keyUse(c, `collector:${request.payload.collectorId}`);
    return (
      use === null ? tapNow(c, service, request) : tapOnce(c, service, request, use)
    ) as never;
  });
  return router;
}

export function tapExplanationRoutes({ database }: Service): Router {
  const router = newRouter();
  router.openapi(explanation, async (c) => {
    const caller = callerWith(c, 'taps:read');
    const found = await explainTap(database.reads, caller, c.req.valid('param').id);
    if (found === null) throw new ProblemError('not-found');
    const { id: tapId, kid, stand, terminalId: terminal, outcome } = found;
    const tappedAt = found.tappedAt.toISOString();
    const collectorKey = stand === null ? kid : null;
    const shown = { tapId, collectorKey, stand, terminal, tappedAt, outcome };
    return c.json({ ...shown, ...explained(found.verdicts) }, 200);
  });
  return router;
}

function explained(verdicts: readonly Verdict[]) {
  return {
    passes: verdicts.filter(isOfPass).map(({ objectId, classId, step }) => {
      return { objectId, classId, sent: step === 'sent', step };
    }),
    coupons: verdicts.filter(isOfCoupon).map(({ couponId: id, classId, step }) => {
      return { id, classId, sent: step === 'sent', step };
    }),
  };
}

const isOfCoupon = (verdict: Verdict): verdict is CouponVerdict => 'couponId' in verdict;
const isOfPass = (verdict: Verdict): verdict is PassVerdict => 'objectId' in verdict;

function parsed(compact: string): TapPayload {
  const result = parseTapPayload(compact);
  if (result.ok) return result.payload;
  const { pointer, reason } = result;
  throw new ProblemError('invalid-request', {
    errors: [{ pointer: `/payload${pointer}`, message: reason }],
  });
}

/**
 * Without an Idempotency-Key: one read and one statement, with no transaction around them unless a
 * till is to hear of the tap too.
 */
async function tapNow(c: AppContext, service: Service, request: TapRequest): Promise<Response> {
  const { database, metrics } = service;
  const authenticated = await authenticateTap(database.reads, request);
  const result =
    'ok' in authenticated ? authenticated : await recorded(service, request, authenticated);
  metrics.tap(result.ok ? result.answer.outcome : result.refusal);
  if (!result.ok) throw problemFor(result);
  return c.json(result.answer, 200);
}

async function recorded(
  { database, metrics }: Service,
  request: TapRequest,
  authenticated: AuthenticatedTap,
): Promise<TapResult> {
  const { facts } = authenticated;
  if (!facts.tillListens) return recordDecision(database.single, request, authenticated);
  return database.transact(async (tx) => {
    const result = await recordDecision(tx, request, authenticated);
    // A used nonce has failed the transaction; nothing can be kept in it.
    if (!result.ok && result.refusal === 'tap-replayed') {
      metrics.tap(result.refusal);
      throw problemFor(result);
    }
    return result;
  });
}

/** With an Idempotency-Key a retry of a lost answer gets the first answer again. */
async function tapOnce(
  c: AppContext,
  { database, metrics }: Service,
  request: TapRequest,
  use: KeyUse,
): Promise<Response> {
  const authenticated = await authenticateTap(database.reads, request);
  if ('ok' in authenticated) {
    // A retry may come when the tap itself would be too old: its terminal is known, and so is
    // what it was told.
    const late = authenticated.refusal === 'clock-skew';
    const first = late ? await answeredBefore(database.reads, use) : null;
    if (first === null) throw problemFor(authenticated);
    return respond(c, first);
  }
  const kept = await once(database, use, async (tx) => {
    const result = await recordDecision(tx, request, authenticated);
    if (result.ok) return answer(200, result.answer);
    // A used nonce has failed the transaction; nothing can be kept in it.
    if (result.refusal === 'tap-replayed') throw problemFor(result);
    return refusal(c, result.refusal);
  });
  metrics.tap(kept.replayed ? 'retried' : 'idempotent');
  return respond(c, kept);
}

function problemFor(result: Extract<TapResult, { ok: false }>): ProblemError {
  if (result.refusal !== 'clock-skew') return new ProblemError(result.refusal);
  return new ProblemError('clock-skew', { serverTime: result.serverTime.toISOString() });
}
