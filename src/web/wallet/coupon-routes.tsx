import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { readHolding } from '../../coupons/holdings.ts';
import type { Holding } from '../../coupons/holdings-model.ts';
import type { AppContext } from '../../http/env.ts';
import type { Router } from '../../http/router.ts';
import type { Service } from '../../http/service.ts';
import { idPattern } from '../../platform/ids.ts';
import { ProblemError } from '../../problems/answer.ts';
import { giveCoupon } from '../../transfers/give.ts';
import { readOffer } from '../../transfers/read.ts';
import { revokeTransfer } from '../../transfers/revoke.ts';
import type { Assets } from '../assets.ts';
import { CouponPage } from './coupon-page.tsx';
import { drawKept, forMember, type Pages, type Visit } from './visit.tsx';
import { memberRouter } from './visit-router.tsx';

const COUPON_ID = idPattern('cpn');
const LINK_HOURS = 72;
/**
 * The token of a link is told once and stored as a hash. The giver's own phone keeps it for the
 * page of that coupon alone, so that the link can be seen again until it ends.
 */
const COOKIE = 'tapline_gift';

/** One coupon, and giving it away. */
export function walletCouponRoutes(service: Service, assets: Assets): Router {
  const pages: Pages = { service, assets };
  const router = memberRouter(pages, '/me/coupons/*');
  router.get(
    '/me/coupons/:id',
    forMember(pages, (c, visit) => show(c, visit, pages)),
  );
  router.post(
    '/me/coupons/:id/gift',
    forMember(pages, (c, visit) => give(c, visit, pages)),
  );
  router.post(
    '/me/coupons/:id/gift/revoke',
    forMember(pages, (c, visit) => takeBack(c, visit, pages)),
  );
  return router;
}

async function show(c: AppContext, visit: Visit, pages: Pages): Promise<Response> {
  const holding = await holdingOf(c, visit, pages);
  const giftLink = holding.givenUntil === null ? null : await keptLink(c, holding, pages);
  return drawKept(c, pages, visit, (view) => (
    <CouponPage view={view} holding={holding} giftLink={giftLink} />
  ));
}

/** The open link of the coupon, when it is the one that this phone has kept. */
async function keptLink(
  c: AppContext,
  { classId }: Holding,
  { service }: Pages,
): Promise<string | null> {
  const token = getCookie(c, COOKIE);
  if (token === undefined || !/^[\w-]{43}$/.test(token)) return null;
  const offer = await readOffer(service.database.reads, token);
  const isOpen = offer?.status === 'open' && offer.coupon.classId === classId;
  return isOpen ? `${service.origin}/me/gifts/${token}` : null;
}

async function give(c: AppContext, visit: Visit, pages: Pages): Promise<Response> {
  const { id } = await holdingOf(c, visit, pages);
  const { caller } = visit;
  const outcome = await pages.service.database.transact((tx) =>
    giveCoupon(tx, caller, id, LINK_HOURS),
  );
  if (!outcome.ok) throw new ProblemError(outcome.refusal);
  setCookie(c, COOKIE, outcome.token, { ...cookieOf(c, id), expires: outcome.expiresAt });
  return c.redirect(`/me/coupons/${id}`, 303);
}

async function takeBack(c: AppContext, visit: Visit, pages: Pages): Promise<Response> {
  const { id } = await holdingOf(c, visit, pages);
  const { caller } = visit;
  // One that was accepted or taken back already is told by the page.
  await pages.service.database.transact((tx) => revokeTransfer(tx, caller, id));
  deleteCookie(c, COOKIE, cookieOf(c, id));
  return c.redirect(`/me/coupons/${id}`, 303);
}

function cookieOf(c: AppContext, id: string) {
  const secure = c.get('origin').startsWith('https:');
  return { path: `/me/coupons/${id}`, httpOnly: true, sameSite: 'Lax', secure } as const;
}

/** @throws ProblemError `not-found` for a coupon that the wallet does not hold */
async function holdingOf(c: AppContext, { caller }: Visit, { service }: Pages): Promise<Holding> {
  const id = c.req.param('id') ?? '';
  const { reads } = service.database;
  const known = COUPON_ID.test(id);
  const holding = known ? await readHolding(reads, caller, caller.walletId, id) : null;
  if (holding === null) throw new ProblemError('not-found');
  return holding;
}
