import { readPromised } from '../../coupons/holdings.ts';
import type { AppContext } from '../../http/env.ts';
import type { Router } from '../../http/router.ts';
import type { Service } from '../../http/service.ts';
import { ProblemError } from '../../problems/answer.ts';
import { problems } from '../../problems/registry.ts';
import { acceptTransfer } from '../../transfers/accept.ts';
import { readAccepted } from '../../transfers/accepted.ts';
import { readOffer } from '../../transfers/read.ts';
import type { Assets } from '../assets.ts';
import { GiftFace, GiftPage, type GiftProps } from './gift-page.tsx';
import { JoinPage } from './join-page.tsx';
import { draw, forMember, type Pages, type Visit, visitOf } from './visit.tsx';
import { memberRouter } from './visit-router.tsx';

const TOKEN = /^[\w-]{43}$/;

/** A coupon that somebody gives away, and taking it. */
export function walletGiftRoutes(service: Service, assets: Assets): Router {
  const pages: Pages = { service, assets };
  const router = memberRouter(pages, '/me/gifts/:token', '/transfer/:token');
  // The address that `POST /v1/coupons/{id}/transfer` tells.
  router.get('/transfer/:token', (c) => c.redirect(`/me/gifts/${tokenOf(c)}`, 303));
  router.get('/me/gifts/:token', (c) => show(c, pages));
  router.post(
    '/me/gifts/:token',
    forMember(pages, (c, visit) => accept(c, visit, pages)),
  );
  return router;
}

/** Who is not a member yet sees what waits, and comes back to it after joining. */
async function show(c: AppContext, pages: Pages): Promise<Response> {
  const token = tokenOf(c);
  const visit = await visitOf(c, pages);
  const gift = await giftOf(c, pages, token);
  if (visit !== null) {
    const { reads } = pages.service.database;
    const got = await readAccepted(reads, visit.caller, token);
    if (got !== null) return c.redirect(`/me/coupons/${got}`, 303);
    return draw(c, pages, (view) => <GiftPage view={view} token={token} {...gift} />);
  }
  return draw(c, pages, (view) => (
    <JoinPage view={view} returnTo={`/me/gifts/${token}`}>
      <GiftFace locale={view.locale} {...gift} />
    </JoinPage>
  ));
}

async function giftOf(c: AppContext, { service }: Pages, token: string): Promise<GiftProps> {
  const { reads } = service.database;
  const offer = await readOffer(reads, token);
  if (offer === null) throw new ProblemError('not-found');
  const ends = { couponEnds: offer.coupon.expiresAt, linkEnds: offer.expiresAt };
  if (offer.refusal === null) {
    return { ...ends, promised: await readPromised(reads, offer.coupon.classId), refusal: null };
  }
  const { title, detail } = problems[offer.refusal];
  const locale = c.get('locale');
  return { ...ends, promised: null, refusal: { title: title[locale], detail: detail[locale] } };
}

async function accept(c: AppContext, { caller }: Visit, { service }: Pages): Promise<Response> {
  const token = tokenOf(c);
  const outcome = await service.database.transact((tx) =>
    acceptTransfer(tx, caller, token, caller.walletId),
  );
  if (outcome.ok) return c.redirect(`/me/coupons/${outcome.coupon.id}`, 303);
  // Touched twice, it is theirs since the first time: the link leads there.
  if (outcome.refusal === 'transfer-already-accepted') return c.redirect(`/me/gifts/${token}`, 303);
  throw new ProblemError(outcome.refusal);
}

function tokenOf(c: AppContext): string {
  const token = c.req.param('token') ?? '';
  if (!TOKEN.test(token)) throw new ProblemError('not-found');
  return token;
}
