import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from '../../support/service.ts';
import {
  claim,
  expectStatus,
  type Fields,
  type Merchant,
  World,
  window,
} from '../../support/world.ts';

const HOUR_MS = 3_600_000;

let service: TestService;
let world: World;
let shop: Merchant;

beforeAll(async () => {
  service = await startTestService();
  world = new World(service);
  shop = await world.merchant();
  await shop.client.post('/v1/stores', { id: 'harbour', issuerId: shop.issuerId, name: 'Harbour' });
});
afterAll(() => service.stop());

const read = async (id: string) =>
  expectStatus(await shop.client.get<Fields>(`/v1/coupon-classes/${id}`), 200);
const create = (body: Fields) => shop.client.post<Fields>('/v1/coupon-classes', body);

describe('a coupon class', () => {
  test('is kept just as marketing wrote it', async () => {
    const partner = await world.merchant();
    const gold = await world.passClass(shop);
    const written = {
      id: `${shop.issuerId}.lunch-5-off`,
      issuerId: shop.issuerId,
      name: { 'zh-CN': '午餐立减', en: 'Lunch: 5 off' },
      description: 'On weekdays',
      issueType: 'tap_claim',
      scene: 'in_store',
      claimWindow: window(-HOUR_MS, HOUR_MS),
      perMemberLimit: 2,
      stock: 500,
      validity: { kind: 'fixed', start: '2026-11-01T00:00:00Z', end: '2027-01-01T00:00:00Z' },
      discount: { kind: 'percent', percent: 12.5, maxMinor: 2000 },
      minSpendMinor: 3000,
      scope: { kind: 'categories', include: ['food'], exclude: ['wine'] },
      regularPriceOnly: true,
      memberClasses: [gold],
      plusOnly: true,
      stores: ['harbour'],
      redemptionIssuers: [shop.issuerId, partner.issuerId],
      cloneOnRedeem: { maxClones: 3 },
      timeZone: 'Asia/Shanghai',
      claimHours: [{ days: ['mon', 'fri'], from: '10:00', to: '22:00' }],
      useHours: [{ days: ['sat'], from: '22:00', to: '02:00' }],
      perMemberDayLimit: 1,
      perMemberWeekLimit: 2,
      stacking: { group: 'lunch', exclusive: false },
      budgetMinor: 500_000,
      expiryNoticeDays: 3,
      transferable: true,
    };
    const { status, body } = await create(written);
    expect(status).toBe(201);
    expect(body).toEqual({
      ...written,
      status: 'open',
      stats: { claimed: 0, redeemed: 0, cloned: 0, orderTotalMinor: 0 },
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    });
    expect(await read(written.id)).toEqual(body);
  });

  test('needs only what has no default', async () => {
    const { status, body } = await create({
      id: `${shop.issuerId}.least`,
      issuerId: shop.issuerId,
      name: 'Least',
      issueType: 'manual',
      claimWindow: window(0, HOUR_MS),
      stock: 1,
      validity: { kind: 'relative', availableAfterHours: 0, validDays: 1 },
      discount: { kind: 'exchange', sku: 'cup' },
      redemptionIssuers: [shop.issuerId],
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      description: null,
      scene: 'all',
      perMemberLimit: 1,
      minSpendMinor: 0,
      scope: { kind: 'all' },
      regularPriceOnly: false,
      memberClasses: [],
      plusOnly: false,
      stores: [],
      cloneOnRedeem: null,
      expiryNoticeDays: -1,
      transferable: false,
    });
  });

  test('takes int64 ids as numbers without losing a digit', async () => {
    const big = await world.merchant({ issuerId: '9007199254740993' });
    const body = JSON.stringify(world.couponClassBody(big))
      .replace('"issuerId":"9007199254740993"', '"issuerId":9007199254740993')
      .replace('["9007199254740993"]', '[9007199254740993]');
    const headers = { 'Content-Type': 'application/json' };
    const answer = await big.client.send('POST', '/v1/coupon-classes', { headers, body });
    expect(answer).toMatchObject({
      status: 201,
      body: { issuerId: '9007199254740993', redemptionIssuers: ['9007199254740993'] },
    });
  });

  test.each([
    ['draft', {}, { status: 'draft' }],
    ['scheduled', { claimWindow: window(HOUR_MS, 2 * HOUR_MS) }, {}],
    ['open', {}, { status: 'open' }],
    ['ended', { claimWindow: window(-2 * HOUR_MS, -HOUR_MS) }, {}],
  ])('is %s', async (status, fields: Fields, more: Fields) => {
    const id = await world.couponClass(shop, { ...fields, ...more });
    expect(await read(id)).toMatchObject({ status });
    const listed = await shop.client.get<{ items: { id: string }[] }>(
      `/v1/coupon-classes?status=${status}&limit=200`,
    );
    expect(listed.body.items.map((item) => item.id)).toContain(id);
  });
});

