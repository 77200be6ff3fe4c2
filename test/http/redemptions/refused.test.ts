import { beforeAll, describe, expect, test } from 'vitest';
import { localTime } from '../../../src/coupons/calendar-rules.ts';
import { makeClone } from '../../../src/redemptions/clone.ts';
import { type Problem, told } from '../../support/service-client.ts';
import { openShop } from '../../support/shop.ts';
import {
  type Coupon,
  type Fields,
  minutesFromNow,
  redeem,
  redemption,
} from '../../support/world.ts';

const { service, world, shop } = await openShop();
const partner = await world.merchant();
for (const id of ['harbour', 'airport']) await world.store(shop, id);

const newCoupon = (fields?: Fields) => world.newCoupon(shop, fields);

const line = (fields: Fields) => ({ sku: 'bun', quantity: 1, unitPriceMinor: 4800, ...fields });
const order = (...lines: Fields[]) => ({ order: { id: 'o', currency: 'CNY', lines } });

/** A refused redemption: the code, while the coupon is still good and nobody owes a clone. */
async function refusalOf(coupon: Coupon, fields: Fields = {}, till = shop): Promise<string> {
  const answer = await redeem(till, coupon.code, fields);
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const rows = await service.sql('select from redemptions where coupon_id = $1', [coupon.id]);
  expect(rows).toEqual([]);
  return told(answer);
}

describe('the coupon', () => {
  test('is not usable yet', async () => {
    const validity = { kind: 'relative', availableAfterHours: 1, validDays: 1 };
    expect(await refusalOf(await newCoupon({ validity }))).toBe('409 coupon-not-yet-available');
  });

  test('is for other hours of the week', async () => {
    const timeZone = 'Pacific/Auckland';
    const { weekday } = localTime(new Date(Date.now() - 2 * 86_400_000), timeZone);
    const useHours = [{ days: [weekday], from: '00:00', to: '23:59' }];
    const coupon = await newCoupon({ timeZone, useHours });
    expect(await refusalOf(coupon)).toBe('409 outside-use-hours');
    const all = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
    const always = await newCoupon({
      timeZone,
      useHours: [
        { days: all, from: '00:00', to: '12:00' },
        { days: all, from: '12:00', to: '00:00' },
      ],
    });
    expect((await redeem(shop, always.code)).status).toBe(201);
  });

  test('has expired, whether or not a worker has written it', async () => {
    const coupon = await newCoupon();
    await service.sql('update coupons set expires_at = clock_timestamp() where id = $1', [
      coupon.id,
    ]);
    expect(await refusalOf(coupon)).toBe('409 coupon-expired');
    await service.sql(`update coupons set status = 'expired' where id = $1`, [coupon.id]);
    expect(await refusalOf(coupon)).toBe('409 coupon-expired');
  });

  test('was redeemed', async () => {
    const coupon = await newCoupon();
    expect((await redeem(shop, coupon.code)).status).toBe(201);
    expect(told(await redeem(shop, coupon.code))).toBe('409 coupon-already-redeemed');
  });

  test('was withdrawn with its class', async () => {
    const coupon = await newCoupon();
    const path = `/v1/coupon-classes/${coupon.classId}/void`;
    await shop.client.post(path, { issuedToo: true });
    expect(await refusalOf(coupon)).toBe('409 coupon-voided');
  });

  test('is not there', async () => {
    expect(told(await redeem(shop, 'X'.repeat(26)))).toBe('404 coupon-not-found');
    const quote = await shop.client.post('/v1/redemptions/quote', redemption(shop, 'NONE'));
    expect(told(quote)).toBe('404 coupon-not-found');
  });
});

describe('the till', () => {
  test('of an issuer that the class does not list, the coupon’s own included', async () => {
    expect(await refusalOf(await newCoupon(), {}, partner)).toBe('409 issuer-not-authorised');
    const elsewhere = await newCoupon({ redemptionIssuers: [partner.issuerId] });
    expect(await refusalOf(elsewhere)).toBe('409 issuer-not-authorised');
  });

  test('in another store, or in none', async () => {
    const coupon = await newCoupon({ stores: ['harbour'] });
    for (const terminalId of ['till-airport', 'till-of-nobody', undefined]) {
      expect(await refusalOf(coupon, { terminalId })).toBe('409 store-not-eligible');
    }
    expect((await redeem(shop, coupon.code, { terminalId: 'till-harbour' })).status).toBe(201);
  });

  test('in a partner’s store that happens to have the same id', async () => {
    await world.store(partner, 'harbour');
    const redemptionIssuers = [shop.issuerId, partner.issuerId];
    const coupon = await newCoupon({ stores: ['harbour'], redemptionIssuers });
    const told = await refusalOf(coupon, { terminalId: 'till-harbour' }, partner);
    expect(told).toBe('409 store-not-eligible');
  });

  test('in the wrong scene', async () => {
    const inStore = await newCoupon({ scene: 'in_store' });
    expect(await refusalOf(inStore, { scene: 'online' })).toBe('409 scene-not-allowed');
    const online = await newCoupon({ scene: 'online' });
    expect(await refusalOf(online, { terminalId: 'till-harbour' })).toBe('409 scene-not-allowed');
    expect((await redeem(shop, online.code, { scene: 'online' })).status).toBe(201);
    expect((await redeem(shop, inStore.code, { terminalId: 'till-harbour' })).status).toBe(201);
  });

  test('with the collector ID of another, or of nobody', async () => {
    const coupon = await newCoupon();
    for (const collectorId of [partner.collectorId, '99999999']) {
      expect(await refusalOf(coupon, { collectorId })).toBe('404 collector-not-found');
    }
  });
});

