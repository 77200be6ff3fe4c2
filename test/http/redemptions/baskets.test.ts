import { describe, expect, test } from 'vitest';
import { brokenInvariants } from '../../support/invariants.ts';
import { type Problem, told } from '../../support/service-client.ts';
import { openShop } from '../../support/shop.ts';
import { type Coupon, expectStatus, type Fields, redeem, redemption } from '../../support/world.ts';

const { service, world, shop } = await openShop();

function newCoupon(amountMinor: number, fields: Fields = {}): Promise<Coupon> {
  const discount = { kind: 'amount', amountMinor, currency: 'CNY' };
  return world.newCoupon(shop, { discount, ...fields });
}

interface Basket {
  readonly basketId: string;
  readonly redemptions: { readonly id: string; readonly couponId: string }[];
}

function together(codes: readonly string[], fields: Fields = {}): Fields {
  const { couponCode: _, ...rest } = redemption(shop, '', fields);
  return { ...rest, couponCodes: codes };
}
const codesOf = (coupons: readonly Coupon[]) => coupons.map(({ code }) => code);
const use = (coupons: readonly Coupon[], fields: Fields = {}) =>
  shop.client.post<Basket>('/v1/redemptions', together(codesOf(coupons), fields));
const statuses = async (coupons: readonly Coupon[]) => {
  const rows = await Promise.all(
    coupons.map(({ id }) => shop.client.get<Fields>(`/v1/coupons/${id}`)),
  );
  return rows.map(({ body }) => body.status);
};

describe('several coupons on one order', () => {
  test('are redeemed as one, each with its own discount', async () => {
    const coupons = [await newCoupon(500), await newCoupon(300)] as const;
    const answer = await use(coupons);
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      basketId: expect.stringMatching(/^bsk_/),
      redemptions: [
        { id: expect.any(String), couponId: coupons[0].id, discountMinor: 500 },
        { id: expect.any(String), couponId: coupons[1].id, discountMinor: 300 },
      ],
      notApplied: [],
      orderTotalMinor: 4800,
      discountMinor: 800,
      payableMinor: 4000,
      redeemedAt: expect.any(String),
    });
    expect(await statuses(coupons)).toEqual(['redeemed', 'redeemed']);
    const { basketId, redemptions } = answer.body;
    const one = await shop.client.get(`/v1/redemptions/${redemptions[1]?.id}`);
    const amounts = { orderTotalMinor: 4800, discountMinor: 300, payableMinor: 4500 };
    expect(one.body).toMatchObject({ basketId, state: 'confirmed', ...amounts });
  });

  test('are the best that go together, and the others are told why', async () => {
    const stacking = { group: 'shipping', exclusive: false };
    const coupons = [
      await newCoupon(300, { stacking }),
      await newCoupon(500, { stacking }),
      await newCoupon(100),
      await newCoupon(900, { minSpendMinor: 9000 }),
    ] as const;
    const codes = [...codesOf(coupons), 'NONE'];
    const quote = await shop.client.post('/v1/redemptions/quote', together(codes));
    const notApplied = [
      { couponCode: coupons[0].code, couponId: coupons[0].id, refusal: 'not-combinable' },
      { couponCode: coupons[3].code, couponId: coupons[3].id, refusal: 'min-spend-not-met' },
      { couponCode: 'NONE', couponId: null, refusal: 'coupon-not-found' },
    ];
    const amounts = { orderTotalMinor: 4800, discountMinor: 600, payableMinor: 4200 };
    expect(expectStatus(quote, 200)).toEqual({
      redeemable: true,
      applied: [
        { couponId: coupons[1].id, discountMinor: 500 },
        { couponId: coupons[2].id, discountMinor: 100 },
      ],
      notApplied,
      ...amounts,
    });
    const used = await shop.client.post('/v1/redemptions', together(codes));
    expect(expectStatus(used, 201)).toMatchObject({ notApplied, ...amounts });
    expect(await statuses(coupons)).toEqual(['issued', 'redeemed', 'redeemed', 'issued']);
  });

  test('one of a class, and an exclusive one alone', async () => {
    const classId = await world.couponClass(shop, { perMemberLimit: 2 });
    const walletId = await world.wallet();
    const same = [
      await world.coupon(shop, classId, walletId),
      await world.coupon(shop, classId, walletId),
    ];
    const exclusive = await newCoupon(499, { stacking: { group: null, exclusive: true } });
    const { body } = await use([...same, exclusive]);
    expect(body.redemptions).toHaveLength(1);
    const used = await statuses([...same, exclusive]);
    expect(used.toSorted()).toEqual(['issued', 'issued', 'redeemed']);
  });

  test('are held, confirmed and reversed: the first two together, the last one alone', async () => {
    const coupons = [await newCoupon(500), await newCoupon(300)];
    const held = expectStatus(await use(coupons, { hold: { seconds: 60 } }), 201);
    expect(held).toMatchObject({ state: 'held', redeemedAt: null });
    expect(await statuses(coupons)).toEqual(['issued', 'issued']);
    expect(told(await redeem(shop, coupons[0]?.code ?? ''))).toBe('409 coupon-held');
    const second = held.redemptions[1]?.id;
    const confirmed = await shop.client.post(`/v1/redemptions/${second}/confirmation`);
    expect(confirmed).toMatchObject({ status: 200, body: { discountMinor: 800 } });
    expect(await statuses(coupons)).toEqual(['redeemed', 'redeemed']);
    const reversed = await shop.client.post(`/v1/redemptions/${second}/reversal`);
    expect(reversed.status).toBe(201);
    expect(await statuses(coupons)).toEqual(['redeemed', 'issued']);
  });

  test('are released together', async () => {
    const coupons = [await newCoupon(500), await newCoupon(300)];
    const held = expectStatus(await use(coupons, { hold: { seconds: 60 } }), 201);
    const path = `/v1/redemptions/${held.redemptions[0]?.id}/release`;
    expect((await shop.client.post(path)).body).toMatchObject({ state: 'released' });
    expect((await use(coupons)).status).toBe(201);
  });

  test('earn their clones', async () => {
    const clones = { cloneOnRedeem: { maxClones: 1 } };
    const { redemptions } = (await use([await newCoupon(1, clones), await newCoupon(2, clones)]))
      .body;
    const made = () =>
      service.sql('select from coupons where cloned_by = any ($1)', [
        redemptions.map(({ id }) => id),
      ]);
    await expect.poll(made, { timeout: 10_000 }).toHaveLength(2);
    expect(await brokenInvariants(service.sql)).toEqual({});
  });
});

