import { z } from '@hono/zod-openapi';
import type { AppContext } from '../../http/env.ts';
import type { Router } from '../../http/router.ts';
import type { Service } from '../../http/service.ts';
import { RESOURCE_ID } from '../../passes/model.ts';
import { idPattern } from '../../platform/ids.ts';
import { ProblemError } from '../../problems/answer.ts';
import type { PresentationState, Screen } from '../../taps/model.ts';
import { present, presentationFor, select } from '../../taps/present.ts';
import { readCard } from '../../wallets/cards.ts';
import type { Card } from '../../wallets/cards-model.ts';
import type { Assets } from '../assets.ts';
import { readForm } from '../form.ts';
import { PassPage } from './pass-page.tsx';
import { PresentationPage } from './presentation-page.tsx';
import { draw, drawKept, forMember, type Pages, type Visit } from './visit.tsx';
import { memberRouter } from './visit-router.tsx';

const Selection = z.strictObject({ objectId: z.string().regex(RESOURCE_ID) });
const PRESENTATION_ID = idPattern('prs');

/** One card, and presenting it. */
export function walletPassRoutes(service: Service, assets: Assets): Router {
  const pages: Pages = { service, assets };
  const router = memberRouter(pages, '/me/passes/*', '/me/presentations', '/me/presentations/*');
  router.get(
    '/me/passes/:objectId',
    forMember(pages, async (c, visit) => {
      const card = await cardOf(visit, pages, c.req.param('objectId') ?? '');
      return drawKept(c, pages, visit, (view) => <PassPage view={view} card={card} />);
    }),
  );
  router.post(
    '/me/presentations',
    forMember(pages, (c, visit) => presentNow(c, visit, pages, { kind: 'home' })),
  );
  router.post(
    '/me/passes/:objectId/presentations',
    forMember(pages, async (c, visit) => {
      const { objectId } = await cardOf(visit, pages, c.req.param('objectId') ?? '');
      return presentNow(c, visit, pages, { kind: 'pass', objectId });
    }),
  );
  router.get(
    '/me/presentations/:id',
    forMember(pages, (c, visit) => progress(c, visit, pages)),
  );
  router.post(
    '/me/presentations/:id/selection',
    forMember(pages, (c, visit) => pick(c, visit, pages)),
  );
  return router;
}

/** The token is for a wallet app that hands it over; a page only shows how far it is. */
async function presentNow(
  c: AppContext,
  { caller }: Visit,
  { service }: Pages,
  screen: Screen,
): Promise<Response> {
  const { walletId } = caller;
  const presented = await service.database.transact((tx) => present(tx, walletId, screen));
  if (presented === null) throw new ProblemError('not-found');
  const card = screen.kind === 'pass' ? screen.objectId : null;
  return c.redirect(addressOf(presented.id, card), 303);
}

async function progress(c: AppContext, visit: Visit, pages: Pages): Promise<Response> {
  const presentation = await presentationOf(c, visit, pages);
  const opened = c.req.query('card');
  const [card, choices] = await Promise.all([
    opened === undefined ? null : cardOf(visit, pages, opened),
    Promise.all(presentation.choices.map(({ objectId }) => cardOf(visit, pages, objectId))),
  ]);
  return draw(c, pages, (view) => (
    <PresentationPage
      view={view}
      presentation={presentation}
      card={card}
      choices={choices}
      secondsLeft={secondsUntil(presentation.expiresAt)}
    />
  ));
}

async function pick(c: AppContext, visit: Visit, pages: Pages): Promise<Response> {
  const { id } = await presentationOf(c, visit, pages);
  const { objectId } = await readForm(c, Selection);
  const outcome = await pages.service.database.transact((tx) => select(tx, id, objectId));
  // What is over by now is told by the page itself.
  if (!outcome.ok && outcome.refusal !== 'presentation-expired') {
    throw new ProblemError(outcome.refusal);
  }
  return c.redirect(addressOf(id, objectId), 303);
}

async function presentationOf(
  c: AppContext,
  { caller }: Visit,
  { service }: Pages,
): Promise<PresentationState> {
  const id = c.req.param('id') ?? '';
  if (!PRESENTATION_ID.test(id)) throw new ProblemError('not-found');
  return presentationFor(service.database.reads, caller, id);
}

function addressOf(id: string, objectId: string | null): string {
  return objectId === null ? `/me/presentations/${id}` : `/me/presentations/${id}?card=${objectId}`;
}

/** For the eye alone: whether it is over is what the database says. */
function secondsUntil(expiresAt: Date): number {
  const seconds = Math.ceil((expiresAt.getTime() - Date.now()) / 1000);
  return Math.min(60, Math.max(1, seconds));
}

/** @throws ProblemError `not-found` for a card that the wallet does not hold */
async function cardOf({ caller }: Visit, pages: Pages, objectId: string): Promise<Card> {
  const { reads } = pages.service.database;
  const known = RESOURCE_ID.test(objectId);
  const card = known ? await readCard(reads, caller, caller.walletId, objectId) : null;
  if (card === null) throw new ProblemError('not-found');
  return card;
}
