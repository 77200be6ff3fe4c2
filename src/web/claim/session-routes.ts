import { z } from '@hono/zod-openapi';
import type { AppContext } from '../../http/env.ts';
import { failureHandler, problemOf, problemResponse } from '../../http/failures.ts';
import { newRouter, type Router } from '../../http/router.ts';
import type { Service } from '../../http/service.ts';
import { RESOURCE_ID } from '../../passes/model.ts';
import {
  claimAllInSession,
  claimInSession,
  type SessionClaimOutcome,
} from '../../stands/session-claim.ts';
import { joinInSession } from '../../stands/session-membership.ts';
import { deviceOf } from '../device-cookie.ts';
import { readForm } from '../form.ts';
import { chosenLanguage } from '../language.ts';
import { ownPagesOnly } from '../own-pages.ts';
import { claimTexts } from '../texts/claim.ts';

const ClaimForm = z.union([
  z.strictObject({ classId: z.string().regex(RESOURCE_ID) }),
  z.strictObject({ all: z.literal('1') }),
]);

/** What the forms of a session's page do. Each leads back to the page, which then tells. */
export function sessionRoutes(service: Service): Router {
  const router = newRouter();
  router.use('/s/*', chosenLanguage(), ownPagesOnly(service.origin));
  const failed = failureHandler(service.log);
  router.onError((error, c) => {
    const answer = failed(error, c);
    const { code } = problemOf(error);
    const isPassing = code === 'too-many-claims' || code === 'overloaded';
    return isPassing && !wantsJson(c) ? goOn(c, tokenIn(c.req.path), code) : answer;
  });

  router.post('/s/:session/claims', async (c) => {
    const form = await readForm(c, ClaimForm);
    const token = c.req.param('session');
    const device = await deviceOf(c, service.database.reads);
    const asked = { token, device, requestId: c.get('requestId') };
    const outcome =
      'all' in form
        ? await claimAllInSession(service, asked)
        : await claimInSession(service, asked, form.classId);
    if (wantsJson(c)) return claimAnswer(c, outcome);
    return goOn(c, token, outcome.ok ? TOLD[outcome.status] : outcome.refusal);
  });

  router.post('/s/:session/membership', async (c) => {
    const token = c.req.param('session');
    const device = await deviceOf(c, service.database.reads);
    const refusal = await joinInSession(service.database, token, device);
    return goOn(c, token, refusal ?? 'joined');
  });

  return router;
}

const TOLD = { issued: 'claimed', pending: 'pending' } as const;

/** For the page's own script. */
function claimAnswer(c: AppContext, outcome: SessionClaimOutcome): Response {
  if (!outcome.ok) return problemResponse(c, outcome.refusal);
  const { status, isUsable } = outcome;
  const texts = claimTexts[c.get('locale')];
  const claimed = isUsable ? texts.claimedNow : texts.claimed;
  const label = status === 'issued' ? claimed : texts.pending;
  return c.json({ status, label, detail: texts.told[TOLD[status]] });
}

function wantsJson(c: AppContext): boolean {
  return c.req.header('accept')?.includes('application/json') === true;
}

function tokenIn(path: string): string {
  return path.split('/')[2] ?? '';
}

function goOn(c: AppContext, token: string, told: string): Response {
  return c.redirect(`/s/${encodeURIComponent(token)}?told=${told}#told`, 303);
}
