import { z } from '@hono/zod-openapi';
import type { AppContext } from '../../http/env.ts';
import type { Router } from '../../http/router.ts';
import type { Service } from '../../http/service.ts';
import { eraseMember } from '../../privacy/erase.ts';
import { exportMember } from '../../privacy/export.ts';
import { ProblemError } from '../../problems/answer.ts';
import type { Assets } from '../assets.ts';
import { readForm } from '../form.ts';
import { walletTexts } from '../texts/wallet.ts';
import { forMember, type Pages, type Visit } from './visit.tsx';
import { memberRouter } from './visit-router.tsx';

const Confirmation = z.strictObject({ word: z.string().max(100) });
/** Of every language, because the page may have been in another one. */
const WORDS = Object.values(walletTexts).map(({ settings }) => settings.eraseWord.toLowerCase());

/** Taking one's data along, and deleting it. */
export function walletDataRoutes(service: Service, assets: Assets): Router {
  const pages: Pages = { service, assets };
  const router = memberRouter(pages, '/me/export', '/me/erase');
  router.get(
    '/me/export',
    forMember(pages, (c, visit) => takeAlong(c, visit, pages)),
  );
  router.post(
    '/me/erase',
    forMember(pages, (c, visit) => erase(c, visit, pages)),
  );
  return router;
}

async function takeAlong(c: AppContext, { caller }: Visit, { service }: Pages): Promise<Response> {
  const { database, sealer } = service;
  const data = await exportMember(database.reads, sealer, caller.memberId);
  if (data === null) throw new ProblemError('not-found');
  c.header('Content-Type', 'application/json; charset=UTF-8');
  c.header('Content-Disposition', 'attachment; filename="tapline-my-data.json"');
  c.header('Cache-Control', 'no-store');
  return c.body(JSON.stringify(data, null, 2));
}

async function erase(c: AppContext, { caller }: Visit, { service }: Pages): Promise<Response> {
  const { word } = await readForm(c, Confirmation);
  const isMeant = WORDS.includes(word.trim().toLowerCase());
  if (!isMeant) return c.redirect('/me/settings?word=wrong#data-title', 303);
  await service.database.transact((tx) => eraseMember(tx, caller.memberId));
  return c.redirect('/me', 303);
}