describe('refused', () => {
  test('with the code of the first when none is good', async () => {
    const coupons = [
      await newCoupon(500, { minSpendMinor: 9000 }),
      await newCoupon(500, { scope: { kind: 'items', include: ['none'], exclude: [] } }),
    ];
    expect(told(await use(coupons))).toBe('409 min-spend-not-met');
    expect(told(await use(coupons.toReversed()))).toBe('409 scope-not-met');
    const nothing = await shop.client.post('/v1/redemptions', together(['NONE', 'NOR']));
    expect(told(nothing)).toBe('404 coupon-not-found');
    const quote = await shop.client.post('/v1/redemptions/quote', together(codesOf(coupons)));
    expect(expectStatus(quote, 200)).toMatchObject({ redeemable: false, discountMinor: 0 });
  });

  test('at another’s till', async () => {
    const body = together(['ONE', 'TWO'], { collectorId: '99999999' });
    for (const path of ['/v1/redemptions', '/v1/redemptions/quote']) {
      expect(told(await shop.client.post(path, body))).toBe('404 collector-not-found');
    }
  });

  test.each<[what: string, Fields, pointer: string]>([
    ['one code', { couponCodes: ['A'] }, '/couponCodes'],
    ['eleven codes', { couponCodes: [...'ABCDEFGHIJK'] }, '/couponCodes'],
    ['a code twice', { couponCodes: ['A', ' a '] }, '/couponCodes'],
    ['an empty code', { couponCodes: ['A', ''] }, '/couponCodes/1'],
    ['codes beside a code', { couponCode: 'A' }, '/couponCode'],
    ['codes beside a redemption value', { redemptionValue: 'A' }, '/couponCode'],
  ])('%s', async (_what, fields, pointer) => {
    const body = { ...together(['A', 'B']), ...fields };
    for (const path of ['/v1/redemptions', '/v1/redemptions/quote']) {
      const answer = await shop.client.post<Problem>(path, body);
      expect(told(answer)).toBe('422 invalid-request');
      expect(answer.body.errors?.map((error) => error.pointer)).toContain(pointer);
    }
  });
});
