import { describe, expect, test } from 'vitest';
import { nothingOwed, openShop } from '../../support/shop.ts';
import { type Coupon, expectStatus, type Fields, redeem, redemption } from '../../support/world.ts';

const { service, world, shop } = await openShop();
const partner = await world.merchant();

const newCoupon = (fields?: Fields) => world.newCoupon(shop, fields);

interface Shown {
  readonly clone: { readonly couponId: string } | null;
  readonly reversal: { readonly id: string } | null;
}
const read = async (id: string, reader = shop) =>
  expectStatus(await reader.client.get<Shown>(`/v1/redemptions/${id}`), 200);

/** The coupon that a worker made for a redemption. */
async function cloneOf(redemptionId: string, walletId: string): Promise<Coupon> {
  await expect
    .poll(async () => (await read(redemptionId)).clone, { timeout: 10_000, interval: 50 })
    .not.toBeNull();
  const { clone } = await read(redemptionId);
  const { body } = await service.root.get<{ items: Coupon[] }>(`/v1/wallets/${walletId}/coupons`);
  const found = body.items.find(({ id }) => id === clone?.couponId);
  if (found === undefined) throw new Error('the clone is not in the wallet');
  return found;
}

describe('a redemption', () => {
  test('tells the amounts, and is read again with its order', async () => {
    const coupon = await newCoupon({ minSpendMinor: 3000 });
    const lines = [{ sku: 'beans', quantity: 2, unitPriceMinor: 2400 }];
    const order = { id: 'order-1', currency: 'CNY', lines };
    const answer = await redeem(shop, coupon.code, { order, terminalId: 'till-7' });
    expect(answer.status).toBe(201);
    const amounts = { orderTotalMinor: 4800, discountMinor: 500, payableMinor: 4300 };
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^red_[0-9a-z]{26}$/),
      couponId: coupon.id,
      ...amounts,
      redeemedAt: expect.any(String),
    });
    expect(await read(answer.body.id)).toEqual({
      ...answer.body,
      classId: coupon.classId,
      issuerId: shop.issuerId,
      redemptionIssuerId: shop.issuerId,
      collectorId: shop.collectorId,
      terminalId: 'till-7',
      storeId: null,
      basketId: null,
      state: 'confirmed',
      heldUntil: null,
      order,
      reversal: null,
      clone: null,
    });
    const { body } = await service.root.get(
      `/v1/wallets/${coupon.walletId}/coupons?status=redeemed`,
    );
    expect(body).toMatchObject({ items: [{ id: coupon.id, status: 'redeemed' }] });
  });

  test('takes the redemption value of a tap, and a code as a cashier types it', async () => {
    const [scanned, typed] = [await newCoupon(), await newCoupon()];
    const { couponCode: _, ...rest } = redemption(shop, '');
    const body = { ...rest, redemptionValue: scanned.code };
    expect((await shop.client.post('/v1/redemptions', body)).status).toBe(201);
    expect((await redeem(shop, ` ${typed.code.toLowerCase()} `)).status).toBe(201);
  });

  test('at a partner that the class lists; both may read it', async () => {
    const coupon = await newCoupon({ redemptionIssuers: [partner.issuerId] });
    const { body } = await redeem(partner, coupon.code);
    expect(await read(body.id, partner)).toMatchObject({ redemptionIssuerId: partner.issuerId });
    expect(await read(body.id, shop)).toMatchObject({ issuerId: shop.issuerId });
  });

  test('in the scene that its class asks for, told by the terminal or by the till', async () => {
    const inStore = { scene: 'in_store' };
    expect((await redeem(shop, (await newCoupon(inStore)).code, inStore)).status).toBe(201);
    const atTill = { terminalId: 'till-7' };
    expect((await redeem(shop, (await newCoupon(inStore)).code, atTill)).status).toBe(201);
    const both = { ...atTill, ...inStore };
    expect((await redeem(shop, (await newCoupon(inStore)).code, both)).status).toBe(201);
    const online = { scene: 'online' };
    expect((await redeem(shop, (await newCoupon(online)).code, online)).status).toBe(201);
  });

  test('of one scene, by a till that does not say where the member buys', async () => {
    for (const scene of ['in_store', 'online']) {
      expect((await redeem(shop, (await newCoupon({ scene })).code)).status).toBe(201);
    }
  });

  test('takes the order’s sum beside its lines, also with goods by weight', async () => {
    const coupon = await newCoupon();
    const lines = [
      { sku: 'cheese', quantity: 0.345, unitPriceMinor: 1990 },
      { sku: 'ham', quantity: 1.005, unitPriceMinor: 100 },
    ];
    const order = { id: 'o', currency: 'CNY', lines, totalMinor: 788 };
    const { body } = await redeem(shop, coupon.code, { order });
    expect(body).toMatchObject({ orderTotalMinor: 788, discountMinor: 500, payableMinor: 288 });
  });

  test('is counted in the class', async () => {
    const coupon = await newCoupon();
    await redeem(shop, coupon.code);
    const { body } = await shop.client.get(`/v1/coupon-classes/${coupon.classId}`);
    const stats = { claimed: 1, redeemed: 1, cloned: 0, orderTotalMinor: 4800 };
    expect(body).toMatchObject({ stats });
  });
});

