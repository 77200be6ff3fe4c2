import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from '../../support/service.ts';
import { type Claim, claim, type Merchant, type World, worldOf } from '../../support/world.ts';

let service: TestService;
let world: World;
let shop: Merchant;

beforeAll(async () => {
  service = await startTestService();
  world = worldOf(service);
  shop = await world.merchant();
});
afterAll(() => service.stop());

test('a claim is issued while the caller waits', async () => {
  const classId = await world.couponClass(shop);
  const walletId = await world.wallet();
  const begun = Date.now();
  const { status, body, headers } = await claim(shop.client, classId, { walletId });
  expect(status).toBe(201);
  expect(headers.get('location')).toBe(`/v1/claims/${body.id}`);
  expect(body).toEqual({
    id: expect.stringMatching(/^clm_[0-9a-z]{26}$/),
    classId,
    walletId,
    createdAt: expect.any(String),
    status: 'issued',
    coupon: {
      id: expect.stringMatching(/^cpn_[0-9a-z]{26}$/),
      classId,
      walletId,
      code: expect.stringMatching(/^[0-9A-Z]{26}$/),
      status: 'issued',
      availableAt: expect.any(String),
      expiresAt: expect.any(String),
      generation: 0,
      clonedFrom: null,
    },
  });
  const { availableAt = '', expiresAt = '' } = body.coupon ?? {};
  expect(Date.parse(availableAt)).toBeGreaterThan(begun - 2000);
  expect(Date.parse(expiresAt) - Date.parse(availableAt)).toBe(7 * 24 * 3_600_000);
});
