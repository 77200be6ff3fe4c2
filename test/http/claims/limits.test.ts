import { describe, expect, test } from 'vitest';
import { told } from '../../support/service-client.ts';
import { openShop } from '../../support/shop.ts';
import { claim, expectStatus } from '../../support/world.ts';

const { service, world, shop } = await openShop();

const AMOUNT = { kind: 'amount', amountMinor: 500, currency: 'CNY' };

/** Hours that hold no moment of this day, nor of the days beside it. */
function otherHours() {
  const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
  const day = days[(new Date().getUTCDay() + 3) % 7];
  return [{ days: [day], from: '10:00', to: '11:00' }];
}

describe('limits of a day and a week', () => {
  test.each([
    ['perMemberDayLimit', 'member-day-limit-reached'],
    ['perMemberWeekLimit', 'member-week-limit-reached'],
  ])('%s holds for each member, and for a crowd at once', async (limit, code) => {
    const classId = await world.couponClass(shop, { perMemberLimit: 50, [limit]: 3 });
    const [walletId, other] = [await world.wallet(), await world.wallet()];
    const herd = await Promise.all(
      Array.from({ length: 12 }, () => claim(shop.client, classId, { walletId })),
    );
    expect(herd.filter(({ status }) => status === 201)).toHaveLength(3);
    for (const refused of herd.filter(({ status }) => status !== 201)) {
      expect(told(refused)).toBe(`409 ${code}`);
    }
    expectStatus(await claim(shop.client, classId, { walletId: other }), 201);
  });

  test('yesterday does not count today, nor last week this week', async () => {
    const classId = await world.couponClass(shop, {
      perMemberLimit: 50,
      perMemberDayLimit: 1,
      perMemberWeekLimit: 1,
    });
    const walletId = await world.wallet();
    expectStatus(await claim(shop.client, classId, { walletId }), 201);
    const again = await claim(shop.client, classId, { walletId });
    expect(told(again)).toBe('409 member-day-limit-reached');
    await service.sql(
      `update class_member_periods set start = start - 7 where class_id = '${classId}'`,
    );
    expectStatus(await claim(shop.client, classId, { walletId }), 201);
  });
});

describe('the budget', () => {
  test('claims stop before it is passed, in a crowd as well', async () => {
    const classId = await world.couponClass(shop, { discount: AMOUNT, budgetMinor: 2400 });
    const wallets = await Promise.all(Array.from({ length: 10 }, () => world.wallet()));
    const herd = await Promise.all(
      wallets.map((walletId) => claim(shop.client, classId, { walletId })),
    );
    expect(herd.filter(({ status }) => status === 201)).toHaveLength(4);
    for (const refused of herd.filter(({ status }) => status !== 201)) {
      expect(told(refused)).toBe('409 budget-exhausted');
    }
  });

  test('needs a discount whose greatest amount is known', async () => {
    const body = world.couponClassBody(shop, {
      discount: { kind: 'percent', percent: 10 },
      budgetMinor: 2400,
    });
    const answer = await shop.client.post('/v1/coupon-classes', body);
    expect(told(answer)).toBe('422 invalid-request');
    expect(answer.body).toMatchObject({ errors: [{ pointer: '/budgetMinor' }] });
  });
});

describe('hours of the week', () => {
  test('outside them nothing is claimed', async () => {
    const classId = await world.couponClass(shop, { claimHours: otherHours() });
    const walletId = await world.wallet();
    expect(told(await claim(shop.client, classId, { walletId }))).toBe('409 outside-claim-hours');
    expectStatus(await shop.client.patch(`/v1/coupon-classes/${classId}`, { claimHours: [] }), 200);
    expectStatus(await claim(shop.client, classId, { walletId }), 201);
  });

  test.each([
    ['a clock that is none', [{ days: ['mon'], from: '24:00', to: '25:00' }]],
    ['no day', [{ days: [], from: '10:00', to: '11:00' }]],
    ['a day twice', [{ days: ['mon', 'mon'], from: '10:00', to: '11:00' }]],
    ['no time at all', [{ days: ['mon'], from: '10:00', to: '10:00' }]],
  ])('%s is refused', async (_what, claimHours) => {
    const body = world.couponClassBody(shop, { claimHours });
    expect(told(await shop.client.post('/v1/coupon-classes', body))).toBe('422 invalid-request');
  });

  test('so is a zone that is none', async () => {
    const body = world.couponClassBody(shop, { timeZone: 'Mars/Olympus' });
    expect(told(await shop.client.post('/v1/coupon-classes', body))).toBe('422 invalid-request');
  });
});
