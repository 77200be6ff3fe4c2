import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from '../../support/service.ts';
import { type Problem, told } from '../../support/service-client.ts';
import { type Fields, type Merchant, World } from '../../support/world.ts';

let service: TestService;
let world: World;
let shop: Merchant;
let other: Merchant;

beforeAll(async () => {
  service = await startTestService({ workers: false });
  world = new World(service);
  shop = await world.merchant();
  other = await world.merchant();
});
afterAll(() => service.stop());

const NOBODY = `wal_${'0'.repeat(26)}`;

test.each<[Fields, pointer: string]>([
  [{ displayName: '' }, '/displayName'],
  [{ displayName: 'x'.repeat(101) }, '/displayName'],
  [{ displayName: 7 }, '/displayName'],
  [{ displayName: null }, '/displayName'],
  [{ externalId: 'x'.repeat(201) }, '/externalId'],
  [{ email: 'ana' }, '/email'],
  [{ email: 'ana@example.com\r\nBcc: all@example.com' }, '/email'],
  [{ email: `${'x'.repeat(250)}@a.com` }, '/email'],
  [{ email: null }, '/email'],
  [{ plus: 'yes' }, '/plus'],
  [{ id: NOBODY }, '/id'],
  [{ issuerId: '1001' }, '/issuerId'],
  [{ pairwiseSecret: 'x' }, '/pairwiseSecret'],
])('a wallet with %j', async (fields, pointer) => {
  const answer = await shop.client.post<Problem>('/v1/wallets', fields);
  expect(told(answer)).toBe('422 invalid-request');
  expect(answer.body.errors?.map((error) => error.pointer)).toEqual([pointer]);
});

test.each([
  ['an issuer', () => shop.client],
  ['the platform', () => service.root],
])('an external id that %s has given before', async (_who, owner) => {
  await world.wallet(owner(), { externalId: 'taken' });
  const again = await owner().post('/v1/wallets', { externalId: 'taken' });
  expect(told(again)).toBe('409 already-exists');
});

describe('a pass that does not go into a wallet', () => {
  const add = (walletId: string, objectId: unknown, merchant = shop) =>
    merchant.client.post<Problem>(`/v1/wallets/${walletId}/passes`, { objectId });

  test('because another wallet holds it', async () => {
    const classId = await world.passClass(shop);
    const objectId = await world.pass(shop, classId, await world.wallet());
    expect(told(await add(await world.wallet(), objectId))).toBe('409 pass-already-held');
  });

  test('because one of 20 wallets that ask at once was the first', async () => {
    const classId = await world.passClass(shop);
    const id = `${shop.issuerId}.wanted`;
    const body = { id, classId, state: 'ACTIVE' };
    await shop.client.post('/walletobjects/v1/loyaltyObject', body);
    const wallets = await Promise.all(Array.from({ length: 20 }, () => world.wallet()));
    const answers = await Promise.all(wallets.map((walletId) => add(walletId, id)));
    const count = (what: string) => answers.filter((answer) => told(answer) === what).length;
    expect([count('201'), count('409 pass-already-held')]).toEqual([1, 19]);
  });

  test('because it is another issuer’s, or none', async () => {
    const walletId = await world.wallet();
    const theirs = await world.pass(other, await world.passClass(other), await world.wallet());
    expect(told(await add(walletId, theirs))).toBe('404 not-found');
    expect(told(await add(walletId, `${shop.issuerId}.nothing`))).toBe('404 not-found');
  });

  test('because the wallet is another issuer’s, or none', async () => {
    const objectId = await world.pass(shop, await world.passClass(shop), await world.wallet());
    expect(told(await add(await world.wallet(other.client), objectId))).toBe('404 not-found');
    expect(told(await add(NOBODY, objectId))).toBe('404 not-found');
  });

  test.each([null, 7, '', 'x', '1001', '1001.', '1001.a b', `1001.${'x'.repeat(201)}`])(
    'because %j is no id of a pass',
    async (objectId) => {
      const answer = await add(await world.wallet(), objectId);
      expect(told(answer)).toBe('422 invalid-request');
      expect(answer.body.errors?.[0]?.pointer).toBe('/objectId');
    },
  );
});

describe('what is not there', () => {
  test.each(['', '/passes', '/coupons', '/sync'])('GET /v1/wallets/{id}%s', async (rest) => {
    for (const id of [NOBODY, 'wal_x', '7', '%2e%2e', NOBODY.toUpperCase()]) {
      expect(told(await shop.client.get(`/v1/wallets/${id}${rest}`))).toBe('404 not-found');
    }
  });
});

test.each(['status=gone', 'status=', 'limit=1000', 'cursor=%00'])(
  'coupons asked for with %s',
  async (query) => {
    const answer = await shop.client.get(`/v1/wallets/${await world.wallet()}/coupons?${query}`);
    expect(told(answer)).toBe('422 invalid-request');
  },
);
