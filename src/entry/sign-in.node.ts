import * as openid from 'openid-client';
import type { SignedIn, SignInProvider, SignInRequest } from '../members/sign-in-provider.ts';
import type { Config, SignInSettings } from '../platform/config.ts';
import { errorFacts, type Log } from '../platform/log.ts';

const MOST_NAME = 40;

/** Where members of a process with these settings sign in; null where they do not. */
export function signInProviderOf({ signIn }: Pick<Config, 'signIn'>, log: Log) {
  return signIn === null ? null : openSignInProvider(signIn, log);
}

/**
 * An OpenID provider: code flow with PKCE, state and nonce. What it offers is read at the first
 * sign-in, so that the service starts without it.
 */
export function openSignInProvider(settings: SignInSettings, log: Log): SignInProvider {
  const { issuer } = settings;
  let discovered: Promise<openid.Configuration> | null = null;
  const configuration = () => {
    discovered ??= discover(settings).catch((error: unknown) => {
      discovered = null;
      throw error;
    });
    return discovered;
  };
  const orNull = <T>(step: string, work: () => Promise<T>): Promise<T | null> =>
    work().catch((error: unknown) => {
      log.warn('sign-in failed', { step, ...errorFacts(error) });
      return null;
    });
  return {
    issuer,
    begin: (request) =>
      orNull('begin', async () => authorizationUrl(await configuration(), request)),
    finish: (callback, request) =>
      orNull('finish', async () => signedIn(await configuration(), callback, request)),
  };
}

function discover({ issuer, clientId, clientSecret }: SignInSettings) {
  const insecure = new URL(issuer).protocol === 'http:';
  return openid.discovery(
    new URL(issuer),
    clientId,
    clientSecret,
    undefined,
    insecure ? { execute: [openid.allowInsecureRequests] } : {},
  );
}

async function authorizationUrl(
  configuration: openid.Configuration,
  { redirectUri, state, nonce, codeVerifier }: SignInRequest,
): Promise<URL> {
  return openid.buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope: 'openid profile',
    state,
    nonce,
    code_challenge: await openid.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
  });
}

/** @throws for an answer that anything is wrong with: its state, its code, its signature, its nonce */
async function signedIn(
  configuration: openid.Configuration,
  callback: URL,
  { redirectUri, state, nonce, codeVerifier }: SignInRequest,
): Promise<SignedIn> {
  const current = new URL(redirectUri);
  current.search = callback.search;
  const tokens = await openid.authorizationCodeGrant(configuration, current, {
    pkceCodeVerifier: codeVerifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (claims === undefined) throw new Error('the provider gave no ID token');
  const { sub: subject } = claims;
  const name =
    nameIn(claims) ?? nameIn(await profileOf(configuration, tokens.access_token, subject));
  return { subject, name };
}

/** What the provider tells of the person elsewhere; a sign-in does not fail for it. */
async function profileOf(configuration: openid.Configuration, token: string, subject: string) {
  if (configuration.serverMetadata().userinfo_endpoint === undefined) return {};
  return openid.fetchUserInfo(configuration, token, subject).catch(() => ({}));
}

function nameIn(claims: Readonly<Record<string, unknown>>): string | null {
  const { nickname, name } = claims;
  const told = [nickname, name].find((text) => typeof text === 'string' && text.trim() !== '');
  return typeof told === 'string' ? told.trim().slice(0, MOST_NAME) : null;
}
