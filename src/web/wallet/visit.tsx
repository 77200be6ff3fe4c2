import type { VNode } from 'preact';
import type { MemberCaller } from '../../access/model.ts';
import type { AppContext } from '../../http/env.ts';
import type { Service } from '../../http/service.ts';
import { readProfile } from '../../members/profile.ts';
import type { Profile } from '../../members/profile-model.ts';
import { sha256Hex } from '../../platform/hashes.ts';
import type { Assets } from '../assets.ts';
import { deviceOf } from '../device-cookie.ts';
import { html } from '../html.ts';
import { JoinPage } from './join-page.tsx';
import { COPY_HEADER, NOBODY } from './phone-copy.ts';
import type { View } from './view.ts';
import { hasLargeType } from './visit-type.ts';

/** What the wallet's pages stand on. */
export interface Pages {
  readonly service: Service;
  readonly assets: Assets;
}

/** A member who looks at the own wallet. */
export interface Visit {
  readonly caller: MemberCaller;
  readonly deviceId: string;
  readonly profile: Profile;
}

type Handler = (c: AppContext) => Promise<Response>;

/** Lets a member in; a phone that is nobody's is asked to join, and comes back afterwards. */
export function forMember(
  pages: Pages,
  show: (c: AppContext, visit: Visit) => Promise<Response>,
): Handler {
  return async (c) => {
    const visit = await visitOf(c, pages);
    if (visit !== null) return show(c, visit);
    return c.req.method === 'GET' ? askToJoin(c, pages) : c.redirect('/me', 303);
  };
}

/** Who is visiting; null for a phone that is nobody's. The member's language counts from here on. */
export async function visitOf(c: AppContext, { service }: Pages): Promise<Visit | null> {
  const { reads } = service.database;
  const device = await deviceOf(c, reads);
  if (device === null || device.member === null) return null;
  const { memberId, walletId } = device.member;
  const caller: MemberCaller = { kind: 'member', memberId, walletId };
  const profile = await readProfile(reads, caller);
  if (c.req.query('lang') === undefined && profile.language !== null) {
    c.set('locale', profile.language);
  }
  return { caller, deviceId: device.id, profile };
}

function askToJoin(c: AppContext, pages: Pages): Response {
  c.header(COPY_HEADER, NOBODY);
  const { pathname } = new URL(c.req.url);
  return draw(c, pages, (view) => <JoinPage view={view} returnTo={pathname} />, 403);
}

/** A page of which the phone keeps a copy. */
export function drawKept(
  c: AppContext,
  pages: Pages,
  { caller }: Visit,
  render: (view: View) => VNode,
): Response {
  c.header(COPY_HEADER, sha256Hex(`copies of ${caller.memberId}`).slice(0, 16));
  return draw(c, pages, render);
}

/** A page that is only for now. */
export function draw(
  c: AppContext,
  { assets, service }: Pages,
  render: (view: View) => VNode,
  status?: Parameters<typeof html>[2],
): Response {
  const drawn = {
    locale: c.get('locale'),
    style: assets.style('wallet'),
    script: assets.script('wallet'),
    largeType: hasLargeType(c),
    signIn: service.signInProvider !== null,
  };
  return html(c, (nonce) => render({ ...drawn, nonce }), status);
}
