import { OpenAPIHono } from '@hono/zod-openapi';
import { requireCaller } from '../http/authentication.ts';
import { strictBody } from '../http/body.ts';
import type { AppEnv } from '../http/env.ts';
import type { Router } from '../http/router.ts';
import type { Service } from '../http/service.ts';
import { classResource } from './classes.ts';
import { fault, WalletApiError } from './envelope.ts';
import { inputFault, walletFailureHandler } from './failures.ts';
import { addIssuerRoutes } from './issuer-routes.ts';
import { objectResource } from './objects.ts';
import { addResourceRoutes } from './resource-routes.ts';
import { VERTICAL_TABLE } from './verticals.ts';

const BODY_BYTES = 1024 * 1024;

/** The Google Wallet face: issuers, and the classes and objects of every vertical. */
export function walletApiRoutes(service: Service): Router {
  const router = newWalletApiRouter(service);
  router.use('/walletobjects/*', requireCaller(service), strictBody(BODY_BYTES));
  addIssuerRoutes(router, service);
  for (const row of VERTICAL_TABLE) {
    addResourceRoutes(router, service, classResource(row));
    addResourceRoutes(router, service, objectResource(row));
  }
  router.all('/walletobjects/*', () => {
    throw noSuchMethod();
  });
  return router;
}

/** A router whose every failure is in Google's envelope. */
function newWalletApiRouter({ log }: Service): Router {
  const router = new OpenAPIHono<AppEnv>({
    defaultHook: (result) => {
      if (result.success) return;
      // POST to a resource is a method only with the header that makes it a patch.
      if (result.target === 'header') throw noSuchMethod();
      throw new WalletApiError(inputFault(result.error));
    },
  });
  router.onError(walletFailureHandler(log));
  return router;
}

function noSuchMethod(): WalletApiError {
  return new WalletApiError(fault(404, 'notFound', 'Method not found.'));
}
