import { type PairingOutcome, pairTill } from '../../src/terminals/pair.ts';
import type { TestService } from './service.ts';
import { type Client, clientOf } from './service-client.ts';
import { expectStatus, type Merchant } from './world.ts';

export interface PairedTill {
  readonly id: string;
  readonly terminalId: string;
  readonly secret: string;
  readonly cookie: string;
  /** Calls as its browser does. */
  readonly client: Client;
}

export interface PairingCode {
  readonly code: string;
  readonly expiresAt: string;
  readonly url: string;
}

export async function pairingCode(shop: Merchant, terminalId: string): Promise<PairingCode> {
  const path = `/v1/terminals/${terminalId}/pairing-codes`;
  return expectStatus(await shop.client.post<PairingCode>(path), 201);
}

export function pair({ database }: Pick<TestService, 'database'>, code: string) {
  return database.transact<PairingOutcome>((tx) => pairTill(tx, { code }));
}

/** A browser that is paired with a terminal of that merchant. */
export async function pairedTill(
  service: TestService,
  shop: Merchant,
  terminalId: string,
  instance = 0,
): Promise<PairedTill> {
  const paired = await pair(service, (await pairingCode(shop, terminalId)).code);
  if (!paired.ok) throw new Error(`not paired: ${paired.refusal}`);
  const { till, secret } = paired;
  const client = tillClient(service.urls[instance] ?? '', secret);
  return { id: till.tillId, terminalId, secret, cookie: cookieOf(secret), client };
}

export function cookieOf(secret: string): string {
  return `tapline_till=${secret}`;
}

/** Calls with the cookie of a till and no key. */
export function tillClient(url: string, secret: string): Client {
  const nobody = clientOf(url, null);
  const cookie = { cookie: cookieOf(secret) };
  return {
    send: (method, path, init = {}) =>
      nobody.send(method, path, {
        ...init,
        headers: { ...cookie, ...Object.fromEntries(new Headers(init.headers)) },
      }),
    get: (path, headers) => nobody.get(path, { ...cookie, ...headers }),
    post: (path, body, headers) => nobody.post(path, body, { ...cookie, ...headers }),
    patch: (path, body, headers) => nobody.patch(path, body, { ...cookie, ...headers }),
    put: (path, body, headers) => nobody.put(path, body, { ...cookie, ...headers }),
    delete: (path, headers) => nobody.delete(path, { ...cookie, ...headers }),
  };
}

export function put<Body>(client: Client, path: string, body: unknown) {
  const headers = { 'Content-Type': 'application/json' };
  return client.send<Body>('PUT', path, { headers, body: JSON.stringify(body) });
}
