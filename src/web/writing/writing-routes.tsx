import { z } from '@hono/zod-openapi';
import { strictBody } from '../../http/body.ts';
import type { AppContext } from '../../http/env.ts';
import { inputErrors, newRouter, type Router } from '../../http/router.ts';
import type { Service } from '../../http/service.ts';
import { ProblemError } from '../../problems/answer.ts';
import { standProblems } from '../../problems/stand-problems.ts';
import type { WriteLinkRefusal } from '../../stands/model.ts';
import {
  readTagToWrite,
  readWrittenState,
  reportWritten,
  type TagToWrite,
} from '../../stands/write-tag.ts';
import type { Assets } from '../assets.ts';
import { Document } from '../document.tsx';
import { html } from '../html.ts';
import { chosenLanguage } from '../language.ts';
import { qrPath } from '../material/qr-path.ts';
import { ownPagesOnly } from '../own-pages.ts';
import { writingTexts } from '../texts/writing.ts';
import { RefusedPage } from './refused-page.tsx';
import { WritingPage, type WritingStart } from './writing-page.tsx';

const BODY_BYTES = 4096;

const Written = z.strictObject({
  /** As Web NFC tells it; empty where a phone does not tell it. */
  serial: z.string().regex(/^(?:[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){3,9})?$/),
  readBack: z.string().regex(/^(?:[0-9a-f]{2}){1,1000}$/),
});

/** What the client does not use before it is told something. */
const idle = () => {};

/** The page on which a phone writes a stand's tag. Whoever has its link may; the link is short-lived. */
export function writingRoutes(service: Service, assets: Assets): Router {
  const router = newRouter();
  const { database, origin } = service;
  router.use('/w/*', chosenLanguage(), ownPagesOnly(origin), strictBody(BODY_BYTES));

  router.get('/w/:token', async (c) => {
    const found = await readTagToWrite(database.reads, origin, tokenOf(c));
    if (!found.ok) return refusedPage(c, assets, found.refusal);
    return writingPage(c, assets, startOf(c, found.tag));
  });

  router.get('/w/:token/state', async (c) => {
    const found = await readWrittenState(database.reads, tokenOf(c));
    if (!found.ok) throw new ProblemError(found.refusal);
    c.header('Cache-Control', 'no-store');
    return c.json({ state: found.state }, 200);
  });

  router.post('/w/:token/written', async (c) => {
    const { serial, readBack } = written(await c.req.json());
    const told = { serial: serial === '' ? null : serial.toLowerCase(), readBack };
    const token = tokenOf(c);
    const outcome = await database.transact((tx) => reportWritten(tx, origin, token, told));
    if (!outcome.ok) throw new ProblemError(outcome.refusal);
    return c.json({ state: outcome.state }, 200);
  });

  return router;
}

function tokenOf(c: AppContext): string {
  return c.req.param('token') ?? '';
}

function written(body: unknown): z.infer<typeof Written> {
  const parsed = Written.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new ProblemError('invalid-request', { errors: inputErrors(parsed.error, 'json') });
}

function startOf(c: AppContext, tag: TagToWrite): WritingStart {
  const link = `${c.get('origin')}${c.req.path}`;
  const qr = qrPath(link);
  const locale = c.get('locale');
  return { ...tag, locale, texts: writingTexts[locale], link, qr };
}

function writingPage(c: AppContext, assets: Assets, start: WritingStart): Response {
  return html(c, (nonce) => (
    <Document
      locale={start.locale}
      title={start.texts.title}
      style={assets.style('writing')}
      script={assets.script('writing')}
      nonce={nonce}
      data={start}
      head={UNLISTED}
    >
      <WritingPage
        start={start}
        step={{ at: 'preparing' }}
        copied={false}
        tell={idle}
        copy={idle}
      />
    </Document>
  ));
}

const UNLISTED = <meta name="robots" content="noindex" />;

function refusedPage(c: AppContext, assets: Assets, refusal: WriteLinkRefusal): Response {
  const { status, title, detail } = standProblems[refusal];
  const locale = c.get('locale');
  return html(
    c,
    (nonce) => (
      <Document
        locale={locale}
        title={title[locale]}
        style={assets.style('writing')}
        nonce={nonce}
        head={UNLISTED}
      >
        <RefusedPage title={title[locale]} detail={detail[locale]} />
      </Document>
    ),
    status,
  );
}