describe('a change', () => {
  test('before the first claim may be of anything but the ids', async () => {
    const id = await world.couponClass(shop);
    const change = {
      name: 'Supper',
      stock: 1,
      discount: { kind: 'percent', percent: 50 },
      minSpendMinor: 1,
      validity: { kind: 'relative', availableAfterHours: 24, validDays: 2 },
      scope: { kind: 'items', include: ['soup'], exclude: [] },
      cloneOnRedeem: { maxClones: 1 },
    };
    const { status, body } = await shop.client.patch<Fields>(`/v1/coupon-classes/${id}`, change);
    expect(status).toBe(200);
    expect(body).toMatchObject(change);
    expect(await read(id)).toEqual(body);
  });

  test('after it may not touch the promise, but all else', async () => {
    const id = await world.couponClass(shop);
    await world.coupon(shop, id, await world.wallet());
    const change = { name: 'Supper', claimWindow: window(-HOUR_MS, 9 * HOUR_MS), stock: 2000 };
    const answer = await shop.client.patch(`/v1/coupon-classes/${id}`, change);
    expect(answer).toMatchObject({ status: 200, body: change });
  });

  test('after it may reach further', async () => {
    const partner = await world.merchant();
    const fields = { scene: 'in_store', stores: ['harbour'], plusOnly: true };
    const id = await world.couponClass(shop, fields);
    await world.coupon(shop, id, await world.wallet(undefined, { plus: true }));
    const change = {
      scene: 'all',
      stores: [],
      plusOnly: false,
      redemptionIssuers: [partner.issuerId, shop.issuerId],
      transferable: true,
    };
    const answer = await shop.client.patch(`/v1/coupon-classes/${id}`, change);
    expect(answer).toMatchObject({ status: 200, body: change });
  });

  test('of nothing changes nothing', async () => {
    const id = await world.couponClass(shop);
    const { updatedAt: _, ...before } = await read(id);
    expect((await shop.client.patch(`/v1/coupon-classes/${id}`, {})).status).toBe(200);
    expect(await read(id)).toMatchObject(before);
  });

  test('publishes a draft, and its claims begin', async () => {
    const id = await world.couponClass(shop, { status: 'draft' });
    const walletId = await world.wallet();
    expect((await claim(shop.client, id, { walletId })).status).toBe(409);
    await shop.client.patch(`/v1/coupon-classes/${id}`, { status: 'open' });
    expect((await claim(shop.client, id, { walletId })).status).toBe(201);
  });
});

describe('stock', () => {
  test('is added, and sold-out claims go on', async () => {
    const id = await world.couponClass(shop, { stock: 1 });
    await world.coupon(shop, id, await world.wallet());
    const walletId = await world.wallet();
    expect((await claim(shop.client, id, { walletId })).status).toBe(409);
    const added = await shop.client.post(`/v1/coupon-classes/${id}/stock`, { add: 4 });
    expect(added).toMatchObject({ status: 200, body: { stock: 5, stats: { claimed: 1 } } });
    expect((await claim(shop.client, id, { walletId })).status).toBe(201);
  });
});

describe('voiding', () => {
  test('stops claims; coupons in members’ hands stay good', async () => {
    const id = await world.couponClass(shop);
    const walletId = await world.wallet();
    await world.coupon(shop, id, walletId);
    const voided = await shop.client.post(`/v1/coupon-classes/${id}/void`);
    expect(voided).toMatchObject({ status: 200, body: { status: 'voided' } });
    const { body } = await service.root.get(`/v1/wallets/${walletId}/coupons`);
    expect(body).toMatchObject({ items: [{ status: 'issued' }] });
    expect((await shop.client.post(`/v1/coupon-classes/${id}/void`)).status).toBe(200);
  });

  test('takes the issued ones too when it is told to', async () => {
    const id = await world.couponClass(shop);
    const walletId = await world.wallet();
    await world.coupon(shop, id, walletId);
    const path = `/v1/coupon-classes/${id}/void`;
    expect((await shop.client.post(path, { issuedToo: true })).status).toBe(200);
    const { body } = await service.root.get(`/v1/wallets/${walletId}/coupons`);
    expect(body).toMatchObject({ items: [{ status: 'voided' }] });
  });
});

describe('the list', () => {
  test('is the caller’s own, in pages', async () => {
    const merchant = await world.merchant();
    const ids = [];
    for (let n = 0; n < 5; n++) ids.push(await world.couponClass(merchant));
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = await merchant.client.get<{
        items: { id: string }[];
        nextCursor: string | null;
      }>(`/v1/coupon-classes?limit=2${query}`);
      expect(page.status).toBe(200);
      seen.push(...page.body.items.map(({ id }) => id));
      cursor = page.body.nextCursor;
    }
    expect(seen).toEqual([...ids].sort());
  });

  test('of one issuer, for root', async () => {
    const merchant = await world.merchant();
    const id = await world.couponClass(merchant);
    const { body } = await service.root.get(`/v1/coupon-classes?issuerId=${merchant.issuerId}`);
    expect(body).toMatchObject({ items: [{ id }], nextCursor: null });
  });
});
