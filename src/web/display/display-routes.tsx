import type { TillCaller } from '../../access/model.ts';
import { readTillFace } from '../../counter/preflight.ts';
import { newRouter, type Router } from '../../http/router.ts';
import type { Service } from '../../http/service.ts';
import { readStands } from '../../stands/read.ts';
import type { Assets } from '../assets.ts';
import { Document } from '../document.tsx';
import { html } from '../html.ts';
import { chosenLanguage } from '../language.ts';
import { displayTexts } from '../texts/display.ts';
import { tillOf } from '../till-cookie.ts';
import { qrPath } from '../ui/qr-path.ts';
import { type DisplayStart, idleView } from './display-model.ts';
import { DisplayScreen } from './display-screen.tsx';

const MOST_STANDS = 200;
const LOOKS = ['auto', 'bright', 'dark'] as const;

/** The customer's display, opened in a second window of the till's browser. */
export function displayRoutes(service: Service, assets: Assets): Router {
  const router = newRouter();
  router.use('/display', chosenLanguage());

  router.get('/display', async (c) => {
    const till = await tillOf(c, service);
    if (till === null) return c.redirect('/counter/pair', 303);
    const locale = c.get('locale');
    const { terminalName } = await readTillFace(service.database.reads, till);
    const start: DisplayStart = {
      issuerId: till.issuerId,
      terminalId: till.terminalId,
      locale,
      look: LOOKS.find((look) => look === c.req.query('look')) ?? 'auto',
      qr: await standQr(service, till),
    };
    return html(c, (nonce) => (
      <Document
        locale={locale}
        title={`${displayTexts[locale].title} – ${terminalName}`}
        style={assets.style('display')}
        script={assets.script('display')}
        nonce={nonce}
        data={start}
      >
        <DisplayScreen view={idleView(start)} />
      </Document>
    ));
  });

  return router;
}

/** The link that is printed on the till's stand. */
async function standQr({ database, origin }: Service, till: TillCaller) {
  const all = { after: null, limit: MOST_STANDS };
  const stands = await readStands(database.reads, till, till.issuerId, all);
  const own = stands?.find(
    ({ terminalId, state }) => terminalId === till.terminalId && state !== 'retired',
  );
  return own === undefined ? null : qrPath(`${origin}/t/${own.code}?q=1`);
}
