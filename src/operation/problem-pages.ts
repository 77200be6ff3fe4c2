import { createRoute, z } from '@hono/zod-openapi';
import { newRouter, type Router } from '../http/router.ts';
import { type ProblemCode, problemCodes, problems } from '../problems/registry.ts';

const page = createRoute({
  method: 'get',
  path: '/problems/{code}',
  operationId: 'problemPage',
  tags: ['Operation'],
  summary: 'What a problem code means and what to do, in English and Chinese',
  security: [],
  request: { params: z.object({ code: z.enum(problemCodes as [ProblemCode, ...ProblemCode[]]) }) },
  responses: {
    200: { description: 'The page.', content: { 'text/html': { schema: z.string() } } },
    404: { description: 'There is no such code.' },
  },
});

/** One page a code, where the `type` of a problem points. */
export function problemPages(): Router {
  const router = newRouter();
  router.openapi(page, (c) => {
    c.header('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'");
    return c.html(pageOf(c.req.valid('param').code), 200);
  });
  return router;
}

function pageOf(code: ProblemCode): string {
  const { status, title, detail } = problems[code];
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title.en)} · ${code}</title>
<style>body{font:18px/1.5 system-ui,sans-serif;max-width:36rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}code{font-size:.9em}@media(prefers-color-scheme:dark){body{color:#eee;background:#111}}</style>
<h1>${escapeHtml(title.en)}</h1>
<p>${escapeHtml(detail.en)}</p>
<p><code>${code}</code> · HTTP ${status}</p>
<section lang="zh-CN">
<h2>${escapeHtml(title['zh-CN'])}</h2>
<p>${escapeHtml(detail['zh-CN'])}</p>
</section>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
