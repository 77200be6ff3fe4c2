import { beforeAll, describe, expect, test, vi } from 'vitest';
import { sealWaiting } from '../../../src/audit/seal.ts';
import { audit } from '../../../src/audit/store.ts';
import { foldEntries } from '../../../src/numbers/fold.ts';
import type { Numbers } from '../../../src/numbers/model.ts';
import { statsOfRows } from '../../support/coupon-numbers.ts';
import { told } from '../../support/service-client.ts';
import { openShop } from '../../support/shop.ts';
import { type Claim, type Coupon, claim, expectStatus, redeem } from '../../support/world.ts';

const { service, world, shop } = await openShop();
const partner = await world.merchant();

type Item = Numbers & {
  readonly hour?: string;
  readonly day?: string;
  readonly storeId?: string | null;
  readonly redemptionIssuerId?: string | null;
};

async function numbersOf(classId: string, query = '', { client } = shop) {
  const path = `/v1/coupon-classes/${classId}/numbers${query}`;
  return expectStatus(await client.get<{ items: Item[]; total: Numbers }>(path), 200);
}

const NONE: Numbers = {
  claimed: 0,
  redeemed: 0,
  reversed: 0,
  cloned: 0,
  expired: 0,
  voided: 0,
  transferred: 0,
  refused: {},
  orderTotalMinor: 0,
  discountMinor: 0,
};

const bill = (totalMinor: number) => ({ order: { id: 'o', currency: 'CNY', totalMinor } });

/** Five are claimed and three too many, four redeemed, one of them at the partner's, one reversed. */
async function aDayAtTheShop(classId: string): Promise<void> {
  const wallets = await Promise.all([1, 2, 3, 4, 5].map(() => world.wallet()));
  const coupons: Coupon[] = [];
  for (const walletId of wallets) coupons.push(await world.coupon(shop, classId, walletId));
  for (const walletId of wallets.slice(0, 3)) {
    expect(told(await claim(shop.client, classId, { walletId }))).toBe('409 member-limit-reached');
  }
  const [one, two, three, four] = coupons.map(({ code }) => code);
  expectStatus(await redeem(shop, one ?? '', bill(3000)), 201);
  expectStatus(await redeem(shop, two ?? '', bill(4000)), 201);
  expectStatus(await redeem(partner, three ?? '', bill(5000)), 201);
  const { id } = expectStatus(await redeem(shop, four ?? '', bill(6000)), 201);
  expect(told(await redeem(shop, one ?? ''))).toBe('409 coupon-already-redeemed');
  await settled();
  expectStatus(await shop.client.post(`/v1/redemptions/${id}/reversal`), 201);
  await settled();
}

/** What the workers owe is done, and everything is sealed. */
async function settled(): Promise<void> {
  await vi.waitFor(
    async () => {
      await sealWaiting(service.database, foldEntries);
      const [left] = await service.sql<{ undone: number; unsealed: number }>(
        `select (select count(*)::int from outbox where done_at is null) as undone,
                (select count(*)::int from audit_entries) -
                (select count(*)::int from audit_seals) as unsealed`,
      );
      expect(left).toEqual({ undone: 0, unsealed: 0 });
    },
    { timeout: 20_000, interval: 50 },
  );
}

const DAY: Numbers = {
  ...NONE,
  claimed: 5,
  redeemed: 3,
  reversed: 1,
  cloned: 3,
  refused: { 'member-limit-reached': 3, 'coupon-already-redeemed': 1 },
  orderTotalMinor: 12_000,
  discountMinor: 1500,
};