describe('the member', () => {
  test('is no longer what the class asks for', async () => {
    const gold = await world.passClass(shop);
    const classId = await world.couponClass(shop, { memberClasses: [gold] });
    const walletId = await world.wallet();
    const pass = await world.pass(shop, gold, walletId);
    const coupon = await world.coupon(shop, classId, walletId);
    const path = `/walletobjects/v1/loyaltyObject/${pass}`;
    await shop.client.patch(path, { state: 'INACTIVE' });
    expect(await refusalOf(coupon)).toBe('409 member-not-eligible');
    await shop.client.patch(path, { state: 'ACTIVE' });
    expect((await redeem(shop, coupon.code)).status).toBe(201);
  });
});

describe('the order', () => {
  test.each<[what: string, Fields, Fields, string]>([
    ['is too small', { minSpendMinor: 4801 }, {}, 'min-spend-not-met'],
    [
      'comes to nothing',
      {},
      { order: { id: 'o', currency: 'CNY', totalMinor: 0 } },
      'min-spend-not-met',
    ],
    [
      'is too small for anything to come off',
      { discount: { kind: 'percent', percent: 1 } },
      { order: { id: 'o', currency: 'CNY', totalMinor: 99 } },
      'min-spend-not-met',
    ],
    [
      'has too little that counts',
      { minSpendMinor: 4000, scope: { kind: 'items', include: ['bun'], exclude: [] } },
      order(line({ unitPriceMinor: 3999 }), line({ sku: 'pen' })),
      'min-spend-not-met',
    ],
    [
      'has nothing in scope',
      { scope: { kind: 'categories', include: ['food'], exclude: [] } },
      order(line({ category: 'goods' })),
      'scope-not-met',
    ],
    [
      'has only what is left out',
      { scope: { kind: 'categories', include: ['food'], exclude: ['bun'] } },
      order(line({ category: 'food' })),
      'scope-not-met',
    ],
    [
      'has only goods on promotion',
      { regularPriceOnly: true },
      order(line({ onPromotion: true })),
      'scope-not-met',
    ],
    ['is a sum, and nobody knows of what', { regularPriceOnly: true }, {}, 'scope-not-met'],
    [
      'is in another currency',
      {},
      { order: { id: 'o', currency: 'EUR', totalMinor: 4800 } },
      'currency-mismatch',
    ],
  ])('%s', async (_what, fields, ordered, code) => {
    expect(await refusalOf(await newCoupon(fields), ordered)).toBe(`409 ${code}`);
  });
});