describe('the audit', () => {
  test('names class, rules, place and sums of what was redeemed, refused and reversed', async () => {
    const { issuerId } = shop;
    await world.store(shop, 'quay');
    const coupon = await newCoupon();
    const { id } = (await redeem(shop, coupon.code, { terminalId: 'till-quay' })).body;
    await redeem(shop, coupon.code, { terminalId: 'till-quay' });
    await shop.client.post(`/v1/redemptions/${id}/reversal`);
    const entries = await service.sql<{ action: string; outcome: string; detail: object }>(
      `select action, outcome, detail from audit_entries
        where subject in ($1, $2) and action in ('redeem', 'reverse') order by seq`,
      [coupon.id, id],
    );
    const { classId } = coupon;
    const place = { classId, version: 1, storeId: 'quay', redemptionIssuerId: issuerId };
    const sums = { orderTotalMinor: 4800, discountMinor: 500 };
    const taken = { collectorId: shop.collectorId, redemptionId: id };
    const refused = { collectorId: shop.collectorId, redemptionId: null };
    const code = 'coupon-already-redeemed';
    expect(entries).toEqual([
      {
        action: 'redeem',
        outcome: 'redeemed',
        detail: { ...place, ...sums, ...taken, rule: 'redeemed' },
      },
      {
        action: 'redeem',
        outcome: code,
        detail: { ...place, ...sums, ...refused, discountMinor: 0, rule: code },
      },
      {
        action: 'reverse',
        outcome: 'reversed',
        detail: { ...place, ...sums, cloneClassId: null, rule: 'reversed' },
      },
    ]);
    expect(await read(id)).toMatchObject({ storeId: 'quay', state: 'confirmed' });
  });
});

describe('a quote', () => {
  test('says what would be, and changes nothing', async () => {
    const coupon = await newCoupon();
    const before = await service.everything();
    const quote = await shop.client.post('/v1/redemptions/quote', redemption(shop, coupon.code));
    expect(quote).toMatchObject({ status: 200 });
    expect(quote.body).toEqual({
      couponId: coupon.id,
      redeemable: true,
      orderTotalMinor: 4800,
      discountMinor: 500,
      payableMinor: 4300,
      refusal: null,
    });
    expect(await service.everything()).toEqual(before);
  });

  test('says why not', async () => {
    const coupon = await newCoupon({ minSpendMinor: 5000 });
    const quote = await shop.client.post('/v1/redemptions/quote', redemption(shop, coupon.code));
    expect(quote.status).toBe(200);
    expect(quote.body).toEqual({
      couponId: coupon.id,
      redeemable: false,
      orderTotalMinor: 4800,
      discountMinor: 0,
      payableMinor: 4800,
      refusal: 'min-spend-not-met',
    });
  });
});

