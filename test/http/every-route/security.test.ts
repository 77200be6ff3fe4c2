import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { holdsScope, SCOPES } from '../../../src/access/model.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import { type Client, told } from '../../support/service-client.ts';
import { expectStatus, type Merchant, World } from '../../support/world.ts';
import { everyRoute, type OwnedRequest } from '../../support/world-routes.ts';

let service: TestService;
let world: World;
let owner: Merchant;
let stranger: Merchant;
let routes: OwnedRequest[];

beforeAll(async () => {
  service = await startTestService();
  world = new World(service);
  owner = await world.merchant();
  stranger = await world.merchant();
  routes = await everyRoute(world, owner);
});
afterAll(() => service.stop());

const send = (client: Client, { method, path, body }: OwnedRequest) =>
  method === 'POST'
    ? client.post(path, body)
    : method === 'PUT'
      ? client.send(method, path, {
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(body),
        })
      : method === 'PATCH'
        ? client.patch(path, body)
        : method === 'DELETE'
          ? client.delete(path)
          : client.get(path);

/** What each route answers to a caller, while nothing changes. */
async function answersTo(client: (route: OwnedRequest) => Promise<Client> | Client) {
  const before = await service.everything();
  const answers: Record<string, string> = {};
  for (const route of routes) {
    answers[route.operationId] = told(await send(await client(route), route));
  }
  expect(await service.everything()).toEqual(before);
  return answers;
}

const all = (answer: string) =>
  Object.fromEntries(routes.map(({ operationId }) => [operationId, answer]));

interface OpenApi {
  readonly paths: Record<string, Record<string, { operationId: string; security?: unknown[] }>>;
}

/** Octets and no JSON (taps/apdu.test.ts), what only a till asks or has (counter/refused.test.ts). */
const TRIED_ELSEWHERE = new Set([
  'exchangeApdu',
  'listenToTerminal',
  'getOwnTill',
  'getVisitor',
  'setListening',
  'showOnDisplay',
  'unpairTill',
]);

test('every route of the reference that takes a key is tried here', async () => {
  const { text } = await service.nobody.get('/openapi.yaml');
  const { paths } = parse(text) as OpenApi;
  const native = Object.entries(paths).filter(([path]) => path.startsWith('/v1/'));
  const operations = native.flatMap(([, methods]) => Object.values(methods));
  const needKey = operations.filter(({ security }) => security?.length !== 0);
  const others = needKey.filter(({ operationId }) => !TRIED_ELSEWHERE.has(operationId));
  const documented = others.map(({ operationId }) => operationId).sort();
  expect(routes.map(({ operationId }) => operationId).sort()).toEqual(documented);
  expect(operations.length - needKey.length).toBe(1);
});

describe('every route refuses', () => {
  test('a caller without a key', async () => {
    expect(await answersTo(() => service.nobody)).toEqual(all('401 unauthenticated'));
  });

  test('a key that is none', async () => {
    const forged = service.as(`tk_live_${'0'.repeat(16)}_${'0'.repeat(49)}`);
    expect(await answersTo(() => forged)).toEqual(all('401 unauthenticated'));
  });

  test('a key that may do everything else', async () => {
    const keyWithout = async ({ scope }: OwnedRequest) => {
      const others = SCOPES.filter((held) => {
        const caller = { kind: 'key', keyId: '', issuerId: '', mode: 'live' } as const;
        return !holdsScope({ ...caller, scopes: [held] }, scope);
      });
      return service.as(await keyOf(others));
    };
    const keys = new Map<string, Promise<Client>>();
    for (const route of routes) {
      if (!keys.has(route.scope)) keys.set(route.scope, keyWithout(route));
    }
    await Promise.all(keys.values());
    const client = ({ scope }: OwnedRequest) => keys.get(scope) ?? service.nobody;
    expect(await answersTo(client)).toEqual(all('403 forbidden'));
  });
});

const keyOf = (scopes: readonly string[]) => world.keyFor(owner.issuerId, scopes);

