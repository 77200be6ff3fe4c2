import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from '../../support/service.ts';
import {
  type Coupon,
  expectStatus,
  type Fields,
  type Merchant,
  redemption,
  tap,
  World,
} from '../../support/world.ts';

let service: TestService;
let world: World;
let shop: Merchant;
let partner: Merchant;

beforeAll(async () => {
  service = await startTestService();
  world = new World(service);
  shop = await world.merchant();
  partner = await world.merchant();
  await world.store(shop, 'harbour');
  await world.store(shop, 'station');
  await world.store(partner, 'harbour');
});
afterAll(() => service.stop());

/** A coupon of the shop, which the partner may redeem too. */
async function couponIn(walletId: string, limits: Fields): Promise<Coupon> {
  const redemptionIssuers = [shop.issuerId, partner.issuerId];
  const classId = await world.couponClass(shop, { redemptionIssuers, ...limits });
  return world.coupon(shop, classId, walletId);
}

/** `sent`, or why not in the words of the explanation; the terminal has got accordingly. */
async function tapTells(coupon: Coupon, at: Merchant, terminal: string | null): Promise<string> {
  const { token } = await world.present(coupon.walletId);
  const tapped = expectStatus(await tap(service.nobody, at.terminal, token, { terminal }), 200);
  const path = `/v1/taps/${tapped.id}/explanation`;
  const { body } = await shop.client.get<{ coupons: { step: string }[] }>(path);
  const told = { id: coupon.id, classId: coupon.classId };
  const step = body.coupons[0]?.step ?? 'untold';
  const sent = step === 'sent';
  expect(body.coupons).toEqual([{ ...told, sent, step }]);
  expect(tapped.coupons.map(({ id }) => id)).toEqual(sent ? [coupon.id] : []);
  return step;
}

/** What a redemption there would come to. */
async function quoteTells(coupon: Coupon, at: Merchant, terminal: string | null): Promise<string> {
  const asked = redemption(at, coupon.code, terminal === null ? {} : { terminalId: terminal });
  const path = '/v1/redemptions/quote';
  const { body } = await at.client.post<{ refusal: string | null }>(path, asked);
  return body.refusal ?? 'sent';
}

describe('a coupon that is limited reaches the terminals where it may be redeemed', () => {
  const inHarbour = { stores: ['harbour'] };
  test.each<[step: string, limits: Fields, at: 'shop' | 'partner', terminal: string | null]>([
    ['sent', inHarbour, 'shop', 'till-harbour'],
    ['store-not-eligible', inHarbour, 'shop', 'till-station'],
    ['store-not-eligible', inHarbour, 'shop', 'till-of-nobody'],
    ['store-not-eligible', inHarbour, 'shop', null],
    ['store-not-eligible', inHarbour, 'partner', 'till-harbour'],
    ['sent', {}, 'shop', null],
    ['sent', {}, 'partner', 'till-of-nobody'],
    ['sent', { scene: 'in_store' }, 'shop', 'till-of-nobody'],
    ['scene-not-allowed', { scene: 'online' }, 'shop', 'till-harbour'],
    ['scene-not-allowed', { scene: 'online' }, 'partner', 'till-of-nobody'],
  ])('%s: %j at the %s, terminal %s', async (step, limits, where, terminal) => {
    const at = where === 'shop' ? shop : partner;
    const coupon = await couponIn(await world.wallet(), limits);
    expect(await tapTells(coupon, at, terminal)).toBe(step);
    expect(await quoteTells(coupon, at, terminal)).toBe(step);
  });

  test.each([
    ['in_store', 'sent'],
    ['online', 'scene-not-allowed'],
  ])('%s, where no terminal is named: %s', async (scene, step) => {
    const coupon = await couponIn(await world.wallet(), { scene });
    expect(await tapTells(coupon, shop, null)).toBe(step);
  });
});

describe('a coupon for members reaches the terminal', () => {
  test('while its holder has a pass of the class it names', async () => {
    const gold = await world.passClass(shop, { redemptionIssuers: [] });
    const walletId = await world.wallet();
    const pass = await world.pass(shop, gold, walletId);
    const coupon = await couponIn(walletId, { memberClasses: [gold] });
    expect(await tapTells(coupon, shop, 'till-harbour')).toBe('sent');
    const path = `/walletobjects/v1/loyaltyObject/${pass}`;
    expectStatus(await shop.client.patch(path, { state: 'INACTIVE' }), 200);
    expect(await tapTells(coupon, shop, 'till-harbour')).toBe('member-not-eligible');
    expect(await quoteTells(coupon, shop, 'till-harbour')).toBe('member-not-eligible');
  });

  test('while its holder has PLUS', async () => {
    const walletId = await world.wallet();
    const plus = (on: boolean) =>
      service.sql('update wallets set plus = $2 where id = $1', [walletId, on]);
    await plus(true);
    const coupon = await couponIn(walletId, { plusOnly: true });
    expect(await tapTells(coupon, shop, 'till-harbour')).toBe('sent');
    await plus(false);
    expect(await tapTells(coupon, shop, 'till-harbour')).toBe('member-not-eligible');
    expect(await quoteTells(coupon, shop, 'till-harbour')).toBe('member-not-eligible');
  });
});

test('the coupons that are lost first come first', async () => {
  const walletId = await world.wallet();
  const lasting = (validDays: number) =>
    couponIn(walletId, { validity: { kind: 'relative', availableAfterHours: 0, validDays } });
  const [week, day, month] = [await lasting(7), await lasting(1), await lasting(30)];
  const { token } = await world.present(walletId);
  const { coupons } = expectStatus(await tap(service.nobody, shop.terminal, token), 200);
  expect(coupons.map(({ id }) => id)).toEqual([day.id, week.id, month.id]);
});