describe('a class that clones', () => {
  test('gives a new coupon at each redemption until the lineage is full', async () => {
    const first = await newCoupon({ cloneOnRedeem: { maxClones: 2 } });
    const { walletId, classId } = first;
    const one = await cloneOf((await redeem(shop, first.code)).body.id, walletId);
    expect(one).toMatchObject({ classId, generation: 1, clonedFrom: first.id, status: 'issued' });
    expect(Date.parse(one.expiresAt)).toBeGreaterThan(Date.parse(first.expiresAt));
    const two = await cloneOf((await redeem(shop, one.code)).body.id, walletId);
    expect(two).toMatchObject({ generation: 2, clonedFrom: one.id });
    const last = (await redeem(shop, two.code)).body.id;
    await nothingOwed(service);
    expect((await read(last)).clone).toBeNull();
    const { body } = await shop.client.get(`/v1/coupon-classes/${classId}`);
    expect(body).toMatchObject({ stats: { claimed: 1, redeemed: 3, cloned: 2 } });
  });

  test('takes no stock and no limit for the clone', async () => {
    const fields = { cloneOnRedeem: { maxClones: 1 }, stock: 1, perMemberLimit: 1 };
    const first = await newCoupon(fields);
    const clone = await cloneOf((await redeem(shop, first.code)).body.id, first.walletId);
    expect((await redeem(shop, clone.code)).status).toBe(201);
  });

  test('keeps the dates of a fixed validity', async () => {
    const [start, end] = ['2026-01-01T00:00:00.000Z', '2099-01-01T00:00:00.000Z'];
    const validity = { kind: 'fixed', start, end };
    const first = await newCoupon({ cloneOnRedeem: { maxClones: 1 }, validity });
    const clone = await cloneOf((await redeem(shop, first.code)).body.id, first.walletId);
    expect(clone).toMatchObject({ availableAt: start, expiresAt: end });
  });
});

describe('a reversal', () => {
  const reverse = (id: string, at = shop) =>
    at.client.post<{ id: string }>(`/v1/redemptions/${id}/reversal`);

  test('gives a good coupon back, to be redeemed again', async () => {
    const coupon = await newCoupon();
    const { id } = (await redeem(shop, coupon.code)).body;
    const { status, body } = await reverse(id);
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^rev_[0-9a-z]{26}$/),
      redemptionId: id,
      couponId: coupon.id,
      couponStatus: 'issued',
      reversedAt: expect.any(String),
    });
    expect(await read(id)).toMatchObject({ reversal: { id: body.id } });
    const stats = { redeemed: 0, orderTotalMinor: 0 };
    const shown = await shop.client.get(`/v1/coupon-classes/${coupon.classId}`);
    expect(shown.body).toMatchObject({ stats });
    expect((await redeem(shop, coupon.code)).status).toBe(201);
  });

  test('gives one back as expired whose time is over', async () => {
    const coupon = await newCoupon();
    const { id } = (await redeem(shop, coupon.code)).body;
    await service.sql('update coupons set expires_at = clock_timestamp() where id = $1', [
      coupon.id,
    ]);
    expect((await reverse(id)).body).toMatchObject({ couponStatus: 'expired' });
  });

  test('takes an unused clone with it', async () => {
    const coupon = await newCoupon({ cloneOnRedeem: { maxClones: 1 } });
    const { id } = (await redeem(shop, coupon.code)).body;
    const clone = await cloneOf(id, coupon.walletId);
    expect((await reverse(id)).status).toBe(201);
    const { body } = await service.root.get(`/v1/wallets/${coupon.walletId}/coupons?status=voided`);
    expect(body).toMatchObject({ items: [{ id: clone.id }] });
    const again = (await redeem(shop, coupon.code)).body.id;
    expect(await cloneOf(again, coupon.walletId)).toMatchObject({ generation: 1 });
  });

  test('is the till’s own: a partner reverses what it redeemed', async () => {
    const coupon = await newCoupon({ redemptionIssuers: [partner.issuerId] });
    const { id } = (await redeem(partner, coupon.code)).body;
    expect((await reverse(id)).status).toBe(404);
    const { body } = await reverse(id, partner);
    for (const reader of [shop, partner]) {
      expect(await read(id, reader)).toMatchObject({ reversal: { id: body.id } });
    }
  });
});
