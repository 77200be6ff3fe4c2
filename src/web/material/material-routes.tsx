import { z } from '@hono/zod-openapi';
import { callerWith } from '../../http/authentication.ts';
import type { AppContext } from '../../http/env.ts';
import { inputErrors, newRouter, type Router } from '../../http/router.ts';
import type { Service } from '../../http/service.ts';
import { ProblemError } from '../../problems/answer.ts';
import type { Locale } from '../../problems/model.ts';
import { readStandAndTill, type StandAndTill } from '../../stands/read.ts';
import { standId } from '../../stands/schemas.ts';
import { printedUrl } from '../../stands/tag-rules.ts';
import { Document } from '../document.tsx';
import { html } from '../html.ts';
import { materialTexts } from '../texts/material.ts';
import { MaterialSheet, type MaterialSheetProps, materialSvg } from './material-sheet.tsx';
import { qrPath } from './qr-path.ts';
import { BLEED_MM, SIZES, sheetOf } from './sheet.ts';

const Wanted = z.object({
  size: z.enum(['stand', 'a6', 'a5', 'sticker']).default('stand'),
  number: z.enum(['show', 'hide']).default('show'),
  blank: z.enum(['0', '1']).default('0'),
  bleed: z.enum(['0', '1']).default('0'),
  lang: z.enum(['en', 'zh-CN']).optional(),
});

/** What is printed for a stand, as a picture and as a page to print or to save as PDF. */
export function materialRoutes(service: Service): Router {
  const router = newRouter();

  router.get('/v1/stands/:id/material.svg', async (c) => {
    const { sheet } = await wantedSheet(c, service);
    c.header('Content-Type', 'image/svg+xml; charset=UTF-8');
    c.header('Content-Security-Policy', "default-src 'none'");
    c.header('Content-Disposition', 'inline; filename="stand.svg"');
    c.header('Cache-Control', 'private, no-cache');
    return c.body(materialSvg(sheet));
  });

  router.get('/v1/stands/:id/material.html', async (c) => {
    const { sheet, wide, high } = await wantedSheet(c, service);
    const page = `@page { size: ${wide}mm ${high}mm; margin: 0 } body { margin: 0 } svg { display: block }`;
    return html(c, (nonce) => (
      <Document locale={sheet.locale} title={sheet.title} style={page} nonce={nonce}>
        <MaterialSheet {...sheet} />
      </Document>
    ));
  });

  return router;
}

async function wantedSheet(c: AppContext, { database, origin }: Service) {
  const caller = callerWith(c, 'terminals:read');
  const asked = Wanted.safeParse(c.req.query());
  if (!asked.success) {
    throw new ProblemError('invalid-request', { errors: inputErrors(asked.error, 'query') });
  }
  const id = standId.safeParse(c.req.param('id'));
  const found = id.success ? await readStandAndTill(database.reads, caller, id.data) : null;
  if (found === null) throw new ProblemError('not-found');
  const { size, bleed, lang = c.get('locale') } = asked.data;
  const { width, height } = SIZES[size];
  const edge = bleed === '1' ? 2 * BLEED_MM : 0;
  const sheet = propsOf(origin, lang, found, asked.data);
  return { sheet, wide: width + edge, high: height + edge };
}

function propsOf(
  origin: string,
  locale: Locale,
  { stand, till, issuerName }: StandAndTill,
  { size, number, blank, bleed }: z.infer<typeof Wanted>,
): MaterialSheetProps {
  const { title, described, ...texts } = materialTexts[locale];
  const other = materialTexts[locale === 'en' ? 'zh-CN' : 'en'].headline;
  const isBlank = blank === '1';
  const words = {
    ...texts,
    issuer: issuerName,
    otherHeadline: other,
    scan: isBlank ? null : texts.scan,
    till: isBlank || number === 'hide' ? null : till,
  };
  return {
    locale,
    sheet: sheetOf(size, words),
    title: title(stand.name),
    described,
    code: isBlank ? null : qrPath(printedUrl(origin, stand.code)),
    bleed: bleed === '1',
  };
}
