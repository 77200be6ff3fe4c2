import { describe, expect, test } from 'vitest';
import type { Discount, Validity } from '../../src/coupons/model.ts';
import { cardFace } from '../../src/stands/session-card-rules.ts';
import {
  conditionsOf,
  currencyOf,
  pointsText,
  textIn,
  validityText,
  worthOf,
} from '../../src/web/claim/worth.ts';
import { claimTexts } from '../../src/web/texts/claim.ts';

const amount = (amountMinor: number, currency = 'CNY'): Discount => ({
  kind: 'amount',
  amountMinor,
  currency,
});

describe('what a coupon is worth', () => {
  test.each<[Discount, string, string]>([
    [amount(500), '¥5 off', '立减 ¥5'],
    [amount(550), '¥5.50 off', '立减 ¥5.50'],
    [amount(500, 'JPY'), '¥500 off', '立减 ¥500'],
    [amount(123456700, 'USD'), '$1,234,567 off', '立减 $1,234,567'],
    [{ kind: 'percent', percent: 10 }, '10% off', '9 折'],
    [{ kind: 'percent', percent: 12.5 }, '12.5% off', '8.75 折'],
    [{ kind: 'percent', percent: 100 }, '100% off', '免单'],
    [{ kind: 'exchange', sku: 'Tea' }, 'Free: Tea', '兑换 Tea'],
  ])('%j', (discount, english, chinese) => {
    expect([worthOf(discount, 'en'), worthOf(discount, 'zh-CN')]).toEqual([english, chinese]);
  });

  test('names its conditions with the currency, where one is known', () => {
    const percent: Discount = { kind: 'percent', percent: 10, maxMinor: 2000 };
    const coupon = { discount: percent, minSpendMinor: 3000 };
    expect(conditionsOf(coupon, 'en')).toEqual(['On orders of 30.00 or more.', 'At most 20.00.']);
    const currency = currencyOf([percent, amount(1)]);
    expect(conditionsOf(coupon, 'zh-CN', currency)).toEqual(['满 ¥30 可用。', '最高优惠 ¥20。']);
    expect(conditionsOf({ discount: amount(1), minSpendMinor: 0 }, 'en')).toEqual([]);
  });
});

describe('when a coupon may be used', () => {
  const at = { now: new Date('2026-11-22T00:00:00Z'), timeZone: 'Asia/Shanghai' };
  test.each<[Validity, string, string]>([
    [
      { kind: 'relative', availableAfterHours: 0, validDays: 1 },
      'Usable for one day after claiming.',
      '领取后 1 天内可用。',
    ],
    [
      { kind: 'relative', availableAfterHours: 24, validDays: 7 },
      'Usable from 24 hours after claiming, for 7 days.',
      '领取 24 小时后生效，有效期 7 天。',
    ],
    [
      { kind: 'fixed', start: '2026-11-01T00:00:00Z', end: '2026-11-30T16:00:00Z' },
      'Usable until Nov 30, 2026, 11:59 PM.',
      '2026年11月30日 23:59 前可用。',
    ],
  ])('%j', (validity, english, chinese) => {
    const words = (locale: 'en' | 'zh-CN') =>
      validityText(validity, { ...at, locale }).replace(/\s/gu, ' ');
    expect([words('en'), words('zh-CN')]).toEqual([english, chinese]);
  });
});

describe('the words of merchants', () => {
  test('are shown in the reader’s language, or in the one that is there', () => {
    expect(textIn('Tea', 'zh-CN')).toBe('Tea');
    expect(textIn({ en: 'Tea', 'zh-CN': '茶' }, 'zh-CN')).toBe('茶');
    expect(textIn({ 'zh-CN': '茶' }, 'en')).toBe('茶');
    expect(textIn({ en: 'Tea' }, 'zh-CN')).toBe('Tea');
  });

  test('on a card follow Google’s shapes', () => {
    const localized = {
      defaultValue: { language: 'zh-CN', value: '金卡' },
      translatedValues: [{ language: 'en-US', value: 'Gold' }],
    };
    const classBody = { programName: 'Club', localizedRewardsTier: localized, rewardsTier: 'x' };
    const objectBody = {
      loyaltyPoints: { balance: { money: { micros: '12500000', currencyCode: 'CNY' } } },
    };
    const face = cardFace(classBody, objectBody, 'en');
    expect(face).toMatchObject({ program: 'Club', tier: 'Gold', pointsLabel: null });
    expect(face.points && pointsText(face.points, 'en')).toBe('¥12.50');
    expect(cardFace(classBody, {}, 'zh-CN')).toMatchObject({ tier: '金卡', points: null });
    expect(cardFace(classBody, {}, 'fr').tier).toBe('金卡');
  });

  test.each([
    [{ string: '1,200 beans' }, '1,200 beans'],
    [{ int: 71327 }, '71,327'],
    [{ double: 71327.42 }, '71,327.42'],
    [{}, null],
    ['nonsense', null],
  ])('tell a balance of %j', (balance, told) => {
    const { points } = cardFace({}, { loyaltyPoints: { balance } }, 'en');
    expect(points === null ? null : pointsText(points, 'en')).toBe(told);
  });
});

test('both languages have the same words, and Chinese ones are Chinese', () => {
  const { en, 'zh-CN': zh } = claimTexts;
  expect(Object.keys(zh)).toEqual(Object.keys(en));
  expect(zh.helpPoints).toHaveLength(en.helpPoints.length);
  for (const text of [zh.claim, zh.safeWhy, zh.viewOnlyHow])
    expect(text).toMatch(/\p{Script=Han}/u);
});
