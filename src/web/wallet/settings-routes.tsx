import { z } from '@hono/zod-openapi';
import type { AppContext } from '../../http/env.ts';
import type { Router } from '../../http/router.ts';
import { displayText } from '../../http/schemas.ts';
import type { Service } from '../../http/service.ts';
import { endDevice, listDevices } from '../../members/devices.ts';
import { changeProfile, chooseLanguage } from '../../members/profile.ts';
import { ProblemError } from '../../problems/answer.ts';
import type { Assets } from '../assets.ts';
import { readForm } from '../form.ts';
import { SettingsPage } from './settings-page.tsx';
import { draw, forMember, type Pages, type Visit } from './visit.tsx';
import { memberRouter } from './visit-router.tsx';
import { chooseType } from './visit-type.ts';

const none = z.literal('').transform(() => null);
const Words = z.strictObject({
  displayName: z.union([none, displayText(40)]),
  email: z.union([none, z.email().max(254)]),
});
const Language = z.strictObject({ language: z.enum(['en', 'zh-CN']) });
const Type = z.strictObject({ large: z.enum(['0', '1']) });

/** What the member may change, and where else they are signed in. */
export function walletSettingsRoutes(service: Service, assets: Assets): Router {
  const pages: Pages = { service, assets };
  const { database } = service;
  const paths = ['settings', 'language', 'type', 'devices/:id/end', 'sign-out'];
  const router = memberRouter(pages, ...paths.map((path) => `/me/${path}`));

  router.get(
    '/me/settings',
    forMember(pages, (c, visit) => show(c, visit, pages)),
  );
  router.post(
    '/me/settings',
    forMember(pages, async (c, { caller }) => {
      const words = await readForm(c, Words);
      await database.transact((tx) => changeProfile(tx, caller, words));
      return c.redirect('/me/settings?saved', 303);
    }),
  );
  router.post(
    '/me/language',
    forMember(pages, async (c, { caller }) => {
      const { language } = await readForm(c, Language);
      await database.transact((tx) => chooseLanguage(tx, caller, language));
      return c.redirect(`/me/settings?saved&lang=${language}`, 303);
    }),
  );
  router.post(
    '/me/type',
    forMember(pages, async (c) => {
      chooseType(c, (await readForm(c, Type)).large === '1');
      return c.redirect('/me/settings', 303);
    }),
  );
  router.post(
    '/me/devices/:id/end',
    forMember(pages, (c, visit) => signOutOther(c, visit, pages)),
  );
  router.post(
    '/me/sign-out',
    forMember(pages, (c, visit) => signOut(c, visit, pages)),
  );
  return router;
}

async function show(c: AppContext, visit: Visit, pages: Pages): Promise<Response> {
  const { caller, profile, deviceId } = visit;
  const devices = await listDevices(pages.service.database.reads, caller.memberId);
  return draw(c, pages, (view) => (
    <SettingsPage
      view={view}
      profile={profile}
      devices={devices}
      thisDeviceId={deviceId}
      now={new Date()}
      isSaved={c.req.query('saved') !== undefined}
      isWordWrong={c.req.query('word') === 'wrong'}
    />
  ));
}

async function signOutOther(
  c: AppContext,
  { caller }: Visit,
  { service }: Pages,
): Promise<Response> {
  const id = c.req.param('id') ?? '';
  const ended = await service.database.transact((tx) => endDevice(tx, caller.memberId, id));
  if (!ended) throw new ProblemError('not-found');
  return c.redirect('/me/settings', 303);
}

async function signOut(
  c: AppContext,
  { caller, deviceId }: Visit,
  { service }: Pages,
): Promise<Response> {
  await service.database.transact((tx) => endDevice(tx, caller.memberId, deviceId));
  return c.redirect('/me', 303);
}
