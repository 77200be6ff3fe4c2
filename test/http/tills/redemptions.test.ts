import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestService, type TestService } from '../../support/service.ts';
import { type Client, told } from '../../support/service-client.ts';
import { type PairedTill, pairedTill } from '../../support/tills.ts';
import {
  expectStatus,
  type Fields,
  type Merchant,
  redemption,
  World,
} from '../../support/world.ts';

// A paired till redeems at its own terminal, and takes back what was redeemed in its own store.
let service: TestService;
let world: World;
let shop: Merchant;
let till: PairedTill;
let neighbour: PairedTill;
let elsewhere: PairedTill;

beforeAll(async () => {
  service = await startTestService();
  world = new World(service);
  shop = await world.merchant();
  await world.store(shop, 'harbour');
  await world.store(shop, 'station');
  const { issuerId } = shop;
  const second = { id: 'till-2', issuerId, storeId: 'harbour', name: 'Second' };
  expectStatus(await shop.client.post('/v1/terminals', second), 201);
  till = await pairedTill(service, shop, 'till-harbour');
  neighbour = await pairedTill(service, shop, 'till-2');
  elsewhere = await pairedTill(service, shop, 'till-station');
});
afterAll(() => service?.stop());

interface Made {
  readonly id: string;
  readonly terminalId: string | null;
  readonly storeId: string | null;
}

const redeemed = async (client: Client, fields: Fields = {}) => {
  const { code } = await world.newCoupon(shop);
  const answer = await client.post<Made>('/v1/redemptions', redemption(shop, code, fields));
  return expectStatus(answer, 201).id;
};
const reversal = async ({ client }: PairedTill, id: string) =>
  told(await client.post(`/v1/redemptions/${id}/reversal`));

test('it redeems at its own terminal, which it need not name', async () => {
  const ids = [
    await redeemed(till.client),
    await redeemed(till.client, { terminalId: 'till-harbour' }),
  ];
  for (const id of ids) {
    const found = await till.client.get<Made>(`/v1/redemptions/${id}`);
    expect(found.body).toMatchObject({ terminalId: 'till-harbour', storeId: 'harbour' });
  }
});

test('and at no other, nor for another merchant', async () => {
  const coupon = await world.newCoupon(shop);
  const other = await world.merchant();
  for (const path of ['/v1/redemptions', '/v1/redemptions/quote']) {
    for (const terminalId of ['till-station', 'till-2', 'nowhere']) {
      const body = redemption(shop, coupon.code, { terminalId });
      expect(told(await till.client.post(path, body))).toBe('403 forbidden');
    }
    const foreign = redemption(other, coupon.code);
    expect(told(await till.client.post(path, foreign))).toBe('404 collector-not-found');
    expect(told(await till.client.post(path, { ...foreign, collectorId: '7' }))).toBe(
      '404 collector-not-found',
    );
  }
});

test('it takes back what was redeemed in its store, and nothing else', async () => {
  expect(await reversal(till, await redeemed(till.client))).toBe('201');
  expect(await reversal(neighbour, await redeemed(till.client))).toBe('201');
  const theirs = await redeemed(till.client);
  expect(await reversal(elsewhere, theirs)).toBe('404 not-found');
  expect(await reversal(elsewhere, await redeemed(shop.client))).toBe('404 not-found');
  expect(await reversal(till, theirs)).toBe('201');
});

test('it confirms and releases what its store holds, and nothing else', async () => {
  for (const what of ['confirmation', 'release']) {
    const held = await redeemed(till.client, { hold: { seconds: 60 } });
    const settle = async ({ client }: PairedTill) =>
      told(await client.post(`/v1/redemptions/${held}/${what}`));
    expect(await settle(elsewhere)).toBe('404 not-found');
    expect(await settle(neighbour)).toBe('200');
  }
});

test('it may do nothing else of its issuer’s', async () => {
  const { issuerId } = shop;
  const { client } = till;
  const answers = [
    await client.post('/v1/stores', { issuerId, name: 'S' }),
    await client.post('/v1/terminals/till-harbour/pairing-codes'),
    await client.delete(`/v1/tills/${neighbour.id}`),
    await client.patch('/v1/terminals/till-harbour', { name: 'Mine' }),
    await client.post('/v1/api-keys', { issuerId, scopes: ['*'], mode: 'live' }),
    await client.get('/v1/api-keys'),
    await client.post('/v1/wallets', {}),
    await client.post('/v1/coupon-classes', world.couponClassBody(shop)),
    await client.get('/v1/audit/entries'),
    await client.get(`/walletobjects/v1/issuer/${issuerId}`),
  ];
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 403));
});
