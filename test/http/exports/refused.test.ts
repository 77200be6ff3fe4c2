import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestService, type TestService } from '../../support/service.ts';
import { told } from '../../support/service-client.ts';
import { type Merchant, World } from '../../support/world.ts';

let service: TestService;
let world: World;
let shop: Merchant;
let classId: string;

beforeAll(async () => {
  service = await startTestService({ workers: false });
  world = new World(service);
  shop = await world.merchant();
  classId = await world.couponClass(shop);
});
afterAll(() => service.stop());

const FILES = ['coupons.csv', 'claims.csv'];

test.each(FILES)('%s of a class that is not the caller’s, or not there', async (file) => {
  const { client } = await world.merchant();
  for (const id of [classId, `${shop.issuerId}.gone`, 'x', '..']) {
    const answer = await client.get(`/v1/coupon-classes/${id}/${file}`);
    expect(told(answer)).toBe('404 not-found');
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  }
});

test.each(FILES)('%s for a caller without a key, or whose key may not', async (file) => {
  const path = `/v1/coupon-classes/${classId}/${file}`;
  expect(told(await service.nobody.get(path))).toBe('401 unauthenticated');
  const other = service.as(await world.keyFor(shop.issuerId, ['coupon-classes:write']));
  expect(told(await other.get(path))).toBe('403 forbidden');
});

test.each([
  ['coupons.csv', 'gone'],
  ['coupons.csv', 'pending'],
  ['coupons.csv', ''],
  ['claims.csv', 'redeemed'],
  ['claims.csv', 'pending'],
])('%s of a status that is none: %j', async (file, status) => {
  const answer = await shop.client.get(`/v1/coupon-classes/${classId}/${file}?status=${status}`);
  expect(told(answer)).toBe('422 invalid-request');
});
