import { newRouter, type Router } from '../http/router.ts';
import { ProblemError } from '../problems/answer.ts';
import type { Assets } from './assets.ts';

/** The scripts of the pages, each under an address that its content names. */
export function assetRoutes(assets: Assets): Router {
  const router = newRouter();
  router.get('/assets/:name', (c) => {
    const asset = assets.find(c.req.path);
    if (asset === null) throw new ProblemError('not-found');
    c.header('Content-Type', asset.type);
    c.header('Cache-Control', 'public, max-age=31536000, immutable');
    c.header('Vary', 'Accept-Encoding');
    const takesBrotli = /\bbr\b/.test(c.req.header('accept-encoding') ?? '');
    if (!takesBrotli) return c.body(asset.body);
    c.header('Content-Encoding', 'br');
    return c.body(asset.brotli);
  });
  return router;
}
