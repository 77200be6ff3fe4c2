import { describe, expect, test } from 'vitest';
import type { Caller } from '../../src/access/model.ts';
import {
  actsForHolder,
  COUPON_VOID_REFUSALS,
  type CouponInHand,
  decideCouponVoid,
} from '../../src/coupons/coupon-rules.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const COUPON: CouponInHand = {
  status: 'issued',
  expiresAt: new Date(NOW.getTime() + 1),
  held: false,
};

describe('a coupon is voided', () => {
  test.each<[what: string, Partial<CouponInHand>, told: string]>([
    ['while it is good', {}, 'voided'],
    ['again, which changes nothing', { status: 'voided' }, 'unchanged'],
    ['not when its time is over', { expiresAt: NOW }, 'coupon-expired'],
    ['not when it was written off', { status: 'expired' }, 'coupon-expired'],
    ['not when it is used', { status: 'redeemed' }, 'coupon-already-redeemed'],
    ['not when it was given away', { status: 'transferred' }, 'coupon-already-redeemed'],
    ['not while a till holds it', { held: true }, 'coupon-held'],
    ['not when both, and the final one is told', { held: true, expiresAt: NOW }, 'coupon-expired'],
  ])('%s', (_what, change, told) => {
    const decision = decideCouponVoid({ ...COUPON, ...change }, NOW);
    const done = decision.ok && decision.alreadyVoided ? 'unchanged' : 'voided';
    expect(decision.ok ? done : decision.refusal).toBe(told);
  });

  test('every reason has one place in the order', () => {
    expect(new Set(COUPON_VOID_REFUSALS).size).toBe(COUPON_VOID_REFUSALS.length);
  });
});

describe('for the holder of a coupon of 1990 acts', () => {
  const key = (issuerId: string): Caller => ({
    kind: 'key',
    keyId: 'k',
    issuerId,
    mode: 'live',
    scopes: ['*'],
  });
  test.each<[what: string, Caller, keeper: string | null, told: boolean]>([
    ['the keeper of the wallet, whoever issued the coupon', key('456'), '456', true],
    ['the issuer that keeps the wallet', key('1990'), '1990', true],
    ['not the issuer where another keeps the wallet', key('1990'), '456', false],
    ['the issuer in a wallet of the platform', key('1990'), null, true],
    ['nobody else in a wallet of the platform', key('456'), null, false],
    ['root everywhere', { kind: 'root' }, '456', true],
    ['root in a wallet of the platform', { kind: 'root' }, null, true],
  ])('%s', (_what, caller, issuerId, told) => {
    expect(actsForHolder(caller, { id: 'wal_1', issuerId }, '1990')).toBe(told);
  });
});