describe('a field that is wrong is named', () => {
  let coupon: Coupon;
  beforeAll(async () => {
    coupon = await newCoupon();
  });

  const total = (totalMinor: unknown, more: Fields = {}) => ({
    order: { id: 'o', currency: 'CNY', totalMinor, ...more },
  });
  test.each<[what: string, Fields, pointer: string]>([
    ['two codes', { redemptionValue: 'x' }, '/couponCode'],
    ['no code', { couponCode: undefined }, '/couponCode'],
    ['an empty code', { couponCode: '' }, '/couponCode'],
    ['a long code', { couponCode: 'x'.repeat(101) }, '/couponCode'],
    ['no collector', { collectorId: undefined }, '/collectorId'],
    ['a collector with a letter', { collectorId: '4444444O' }, '/collectorId'],
    ['no order', { order: undefined }, '/order'],
    ['no id', { order: { currency: 'CNY', totalMinor: 1 } }, '/order/id'],
    ['no currency', { order: { id: 'o', totalMinor: 1 } }, '/order/currency'],
    [
      'a currency in lower case',
      { order: { id: 'o', currency: 'cny', totalMinor: 1 } },
      '/order/currency',
    ],
    ['neither lines nor a sum', { order: { id: 'o', currency: 'CNY' } }, '/order/lines'],
    ['no lines', order(), '/order/lines'],
    ['a negative sum', total(-1), '/order/totalMinor'],
    ['a sum with a fraction', total(1.5), '/order/totalMinor'],
    ['a sum past all money', total(1e14), '/order/totalMinor'],
    ['a sum of 20 digits', total(12345678901234567890n.toString()), '/order/totalMinor'],
    ['a sum in words', total('48.00'), '/order/totalMinor'],
    [
      'a sum that is not that of the lines',
      total(4799, { lines: [line({})] }),
      '/order/totalMinor',
    ],
    [
      'lines past all money',
      order(line({ quantity: 1_000_000, unitPriceMinor: 1e13 })),
      '/order/lines',
    ],
    ['no quantity', order(line({ quantity: undefined })), '/order/lines/0/quantity'],
    ['a quantity of none', order(line({ quantity: 0 })), '/order/lines/0/quantity'],
    ['a negative quantity', order(line({ quantity: -1 })), '/order/lines/0/quantity'],
    [
      'a negative price',
      order(line({}), line({ unitPriceMinor: -1 })),
      '/order/lines/1/unitPriceMinor',
    ],
    ['an unknown field of a line', order(line({ price: 1 })), '/order/lines/0/price'],
    ['an unknown field', { discountMinor: 4800 }, '/discountMinor'],
    ['a scene that is none', { scene: 'all' }, '/scene'],
    ['online at a terminal', { scene: 'online', terminalId: 'till-harbour' }, '/scene'],
    [
      'a currency that is none',
      { order: { id: 'o', currency: 'ZZZ', totalMinor: 1 } },
      '/order/currency',
    ],
    ['an empty terminal', { terminalId: '' }, '/terminalId'],
  ])('%s', async (_what, fields, pointer) => {
    const before = await service.everything();
    for (const path of ['/v1/redemptions', '/v1/redemptions/quote']) {
      const answer = await shop.client.post<Problem>(path, redemption(shop, coupon.code, fields));
      expect(told(answer)).toBe('422 invalid-request');
      expect(answer.body.errors?.map((error) => error.pointer)).toContain(pointer);
    }
    expect(await service.everything()).toEqual(before);
  });

  test('1001 lines', async () => {
    const lines = Array.from({ length: 1001 }, () => line({ unitPriceMinor: 1 }));
    const answer = await redeem(shop, coupon.code, order(...lines));
    expect(told(answer)).toBe('422 invalid-request');
  });
});

describe('a reversal', () => {
  const reverse = (id: string, till = shop) => till.client.post(`/v1/redemptions/${id}/reversal`);

  test('is made once', async () => {
    const { id } = (await redeem(shop, (await newCoupon()).code)).body;
    expect((await reverse(id)).status).toBe(201);
    expect(told(await reverse(id))).toBe('409 redemption-already-reversed');
  });

  test('is not made after the clone was redeemed', async () => {
    const coupon = await newCoupon({ cloneOnRedeem: { maxClones: 1 } });
    const { id } = (await redeem(shop, coupon.code)).body;
    const clones = () =>
      service.sql<{ code: string }>('select code from coupons where cloned_by = $1', [id]);
    await expect.poll(clones, { timeout: 10_000 }).toHaveLength(1);
    const [clone] = await clones();
    expect((await redeem(shop, clone?.code ?? '')).status).toBe(201);
    expect(told(await reverse(id))).toBe('409 clone-already-redeemed');
  });

  test('of another’s redemption, or of none', async () => {
    const { id } = (await redeem(shop, (await newCoupon()).code)).body;
    expect(told(await reverse(id, partner))).toBe('404 not-found');
    expect(told(await reverse(`red_${'0'.repeat(26)}`))).toBe('404 not-found');
    expect(told(await partner.client.get(`/v1/redemptions/${id}`))).toBe('404 not-found');
  });
});

test('a validity that is over clones no more', async () => {
  const validity = { kind: 'fixed', start: '2026-01-01T00:00:00Z', end: minutesFromNow(60) };
  const coupon = await newCoupon({ cloneOnRedeem: { maxClones: 1 }, validity });
  await service.stopWorkers();
  const { id } = (await redeem(shop, coupon.code)).body;
  await service.sql(
    `update coupon_classes set validity = jsonb_set(validity, '{end}', to_jsonb($2::text)) where id = $1`,
    [coupon.classId, minutesFromNow(0)],
  );
  const [owed] = await service.sql<{ id: string }>('select id from outbox where done_at is null');
  const outcome = await makeClone(service.database, {
    outboxId: Number(owed?.id),
    redemptionId: id,
  });
  expect(outcome).toBe('none-due');
});
