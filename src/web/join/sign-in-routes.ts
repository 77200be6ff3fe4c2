import type { AppContext } from '../../http/env.ts';
import { newRouter, type Router } from '../../http/router.ts';
import type { Service } from '../../http/service.ts';
import { renewDeviceSecret } from '../../members/device.ts';
import { beginSignIn, joinSignedIn, proveSignIn, type SignInParts } from '../../members/sign-in.ts';
import { ProblemError } from '../../problems/answer.ts';
import { anyDevice, deviceOf, rememberDevice } from '../device-cookie.ts';
import { ownPath } from '../return-path.ts';

/** To the OpenID provider and back. */
export function signInRoutes(service: Service): Router {
  const router = newRouter();
  const { database } = service;
  const redirectUri = `${service.origin}/join/signed-in`;

  router.get('/join/sign-in', async (c) => {
    const parts = partsOf(service);
    const returnTo = ownPath(c.req.query('returnTo'));
    const device = await anyDevice(c, database);
    const to = await beginSignIn(parts, { device, returnTo, redirectUri });
    return to === null ? failed(c, returnTo) : c.redirect(to.href, 302);
  });

  router.get('/join/signed-in', async (c) => {
    const parts = partsOf(service);
    const device = await deviceOf(c, database.reads);
    const state = c.req.query('state');
    if (device === null || state === undefined) return failed(c, ownPath(undefined));
    const callback = new URL(c.req.url);
    const proven = await proveSignIn(parts, { device, state, callback, redirectUri });
    if (proven === null) return failed(c, ownPath(undefined));
    const secret = await database.transact(async (tx) => {
      const joined = await joinSignedIn(tx, device.id, proven);
      return joined === null ? null : renewDeviceSecret(tx, device.id);
    });
    if (secret === null) return failed(c, proven.returnTo);
    rememberDevice(c, secret);
    return c.redirect(proven.returnTo, 303);
  });

  return router;
}

function failed(c: AppContext, returnTo: string): Response {
  return c.redirect(`/join?failed=sign-in&returnTo=${encodeURIComponent(returnTo)}`, 303);
}

/** @throws ProblemError `not-found` where members do not sign in */
function partsOf({ database, sealer, signInProvider: provider }: Service): SignInParts {
  if (sealer === null || provider === null) throw new ProblemError('not-found');
  return { database, sealer, provider };
}
