import { describe, expect, test } from 'vitest';
import {
  type CouponStatus,
  classStatus,
  couponStatus,
  usePeriod,
  type Validity,
} from '../../src/coupons/model.ts';

const START = new Date('2026-11-01T00:00:00Z');
const END = new Date('2026-12-01T00:00:00Z');
const at = (text: string) => new Date(text);

describe('the use period of a coupon', () => {
  const issuedAt = at('2026-10-24T23:30:00.250+08:00');
  const relative = (availableAfterHours: number, validDays: number): Validity => ({
    kind: 'relative',
    availableAfterHours,
    validDays,
  });
  const fixed: Validity = {
    kind: 'fixed',
    start: '2026-11-11T00:00:00+08:00',
    end: '2026-11-12T00:00:00+08:00',
  };
  test.each<[what: string, Validity, availableAt: string, expiresAt: string]>([
    ['at once, for a day', relative(0, 1), '2026-10-24T15:30:00.250Z', '2026-10-25T15:30:00.250Z'],
    ['at once, for 7 days', relative(0, 7), '2026-10-24T15:30:00.250Z', '2026-10-31T15:30:00.250Z'],
    [
      'after 24 h, for a day',
      relative(24, 1),
      '2026-10-25T15:30:00.250Z',
      '2026-10-26T15:30:00.250Z',
    ],
    [
      'after 1 h, over a leap day',
      relative(1, 1500),
      '2026-10-24T16:30:00.250Z',
      '2030-12-02T16:30:00.250Z',
    ],
    ['fixed dates with an offset', fixed, '2026-11-10T16:00:00.000Z', '2026-11-11T16:00:00.000Z'],
  ])('%s', (_what, validity, availableAt, expiresAt) => {
    const period = usePeriod(validity, issuedAt);
    expect(period).toEqual({ availableAt: at(availableAt), expiresAt: at(expiresAt) });
  });

  test('a day is 24 hours, also where clocks are set back', () => {
    const before = at('2026-10-25T00:00:00+02:00');
    const { expiresAt } = usePeriod(relative(0, 1), before);
    expect(expiresAt.getTime() - before.getTime()).toBe(24 * 3_600_000);
  });
});

describe('the status of a class', () => {
  const OPEN = { draft: false, voidedAt: null, claimStart: START, claimEnd: END };
  test.each([
    ['before its window', {}, '2026-10-31T23:59:59.999Z', 'scheduled'],
    ['at the start', {}, '2026-11-01T00:00:00.000Z', 'open'],
    ['a millisecond before the end', {}, '2026-11-30T23:59:59.999Z', 'open'],
    ['at the end', {}, '2026-12-01T00:00:00.000Z', 'ended'],
    ['a draft inside the window', { draft: true }, '2026-11-15T00:00:00Z', 'draft'],
    ['a draft past the window', { draft: true }, '2027-01-01T00:00:00Z', 'draft'],
    ['voided inside the window', { voidedAt: START }, '2026-11-15T00:00:00Z', 'voided'],
    ['voided and a draft', { voidedAt: START, draft: true }, '2026-11-15T00:00:00Z', 'voided'],
  ])('%s', (_what, change, now, told) => {
    expect(classStatus({ ...OPEN, ...change }, at(now))).toBe(told);
  });
});

describe('the status of a coupon', () => {
  test.each<[CouponStatus, now: string, told: CouponStatus]>([
    ['issued', '2026-11-30T23:59:59.999Z', 'issued'],
    ['issued', '2026-12-01T00:00:00.000Z', 'expired'],
    ['redeemed', '2027-01-01T00:00:00Z', 'redeemed'],
    ['voided', '2027-01-01T00:00:00Z', 'voided'],
    ['transferred', '2027-01-01T00:00:00Z', 'transferred'],
    ['expired', '2026-11-01T00:00:00Z', 'expired'],
  ])('%s at %s: %s', (status, now, told) => {
    expect(couponStatus({ status, expiresAt: END }, at(now))).toBe(told);
  });
});
