import { newRouter, type Router } from '../http/router.ts';
import type { Service } from '../http/service.ts';
import { assetRoutes } from './asset-routes.ts';
import type { Assets } from './assets.ts';
import { claimPageRoutes } from './claim/claim-routes.tsx';
import { sessionRoutes } from './claim/session-routes.ts';
import { counterRoutes } from './counter/counter-routes.tsx';
import { displayRoutes } from './display/display-routes.tsx';
import { joinRoutes } from './join/join-routes.tsx';
import { signInRoutes } from './join/sign-in-routes.ts';
import { materialRoutes } from './material/material-routes.tsx';
import { pairingRoutes } from './pairing/pairing-routes.tsx';
import { walletCouponRoutes } from './wallet/coupon-routes.tsx';
import { walletDataRoutes } from './wallet/data-routes.ts';
import { walletGiftRoutes } from './wallet/gift-routes.tsx';
import { walletHistoryRoutes } from './wallet/history-routes.tsx';
import { walletHomeRoutes } from './wallet/home-routes.tsx';
import { walletInstallationRoutes } from './wallet/installation-routes.tsx';
import { walletPassRoutes } from './wallet/pass-routes.tsx';
import { walletSettingsRoutes } from './wallet/settings-routes.tsx';
import { writingRoutes } from './writing/writing-routes.tsx';

const WALLET = [
  walletHomeRoutes,
  walletPassRoutes,
  walletCouponRoutes,
  walletGiftRoutes,
  walletHistoryRoutes,
  walletSettingsRoutes,
  walletDataRoutes,
  walletInstallationRoutes,
];

/** All pages. */
export function webRoutes(service: Service, assets: Assets): Router {
  const router = newRouter();
  router.route('/', assetRoutes(assets));
  router.route('/', joinRoutes(service, assets));
  router.route('/', signInRoutes(service));
  router.route('/', claimPageRoutes(service, assets));
  router.route('/', sessionRoutes(service));
  for (const routes of WALLET) router.route('/', routes(service, assets));
  router.route('/', counterRoutes(service, assets));
  router.route('/', pairingRoutes(service, assets));
  router.route('/', displayRoutes(service, assets));
  router.route('/', writingRoutes(service, assets));
  router.route('/', materialRoutes(service));
  return router;
}
