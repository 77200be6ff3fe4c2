import type { AppContext } from '../../http/env.ts';
import { failureHandler, problemOf } from '../../http/failures.ts';
import { newRouter, type Router } from '../../http/router.ts';
import type { Service } from '../../http/service.ts';
import type { Device } from '../../members/model.ts';
import { type ProblemCode, problems } from '../../problems/registry.ts';
import { type SessionVisit, visitSession } from '../../stands/session.ts';
import type { SessionStanding } from '../../stands/session-model.ts';
import { readHolding, readOffers } from '../../stands/session-offers.ts';
import { touchStand } from '../../stands/touch.ts';
import { glanceOf } from '../../stands/touch-rules.ts';
import type { Assets } from '../assets.ts';
import { deviceOf, knownDeviceOf, rememberDevice } from '../device-cookie.ts';
import { html } from '../html.ts';
import { chosenLanguage } from '../language.ts';
import { ClaimDocument, RefusalDocument, viewOnlyWords } from './frame.tsx';
import { noticeOf } from './notice.ts';
import type { ClaimView, ShownMember } from './view.ts';
import { besidesClaimed, shownOffers } from './view-rules.ts';

const STAND_CODE = /^[\w-]{1,64}$/;
/** Until the sessions of a minute no longer count. */
const BUSY_SECONDS = 60;

/** The moment a phone touches a stand, and the page that its session shows. */
export function claimPageRoutes(service: Service, assets: Assets): Router {
  const router = newRouter();
  router.use('/t/*', chosenLanguage());
  router.use('/s/*', chosenLanguage());
  const failed = failureHandler(service.log);
  router.onError((error, c) => {
    failed(error, c);
    return refused(c, assets, problemOf(error).code);
  });

  router.get('/t/:code', (c) => touch(c, service, assets));
  router.get('/s/:session', async (c) => {
    const device = await deviceOf(c, service.database.reads);
    return session(c, service, assets, { token: c.req.param('session'), device });
  });
  return router;
}

async function touch(c: AppContext, service: Service, assets: Assets): Promise<Response> {
  const { database, sealer, metrics } = service;
  const glance = glanceOf({
    method: c.req.method,
    purpose: c.req.header('sec-purpose') ?? c.req.header('purpose') ?? null,
    userAgent: c.req.header('user-agent') ?? null,
  });
  // A browser that looked ahead throws a failure away, and asks again when it comes to it.
  if (glance === 'ahead') return c.body(null, 503, { 'Cache-Control': 'no-store' });
  if (glance === 'preview') return preview(c, assets);
  const code = c.req.param('code') ?? '';
  if (!STAND_CODE.test(code)) return refused(c, assets, 'stand-unknown');
  const known = await knownDeviceOf(c, database.reads);
  const asked = {
    code,
    picc: c.req.query('e')?.slice(0, 200) ?? null,
    mac: c.req.query('c')?.slice(0, 200) ?? null,
    printed: c.req.query('q') === '1',
  };
  const touched = await database.transact((tx) => touchStand(tx, sealer, asked, known));
  if (!touched.ok) {
    metrics.tap(touched.refusal);
    return refused(c, assets, touched.refusal);
  }
  const { device, secret } = touched.known;
  if (touched.isNew) metrics.tap(device.member === null ? 'unknown' : 'recognised');
  if (known === null) rememberDevice(c, secret);
  return session(c, service, assets, { token: touched.token, device });
}

interface Asked {
  /** The end of the session's address. */
  readonly token: string;
  readonly device: Device | null;
}

async function session(
  c: AppContext,
  service: Service,
  assets: Assets,
  { token, device }: Asked,
): Promise<Response> {
  const visit = await visitSession(service.database, token, device);
  if (visit === null) return refused(c, assets, 'touch-unknown');
  const view = await viewOf(c, service, { visit, token, device });
  const [style, script] = [assets.style('claim'), assets.script('claim')];
  return html(c, (nonce) => (
    <ClaimDocument view={view} nonce={nonce} style={style} script={script} />
  ));
}

async function viewOf(
  c: AppContext,
  { database, signInProvider }: Service,
  { visit, token, device }: Asked & { readonly visit: SessionVisit },
): Promise<ClaimView> {
  const locale = c.get('locale');
  const { session, standing } = visit;
  const known = standing === 'own' ? (device?.member ?? null) : null;
  const [{ now, offers }, holding] = await Promise.all([
    readOffers(database.reads, visit, known),
    known === null ? null : readHolding(database.reads, visit, known),
  ]);
  const shown = shownOffers(offers, holding?.owned ?? [], (refusal) => wordsOf(c, refusal));
  const member: ShownMember | null =
    known === null || holding === null
      ? null
      : { ...holding, name: known.displayName, owned: besidesClaimed(holding.owned, shown) };
  return {
    locale,
    path: `/s/${token}`,
    session,
    standing,
    now,
    member,
    offers: shown,
    notice: noticeOf(c.req.query('told'), locale, (code) => wordsOf(c, code)),
    lookOnly: lookOnly(c, standing),
    isIphone: isIphone(c),
    signIn: signInProvider !== null,
  };
}

function lookOnly(c: AppContext, standing: SessionStanding) {
  if (standing === 'own') return null;
  return standing === 'over' ? wordsOf(c, 'touch-over') : viewOnlyWords(c.get('locale'));
}

function wordsOf(c: AppContext, code: ProblemCode) {
  const locale = c.get('locale');
  const { title, detail } = problems[code];
  return { title: title[locale], detail: detail[locale] };
}

function refused(c: AppContext, assets: Assets, code: ProblemCode): Response {
  const { status } = problems[code];
  if (status === 429) c.header('Retry-After', String(BUSY_SECONDS));
  return plain(c, assets, { ...wordsOf(c, code), code }, status);
}

/** Nobody touched anything: a chat made a picture of the link. */
function preview(c: AppContext, assets: Assets): Response {
  return plain(c, assets, { ...viewOnlyWords(c.get('locale')), code: null }, 200);
}

function plain(
  c: AppContext,
  assets: Assets,
  words: { readonly title: string; readonly detail: string; readonly code: string | null },
  status: number,
): Response {
  const page = { ...words, locale: c.get('locale'), path: ownAddress(c), isIphone: isIphone(c) };
  const style = assets.style('claim');
  return html(
    c,
    (nonce) => <RefusalDocument {...page} nonce={nonce} style={style} />,
    status as Parameters<typeof html>[2],
  );
}

/** The address that was asked for, without the language. */
function ownAddress(c: AppContext): string {
  const { pathname, searchParams } = new URL(c.req.url);
  searchParams.delete('lang');
  return searchParams.size === 0 ? pathname : `${pathname}?${searchParams}`;
}

function isIphone(c: AppContext): boolean {
  return /iPhone|iPad/.test(c.req.header('user-agent') ?? '');
}