describe('a stranger with every scope', () => {
  test('is told of nothing that is the owner’s: 404, never 403', async () => {
    const answers = await answersTo(({ toStrangers }) =>
      toStrangers === null ? service.nobody : stranger.client,
    );
    const expected = routes.map(({ operationId, toStrangers }) => [
      operationId,
      toStrangers === null ? '401 unauthenticated' : `404 ${toStrangers}`,
    ]);
    expect(answers).toEqual(Object.fromEntries(expected));
  });

  test('finds none of it in the lists', async () => {
    for (const path of ['/v1/api-keys', '/v1/coupon-classes', '/v1/webhooks']) {
      const { status, text } = await stranger.client.get(`${path}?limit=200`);
      expect(status).toBe(200);
      expect(text).not.toContain(`"${owner.issuerId}"`);
    }
  });

  test('does not mix its own things with the owner’s', async () => {
    const [walletId, classId] = [
      await world.wallet(stranger.client),
      await world.couponClass(stranger),
    ];
    const owned = (operationId: string) =>
      routes.find((route) => route.operationId === operationId)?.body ?? {};
    const claims = `/v1/coupon-classes/${classId}/claims`;
    const { client, collectorId, issuerId } = stranger;
    const before = await service.everything();
    const passes = `/v1/wallets/${walletId}/passes`;
    expect(told(await client.post(passes, owned('addPassToWallet')))).toBe('404 not-found');
    const order = { ...owned('redeemCoupon'), collectorId };
    const redeemed = await client.post('/v1/redemptions/quote', order);
    expect(redeemed.body).toMatchObject({ refusal: 'issuer-not-authorised' });
    const terminal = { ...owned('createTerminal'), issuerId };
    expect(told(await client.post('/v1/terminals', terminal))).toBe('404 not-found');
    expect(await service.everything()).toEqual(before);
    expect(told(await client.post(claims, owned('claimCoupon')))).toBe('404 wallet-not-found');
  });
});

test('a cursor goes on with its own list only', async () => {
  const { client, issuerId } = await world.merchant();
  const merchant = { ...owner, client, issuerId };
  const walletId = await world.wallet(client);
  const passClass = await world.passClass(merchant);
  for (const id of ['a', 'b']) {
    await world.keyFor(issuerId);
    await world.couponClass(merchant);
    await world.pass(merchant, passClass, walletId);
    await client.post('/v1/stores', { id, issuerId, name: id });
    await client.post('/v1/terminals', { id, issuerId, storeId: id, name: id });
  }
  const wallet = `/v1/wallets/${walletId}`;
  const bound = ['/v1/api-keys', '/v1/stores', '/v1/terminals', `${wallet}/passes`];
  for (const list of [...bound, '/v1/coupon-classes']) {
    const { body } = await client.get<{ nextCursor: string | null }>(`${list}?limit=1`);
    expect(body.nextCursor).not.toBeNull();
    const cursor = `cursor=${body.nextCursor}`;
    expect(told(await client.get(`${list}?${cursor}`))).toBe('200');
    for (const other of bound.filter((path) => path !== list)) {
      expect(told(await client.get(`${other}?${cursor}`))).toBe('422 invalid-request');
    }
  }
});

describe('a key with just the scope of a route', () => {
  test('is not refused for its rights', async () => {
    const refusedForRights: string[] = [];
    for (const route of routes) {
      const client = service.as(await keyOf([route.scope]));
      const { status } = await send(client, route);
      if (status === 401 || status === 403 || status >= 500) {
        refusedForRights.push(`${route.operationId}: ${status}`);
      }
    }
    expect(refusedForRights).toEqual([]);
  });

  test('of reading may not write, and of writing may read', async () => {
    const reader = service.as(await keyOf(['wallets:read']));
    const writer = service.as(await keyOf(['wallets:write']));
    const path = `/v1/wallets/${await world.wallet(owner.client)}`;
    expectStatus(await reader.get(path), 200);
    expectStatus(await writer.get(path), 200);
    expect(told(await reader.post('/v1/wallets', {}))).toBe('403 forbidden');
  });
});
