import { accessRoutes } from './access/routes.ts';
import { auditRoutes } from './audit/routes.ts';
import { bulkListRoutes } from './bulk/csv-routes.ts';
import { exportRoutes } from './bulk/export-routes.ts';
import { bulkRoutes } from './bulk/routes.ts';
import { claimRoutes } from './claims/routes.ts';
import { lineRoutes } from './counter/line-routes.ts';
import { counterRoutes } from './counter/routes.ts';
import { oneCouponRoutes } from './coupons/coupon-routes.ts';
import { couponRoutes } from './coupons/routes.ts';
import { requireCaller } from './http/authentication.ts';
import { strictBody } from './http/body.ts';
import { failureHandler, unroutedHandler } from './http/failures.ts';
import { observed } from './http/observation.ts';
import { newRouter, type Router } from './http/router.ts';
import type { Service } from './http/service.ts';
import { jwksRoutes } from './issuers/jwks-routes.ts';
import { membershipRoutes } from './members/membership-routes.ts';
import { webhookRoutes } from './notices/webhook-routes.ts';
import { numbersRoutes } from './numbers/routes.ts';
import { openApiRoutes } from './operation/openapi-routes.ts';
import { problemPages } from './operation/problem-pages.ts';
import { operationRoutes } from './operation/routes.ts';
import { holdRoutes } from './redemptions/hold-routes.ts';
import { redemptionRoutes } from './redemptions/routes.ts';
import { standRoutes } from './stands/routes.ts';
import { apduRoutes } from './taps/apdu-routes.ts';
import { presentationRoutes } from './taps/presentation-routes.ts';
import { reportRoutes } from './taps/report-routes.ts';
import { tapExplanationRoutes, tapRoutes } from './taps/routes.ts';
import { terminalRoutes } from './terminals/routes.ts';
import { tillRoutes } from './terminals/till-routes.ts';
import { transferRoutes } from './transfers/routes.ts';
import { walletApiRoutes } from './wallet-api/routes.ts';
import { walletRoutes } from './wallets/routes.ts';
import { walletSyncRoutes } from './wallets/sync-routes.ts';

const TAP_BODY_BYTES = 16 * 1024;
const BODY_BYTES = 1024 * 1024;

/** Both HTTP faces, health, metrics and the reference, and the pages where they are served. */
export function createApp(service: Service, pages: Router | null = null): Router {
  const app = newRouter();
  app.use(observed(service));
  app.onError(failureHandler(service.log));
  app.notFound(unroutedHandler(app));

  app.route('/', operationRoutes(service));
  const itself = () => app;
  app.route('/', openApiRoutes(itself));
  app.route('/', problemPages());
  app.route('/', jwksRoutes(service));

  app.use('/v1/taps', strictBody(TAP_BODY_BYTES));
  app.route('/', tapRoutes(service));

  app.route('/', bulkListRoutes(service));
  app.route('/', apduRoutes(service));

  app.use('/v1/*', requireCaller(service), strictBody(BODY_BYTES));
  const native = [
    accessRoutes,
    walletRoutes,
    walletSyncRoutes,
    presentationRoutes,
    tapExplanationRoutes,
    reportRoutes,
    couponRoutes,
    oneCouponRoutes,
    transferRoutes,
    claimRoutes,
    bulkRoutes,
    exportRoutes,
    redemptionRoutes,
    holdRoutes,
    terminalRoutes,
    tillRoutes,
    counterRoutes,
    lineRoutes,
    standRoutes,
    numbersRoutes,
    auditRoutes,
    webhookRoutes,
    membershipRoutes,
  ];
  for (const routes of native) app.route('/', routes(service));
  app.route('/', walletApiRoutes(service));
  if (pages !== null) app.route('/', pages);
  return app;
}
