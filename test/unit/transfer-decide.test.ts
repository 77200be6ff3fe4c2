import { describe, expect, test } from 'vitest';
import {
  decideAcceptance,
  decideGiving,
  decideOffer,
  linkStatus,
} from '../../src/transfers/decide.ts';
import {
  ACCEPTANCE_REFUSALS,
  GIVING_REFUSALS,
  type GivenCoupon,
  LINK_STATUSES,
  type TransferLink,
} from '../../src/transfers/model.ts';

const NOON = Date.UTC(2026, 10, 21, 12);
/** Milliseconds from noon, when all is decided here. */
const noon = (milliseconds: number) => new Date(NOON + milliseconds);
const now = noon(0);

const COUPON: GivenCoupon = {
  status: 'issued',
  expiresAt: noon(1000),
  held: false,
  transferable: true,
};
type Link = Pick<TransferLink, 'expiresAt' | 'revokedAt' | 'acceptedAt'>;
const LINK: Link = { expiresAt: noon(1000), revokedAt: null, acceptedAt: null };

describe('a coupon is given away', () => {
  test.each<[what: string, Partial<GivenCoupon>, told: string | null]>([
    ['that is good', {}, null],
    ['that ends in a millisecond', { expiresAt: noon(1) }, null],
    ['that ends now', { expiresAt: now }, 'coupon-expired'],
    ['that was written off', { status: 'expired' }, 'coupon-expired'],
    ['that is voided', { status: 'voided' }, 'coupon-voided'],
    ['that is redeemed', { status: 'redeemed' }, 'coupon-already-redeemed'],
    ['that was given away', { status: 'transferred' }, 'coupon-already-redeemed'],
    ['whose class says no', { transferable: false }, 'coupon-not-transferable'],
    ['that a till holds', { held: true }, 'coupon-held'],
  ])('%s', (_what, change, told) => {
    expect(decideGiving({ ...COUPON, ...change }, now)).toBe(told);
  });

  test.each<[Partial<GivenCoupon>, told: string]>([
    [{ status: 'voided', held: true, transferable: false, expiresAt: now }, 'coupon-voided'],
    [{ status: 'transferred', held: true, transferable: false }, 'coupon-already-redeemed'],
    [{ held: true, transferable: false, expiresAt: now }, 'coupon-expired'],
    [{ held: true, transferable: false }, 'coupon-not-transferable'],
  ])('of several reasons the most final is told: %o', (change, told) => {
    expect(decideGiving({ ...COUPON, ...change }, now)).toBe(told);
  });
});

describe('a link', () => {
  test.each<[what: string, Partial<Link>, status: string, refusal: string | null]>([
    ['in its time is open', {}, 'open', null],
    ['ending in a millisecond is open', { expiresAt: noon(1) }, 'open', null],
    ['ending now has expired', { expiresAt: now }, 'expired', 'transfer-expired'],
    ['revoked', { revokedAt: noon(-1) }, 'revoked', 'transfer-revoked'],
    [
      'revoked and past its time stays revoked',
      { revokedAt: noon(-9), expiresAt: noon(-5) },
      'revoked',
      'transfer-revoked',
    ],
    [
      'that made room for another after its time has expired',
      { revokedAt: noon(-1), expiresAt: noon(-5) },
      'expired',
      'transfer-expired',
    ],
    [
      'revoked as it ended has expired',
      { revokedAt: noon(-5), expiresAt: noon(-5) },
      'expired',
      'transfer-expired',
    ],
    ['accepted', { acceptedAt: noon(-1) }, 'accepted', 'transfer-already-accepted'],
    [
      'accepted long ago stays accepted',
      { acceptedAt: noon(-9), expiresAt: noon(-5) },
      'accepted',
      'transfer-already-accepted',
    ],
  ])('%s', (_what, change, status, refusal) => {
    const link = { ...LINK, ...change };
    expect(linkStatus(link, now)).toBe(status);
    expect(LINK_STATUSES).toContain(status);
    expect(decideOffer(link, COUPON, now)).toBe(refusal);
  });

  test('that is dead tells nothing of its coupon', () => {
    const gone = { ...COUPON, status: 'redeemed' } as const;
    expect(decideOffer({ ...LINK, revokedAt: noon(-1) }, gone, now)).toBe('transfer-revoked');
    expect(decideOffer({ ...LINK, expiresAt: now }, gone, now)).toBe('transfer-expired');
    expect(decideOffer(LINK, gone, now)).toBe('coupon-already-redeemed');
  });
});

describe('an acceptance', () => {
  const told = (change: Partial<GivenCoupon>, toWalletId: string) =>
    decideAcceptance(
      { link: LINK, coupon: { ...COUPON, ...change }, fromWalletId: 'wal_a', toWalletId },
      now,
    );

  test('goes to another wallet', () => {
    expect(told({}, 'wal_b')).toBeNull();
    expect(told({}, 'wal_a')).toBe('transfer-to-self');
  });

  test('tells what is wrong with the coupon before whose it is', () => {
    expect(told({ status: 'voided' }, 'wal_a')).toBe('coupon-voided');
    expect(told({ held: true }, 'wal_a')).toBe('coupon-held');
  });
});

test('every reason has one place in the order', () => {
  for (const codes of [GIVING_REFUSALS, ACCEPTANCE_REFUSALS]) {
    expect(new Set(codes).size).toBe(codes.length);
  }
});
