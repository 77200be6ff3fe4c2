import { z } from '@hono/zod-openapi';
import { readTillFace } from '../../counter/preflight.ts';
import type { AppContext } from '../../http/env.ts';
import { newRouter, type Router } from '../../http/router.ts';
import type { Service } from '../../http/service.ts';
import { rememberTill } from '../../http/till-cookie.ts';
import { problems } from '../../problems/registry.ts';
import { pairTill } from '../../terminals/pair.ts';
import type { Assets } from '../assets.ts';
import { Document } from '../document.tsx';
import { readForm } from '../form.ts';
import { html } from '../html.ts';
import { chosenLanguage } from '../language.ts';
import { ownPagesOnly } from '../own-pages.ts';
import { pairingTexts } from '../texts/pairing.ts';
import { tillOf } from '../till-cookie.ts';
import { PairingPage, type PairingView } from './pairing-page.tsx';

const CodeForm = z.object({ code: z.string().max(100) });

/** The page on which a browser becomes a till; it works by a plain form. */
export function pairingRoutes(service: Service, assets: Assets): Router {
  const router = newRouter();
  router.use('/counter/pair', chosenLanguage(), ownPagesOnly(service.origin));

  router.get('/counter/pair', async (c) => {
    const till = await tillOf(c, service);
    const face = till && (await readTillFace(service.database.reads, till));
    return page(c, assets, { pairedAs: face?.terminalName ?? null, error: null });
  });

  router.post('/counter/pair', async (c) => {
    const { code: typed } = await readForm(c, CodeForm);
    const locale = c.get('locale');
    const code = typed.normalize('NFKC').replace(/[\s-]/g, '');
    if (!/^[0-9]{6}$/.test(code)) {
      return page(c, assets, { pairedAs: null, error: pairingTexts[locale].malformed }, 422);
    }
    // A wrong code is committed too, because guesses are counted.
    const outcome = await service.database.transact((tx) => pairTill(tx, { code }));
    if (!outcome.ok) {
      const { status, title, detail } = problems[outcome.refusal];
      const error = `${title[locale]}. ${detail[locale]}`;
      return page(c, assets, { pairedAs: null, error }, status);
    }
    rememberTill(c, outcome.secret);
    return c.redirect('/counter', 303);
  });

  return router;
}

function page(
  c: AppContext,
  assets: Assets,
  view: Omit<PairingView, 'locale'>,
  status: 200 | 409 | 422 | 429 = 200,
): Response {
  const locale = c.get('locale');
  return html(
    c,
    (nonce) => (
      <Document
        locale={locale}
        title={pairingTexts[locale].title}
        style={assets.style('pairing')}
        script={assets.script('pairing')}
        nonce={nonce}
      >
        <PairingPage view={{ ...view, locale }} />
      </Document>
    ),
    status,
  );
}
