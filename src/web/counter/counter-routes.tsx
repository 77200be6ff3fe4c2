import { readTillFace } from '../../counter/preflight.ts';
import { newRouter, type Router } from '../../http/router.ts';
import type { Service } from '../../http/service.ts';
import { randomBase32 } from '../../platform/ids.ts';
import { ProblemError } from '../../problems/answer.ts';
import type { Locale } from '../../problems/model.ts';
import type { Assets } from '../assets.ts';
import { Document } from '../document.tsx';
import { html } from '../html.ts';
import { chosenLanguage } from '../language.ts';
import { counterTexts } from '../texts/counter.ts';
import { tillOf } from '../till-cookie.ts';
import { templatesOf } from '../ui/templates.ts';
import { Screen } from './screen.tsx';
import { initialState } from './till-state.ts';
import { PREFERENCES, type View } from './view.ts';

const LOCALES: readonly Locale[] = ['en', 'zh-CN'];

/** The cashier's page. A browser that is no till yet is paired first. */
export function counterRoutes(service: Service, assets: Assets): Router {
  const router = newRouter();
  router.use('/counter', chosenLanguage());

  router.get('/counter', async (c) => {
    const caller = await tillOf(c, service);
    if (caller === null) return c.redirect('/counter/pair', 303);
    const till = await readTillFace(service.database.reads, caller);
    const locale = c.get('locale');
    const t = counterTexts[locale];
    const billId = randomBase32(26);
    const view: View = {
      state: initialState(till, billId),
      locale,
      t,
      preferences: PREFERENCES,
      text: '',
      now: 0,
      alsoOpen: false,
      act: () => {},
    };
    return html(c, (nonce) => (
      <Document
        locale={locale}
        title={t.titleAt(till.terminalName)}
        style={assets.style('counter')}
        script={assets.script('counter')}
        nonce={nonce}
        data={{ till, locale, billId, texts: templatesOf(t) }}
      >
        <Screen view={view} />
      </Document>
    ));
  });

  // The other language, for the switch that keeps everything on the screen.
  router.get('/counter/texts/:locale', (c) => {
    const locale = LOCALES.find((one) => one === c.req.param('locale'));
    if (locale === undefined) throw new ProblemError('not-found');
    c.header('Cache-Control', 'no-cache');
    return c.json(templatesOf(counterTexts[locale]));
  });

  return router;
}
