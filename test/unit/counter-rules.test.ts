import { describe, expect, it } from 'vitest';
import { type CouponInHand, type Quoted, rankOffers } from '../../src/counter/offer-rules.ts';
import { visitorCard, visitorName } from '../../src/counter/visitor-rules.ts';

const DAY_MS = 24 * 3_600_000;
const NOW = new Date('2026-11-22T12:00:00Z');

function inHand(couponId: string, days: number): CouponInHand {
  const expiresAt = new Date(NOW.getTime() + days * DAY_MS);
  return { couponId, code: couponId, classId: '1.c', name: 'C', expiresAt };
}

const saves = (discountMinor: number): Quoted => ({
  decision: {
    ok: true,
    amounts: { orderTotalMinor: 5000, discountMinor, payableMinor: 5000 - discountMinor },
  },
  missingMinor: null,
});
const wants = (missingMinor: number | null): Quoted => ({
  decision: { ok: false, refusal: missingMinor === null ? 'coupon-held' : 'min-spend-not-met' },
  missingMinor,
});

describe('coupons on a bill', () => {
  it('come by what they save, then by their end, then by their id', () => {
    const ranked = rankOffers([
      { ...inHand('held', 1), ...wants(null) },
      { ...inHand('far', 9), ...wants(9000) },
      { ...inHand('less', 1), ...saves(300) },
      { ...inHand('b', 5), ...saves(500) },
      { ...inHand('a', 5), ...saves(500) },
      { ...inHand('soon', 2), ...saves(500) },
      { ...inHand('near', 9), ...wants(100) },
    ]);
    expect(ranked.map(({ couponId }) => couponId)).toEqual([
      ...['soon', 'a', 'b', 'less'],
      ...['near', 'far', 'held'],
    ]);
    expect(ranked.filter(({ best }) => best).map(({ couponId }) => couponId)).toEqual(['soon']);
  });

  it('have no best one where none is usable', () => {
    const ranked = rankOffers([
      { ...inHand('one', 1), ...wants(100) },
      { ...inHand('two', 2), ...wants(null) },
    ]);
    expect(ranked.map(({ best }) => best)).toEqual([false, false]);
    expect(rankOffers([])).toEqual([]);
  });
});

describe('a visitor', () => {
  const coupon = {
    id: 'cpn',
    classId: '1.c',
    issuerId: '1',
    redemptionValue: 'X',
    availableAt: new Date(NOW.getTime() - DAY_MS),
    expiresAt: new Date(NOW.getTime() + DAY_MS),
    redemptionIssuers: ['1'],
    stores: [] as string[],
    scene: 'all' as const,
    timeZone: 'UTC',
    useHours: [],
    memberClasses: [],
    plusOnly: false,
  };

  it('has as many usable coupons as a redemption there would not refuse, whatever the bill', () => {
    const facts = {
      walletId: 'wal',
      isMember: true,
      name: 'Ana',
      number: '11',
      tier: 'Gold',
      plus: false,
      passClasses: [],
      coupons: [
        coupon,
        { ...coupon, stores: ['harbour'] },
        { ...coupon, stores: ['elsewhere'] },
        { ...coupon, scene: 'online' as const },
        { ...coupon, plusOnly: true },
        { ...coupon, expiresAt: NOW },
        { ...coupon, availableAt: new Date(NOW.getTime() + 1) },
      ],
    };
    const place = { issuerId: '1', storeId: 'harbour', now: NOW };
    expect(visitorName(facts, place)).toEqual({
      walletId: 'wal',
      name: 'Ana',
      number: '11',
      tier: 'Gold',
      isMember: true,
      usableCoupons: 2,
    });
  });
});

describe('a card', () => {
  const read = (objectBody: object, classBody: object = {}) =>
    visitorCard({
      objectId: '1.o',
      type: 'loyalty',
      objectBody: objectBody as never,
      classBody: classBody as never,
    });

  it.each([
    [{ string: '71327.42' }, '71327.42'],
    [{ int: 300 }, '300'],
    [{ double: 0.5 }, '0.5'],
    [{}, null],
    ['300', null],
    [null, null],
  ])('tells points %j as they were written', (balance, points) => {
    expect(read({ loyaltyPoints: { balance } }).points).toBe(points);
  });

  it.each([
    [
      { micros: '8995420000', currencyCode: 'CNY' },
      { amountMinor: 899_542, currency: 'CNY' },
    ],
    [
      { micros: '500000000', currencyCode: 'JPY' },
      { amountMinor: 500, currency: 'JPY' },
    ],
    [
      { micros: '1234000', currencyCode: 'KWD' },
      { amountMinor: 1234, currency: 'KWD' },
    ],
    [{ micros: 'many', currencyCode: 'CNY' }, null],
    [{ micros: '1', currencyCode: 'yuan' }, null],
    [{ micros: '1' }, null],
  ])('tells money %j in minor units', (money, balance) => {
    expect(read({ loyaltyPoints: { balance: { money } } }).balance).toEqual(balance);
    expect(read({ balance: money }).balance).toEqual(balance);
  });

  it('goes by its program, and without one by its id', () => {
    expect(read({}, { programName: 'Club', rewardsTier: 'Gold' })).toMatchObject({
      program: 'Club',
      tier: 'Gold',
    });
    expect(read({ cardTitle: { defaultValue: { language: 'en', value: 'Card' } } }).program).toBe(
      'Card',
    );
    expect(read({}).program).toBe('1.o');
  });
});
