import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from '../../support/service.ts';
import { told } from '../../support/service-client.ts';
import { type Coupon, type Merchant, redeem, World } from '../../support/world.ts';
import { accept, expire, hold, inHands, opened } from '../../support/world-transfers.ts';

let service: TestService;
let world: World;
let shop: Merchant;
let stranger: Merchant;

beforeAll(async () => {
  service = await startTestService();
  world = new World(service);
  shop = await world.merchant();
  stranger = await world.merchant();
});
afterAll(() => service.stop());

async function newCoupon(): Promise<Coupon> {
  const classId = await world.couponClass(shop, { transferable: true });
  return world.coupon(shop, classId, await world.wallet());
}

const voided = (id: string, by = shop, body?: unknown) =>
  by.client.post(`/v1/coupons/${id}/void`, body);

describe('a coupon is not voided', () => {
  test.each<[why: string, code: string, spoil: (coupon: Coupon) => Promise<unknown>]>([
    ['that is used', 'coupon-already-redeemed', ({ code }) => redeem(shop, code)],
    [
      'that was given away',
      'coupon-already-redeemed',
      async ({ id }) => {
        const { token } = await opened(shop.client, id);
        return accept(service.root, token, await world.wallet());
      },
    ],
    ['whose time is over', 'coupon-expired', ({ id }) => expire(service, id)],
    ['that a till holds', 'coupon-held', ({ id }) => hold(service, id, 60)],
  ])('%s: %s', async (_why, code, spoil) => {
    const coupon = await newCoupon();
    await spoil(coupon);
    const before = await inHands(service);
    expect(told(await voided(coupon.id))).toBe(`409 ${code}`);
    expect(await inHands(service)).toEqual(before);
    const [entry] = await service.sql(
      `select outcome from audit_entries where subject = $1 and action = 'coupon.void'`,
      [coupon.id],
    );
    expect(entry).toEqual({ outcome: code });
  });

  test('by anyone but its issuer', async () => {
    const { id } = await newCoupon();
    const before = await inHands(service);
    expect(told(await voided(id, stranger))).toBe('404 not-found');
    expect(told(await stranger.client.get(`/v1/coupons/${id}`))).toBe('404 not-found');
    expect(await inHands(service)).toEqual(before);
  });

  test('by the keeper of its wallet', async () => {
    const walletId = await world.wallet(stranger.client);
    const { id, code } = await newCoupon();
    const { token } = await opened(shop.client, id);
    const taken = await accept(stranger.client, token, walletId);
    expect(taken.body.coupon.code).not.toBe(code);
    expect(told(await voided(taken.body.coupon.id, stranger))).toBe('404 not-found');
    expect((await voided(taken.body.coupon.id)).status).toBe(200);
  });

  test('that does not exist', async () => {
    const nothing = `cpn_${'0'.repeat(26)}`;
    expect(told(await voided(nothing))).toBe('404 not-found');
    expect(told(await shop.client.get(`/v1/coupons/${nothing}`))).toBe('404 not-found');
  });

  test('with a reason that nobody asks for', async () => {
    const { id } = await newCoupon();
    expect(told(await voided(id, shop, { reason: 'fraud' }))).toBe('422 invalid-request');
    expect((await shop.client.get(`/v1/coupons/${id}`)).body).toMatchObject({ status: 'issued' });
  });
});
