import { accessRoutes } from './access/routes.ts';
import { claimRoutes } from './claims/routes.ts';
import { couponRoutes } from './coupons/routes.ts';
import { requireCaller } from './http/authentication.ts';
import { strictBody } from './http/body.ts';
import { failureHandler, problemResponse } from './http/failures.ts';
import { observed } from './http/observation.ts';
import { newRouter, type Router } from './http/router.ts';
import type { Service } from './http/service.ts';
import { jwksRoutes } from './issuers/jwks-routes.ts';
import { openApiRoutes } from './operation/openapi-routes.ts';
import { problemPages } from './operation/problem-pages.ts';
import { operationRoutes } from './operation/routes.ts';
import { redemptionRoutes } from './redemptions/routes.ts';
import { presentationRoutes } from './taps/presentation-routes.ts';
import { tapExplanationRoutes, tapRoutes } from './taps/routes.ts';
import { terminalRoutes } from './terminals/routes.ts';
import { walletApiRoutes } from './wallet-api/routes.ts';
import { walletRoutes } from './wallets/routes.ts';
import { walletSyncRoutes } from './wallets/sync-routes.ts';

const TAP_BODY_BYTES = 16 * 1024;
const BODY_BYTES = 1024 * 1024;

/** The whole HTTP face: both faces, health, metrics and the reference. */
export function createApp(service: Service): Router {
  const app = newRouter();
  app.use(observed(service));
  app.onError(failureHandler(service.log));
  app.notFound((c) => problemResponse(c, 'not-found'));

  app.route('/', operationRoutes(service));
  const itself = () => app;
  app.route('/', openApiRoutes(itself));
  app.route('/', problemPages());
  app.route('/', jwksRoutes(service));

  app.use('/v1/taps', strictBody(TAP_BODY_BYTES));
  app.route('/', tapRoutes(service));

  app.use('/v1/*', requireCaller(service), strictBody(BODY_BYTES));
  const native = [
    accessRoutes,
    walletRoutes,
    walletSyncRoutes,
    presentationRoutes,
    tapExplanationRoutes,
    couponRoutes,
    claimRoutes,
    redemptionRoutes,
    terminalRoutes,
  ];
  for (const routes of native) app.route('/', routes(service));
  app.route('/', walletApiRoutes(service));
  return app;
}
