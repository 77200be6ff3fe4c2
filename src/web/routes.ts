import { newRouter, type Router } from '../http/router.ts';
import type { Service } from '../http/service.ts';
import { assetRoutes } from './asset-routes.ts';
import type { Assets } from './assets.ts';

/** All pages. */
export function webRoutes(_service: Service, assets: Assets): Router {
  const router = newRouter();
  router.route('/', assetRoutes(assets));
  return router;
}