describe('the numbers of a class', () => {
  let classId: string;

  beforeAll(async () => {
    classId = await world.couponClass(shop, {
      cloneOnRedeem: { maxClones: 1 },
      redemptionIssuers: [shop.issuerId, partner.issuerId],
    });
    expect(await numbersOf(classId)).toEqual({ items: [NONE], total: NONE });
    await aDayAtTheShop(classId);
  });

  test('are what happened, less what was reversed, and equal the rows', async () => {
    expect(await numbersOf(classId)).toEqual({ items: [DAY], total: DAY });
    const path = `/v1/coupon-classes/${classId}`;
    const { stats } = expectStatus(await shop.client.get<{ stats: object }>(path), 200);
    const { claimed, redeemed, cloned, orderTotalMinor } = DAY;
    expect(stats).toEqual({ claimed, redeemed, cloned, orderTotalMinor });
    expect(await statsOfRows(service.sql, classId)).toEqual(stats);
  });

  test('are told apart by redemption issuer', async () => {
    const { items, total } = await numbersOf(classId, '?by=redemptionIssuer');
    expect(total).toEqual(DAY);
    const of = (issuerId: string) => items.find((item) => item.redemptionIssuerId === issuerId);
    const other = { orderTotalMinor: 5000, discountMinor: 500, reversed: 0 };
    expect(of(partner.issuerId)).toMatchObject({ redeemed: 1, ...other });
    const own = { orderTotalMinor: 7000, discountMinor: 1000, reversed: 1 };
    expect(of(shop.issuerId)).toMatchObject({ redeemed: 2, ...own });
    expect(items.find((item) => item.redemptionIssuerId === null)).toMatchObject({ claimed: 5 });
  });

  test('are told apart by hour, and hours sum to the total', async () => {
    const { items, total } = await numbersOf(classId, '?by=hour');
    expect(total).toEqual(DAY);
    for (const { hour } of items) expect(hour).toMatch(/^20\d\d-\d\d-\d\dT\d\d:00:00\.000Z$/);
    const sum = (field: 'claimed' | 'redeemed' | 'cloned' | 'orderTotalMinor') =>
      items.reduce((so, item) => so + item[field], 0);
    expect(sum('claimed')).toBe(5);
    expect(sum('redeemed')).toBe(3);
    expect(sum('cloned')).toBe(3);
    expect(sum('orderTotalMinor')).toBe(12_000);
  });

  test('are of the hours that are asked for', async () => {
    const hour = 3_600_000;
    const now = Math.floor(Date.now() / hour) * hour;
    const at = (hours: number, ms = 0) => new Date(now + hours * hour + ms).toISOString();
    // The day may have begun in the hour before.
    expect((await numbersOf(classId, `?from=${at(-1)}`)).total).toEqual(DAY);
    expect((await numbersOf(classId, `?from=${at(-1, hour - 1)}&to=${at(1)}`)).total).toEqual(DAY);
    expect((await numbersOf(classId, `?from=${at(1)}`)).total).toEqual(NONE);
    expect((await numbersOf(classId, `?to=${at(-1)}`)).total).toEqual(NONE);
    expect(await numbersOf(classId, `?by=hour&to=${at(-1)}`)).toEqual({ items: [], total: NONE });
  });

  test('are root’s to read, and no partner’s', async () => {
    expect(await numbersOf(classId, '', { ...shop, client: service.root })).toMatchObject({
      total: DAY,
    });
    const answer = await partner.client.get(`/v1/coupon-classes/${classId}/numbers`);
    expect(told(answer)).toBe('404 not-found');
  });
});

test('what is committed counts at once, whether it is sealed or not', async () => {
  const classId = await world.couponClass(shop, { perMemberLimit: 100 });
  const walletId = await world.wallet();
  for (let claimed = 1; claimed <= 20; claimed++) {
    expectStatus<Claim>(await claim(shop.client, classId, { walletId }), 201);
    const { total } = await numbersOf(classId, claimed % 2 ? '' : '?by=hour');
    expect(total.claimed).toBe(claimed);
  }
});

describe('by store and by day', () => {
  let classId: string;

  beforeAll(async () => {
    classId = await world.couponClass(shop);
    await service.sql(`update coupon_classes set time_zone = 'Asia/Shanghai' where id = $1`, [
      classId,
    ]);
    const entry = { actor: 'root', action: 'redeem', subject: 'cpn_1', outcome: 'redeemed' };
    const detail = { classId, rule: 'redeemed', version: 1, redemptionIssuerId: shop.issuerId };
    const sums = { orderTotalMinor: 1000, discountMinor: 100 };
    const stores = ['harbour', 'harbour', 'station', null];
    await service.database.transact((tx) =>
      audit(
        tx,
        ...stores.map((storeId) => ({ ...entry, detail: { ...detail, storeId, ...sums } })),
      ),
    );
    await service.sql(
      `insert into audit_entries (actor, action, subject, outcome, detail, at)
       select 'root', 'claim', 'clm_1', 'issued', jsonb_build_object('classId', $1::text), at
         from unnest('{2026-06-30 15:59:59Z, 2026-06-30 16:00:00Z, 2026-07-01 15:59:59Z}'::timestamptz[])
           as at`,
      [classId],
    );
  });

  test.each(['before they are sealed', 'after'])('%s', async (when) => {
    if (when === 'after') await settled();
    const stores = (await numbersOf(classId, '?by=store')).items;
    expect(
      stores.map(({ storeId, redeemed, orderTotalMinor }) => [storeId, redeemed, orderTotalMinor]),
    ).toEqual([
      [null, 1, 1000],
      ['harbour', 2, 2000],
      ['station', 1, 1000],
    ]);
    const range = '&from=2026-06-01T00:00:00Z&to=2026-08-01T00:00:00%2B08:00';
    const days = (await numbersOf(classId, `?by=day${range}`)).items;
    expect(days.map(({ day, claimed }) => [day, claimed])).toEqual([
      ['2026-06-30', 1],
      ['2026-07-01', 2],
    ]);
  });
});

test('what earlier releases wrote without its class is counted by the rows it names', async () => {
  const classId = await world.couponClass(shop, { cloneOnRedeem: { maxClones: 1 } });
  const coupon = await world.coupon(shop, classId, await world.wallet());
  await settled();
  const before = (await numbersOf(classId)).total;
  const { id } = expectStatus(await redeem(shop, coupon.code, bill(3000)), 201);
  await settled();
  const [cloned] = await service.sql<{ id: string }>(
    'select id from coupons where cloned_by = $1',
    [id],
  );
  expectStatus(await shop.client.post(`/v1/redemptions/${id}/reversal`), 201);
  await settled();
  const known = (await numbersOf(classId)).total;
  // The same again as release 0.1 wrote it.
  await service.database.transact((tx) =>
    audit(
      tx,
      {
        actor: 'root',
        action: 'redeem',
        subject: coupon.id,
        outcome: 'redeemed',
        detail: { redemptionId: id, collectorId: '1' },
      },
      {
        actor: 'root',
        action: 'redeem',
        subject: coupon.id,
        outcome: 'min-spend-not-met',
        detail: { redemptionId: null },
      },
      {
        actor: 'worker',
        action: 'clone',
        subject: id,
        outcome: 'made',
        detail: { couponId: cloned?.id },
      },
      { actor: 'root', action: 'reverse', subject: id, outcome: 'reversed' },
      { actor: 'root', action: 'reverse', subject: id, outcome: 'redemption-already-reversed' },
      { actor: 'root', action: 'redeem', subject: 'cpn_gone', outcome: 'redeemed', detail: {} },
    ),
  );
  await settled();
  expect((await numbersOf(classId)).total).toEqual({
    ...known,
    reversed: known.reversed + 1,
    refused: { 'min-spend-not-met': 1, 'redemption-already-reversed': 1 },
  });
  const { items } = await numbersOf(classId, '?by=redemptionIssuer');
  expect(items.map((item) => item.redemptionIssuerId)).toContain(shop.issuerId);
  expect(known.claimed).toBe(before.claimed);
});
