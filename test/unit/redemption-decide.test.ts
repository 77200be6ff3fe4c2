import { describe, expect, test } from 'vitest';
import type { CouponStatus, Weekday } from '../../src/coupons/model.ts';
import {
  decideConfirmation,
  decideRedemption,
  decideRelease,
  decideReversal,
  type HeldFacts,
  type RedemptionFacts,
} from '../../src/redemptions/decide.ts';
import { REDEMPTION_REFUSALS } from '../../src/redemptions/model.ts';

const NOON = Date.UTC(2026, 10, 21, 12);
/** Milliseconds from noon, when all is decided here. */
const noon = (milliseconds: number) => new Date(NOON + milliseconds);

const FACTS: RedemptionFacts = {
  coupon: { status: 'issued', held: false, availableAt: noon(-1000), expiresAt: noon(1000) },
  terms: {
    scene: 'all',
    timeZone: 'Asia/Shanghai',
    useHours: [],
    discount: { kind: 'amount', amountMinor: 500, currency: 'CNY' },
    minSpendMinor: 3000,
    scope: { kind: 'all' },
    regularPriceOnly: false,
    memberClasses: [],
    plusOnly: false,
    stores: [],
    redemptionIssuers: ['456', '789'],
  },
  member: { plus: false, passClasses: [] },
  redemptionIssuerId: '789',
  storeId: null,
  scene: null,
  order: { id: 'o', currency: 'CNY', totalMinor: 4800 },
};

/** What differs from a redemption that goes through. */
interface Change extends Partial<Omit<RedemptionFacts, 'coupon' | 'terms' | 'member' | 'order'>> {
  readonly coupon?: Partial<RedemptionFacts['coupon']>;
  readonly terms?: Partial<RedemptionFacts['terms']>;
  readonly member?: Partial<RedemptionFacts['member']>;
  readonly order?: Partial<RedemptionFacts['order']>;
}

function changed({ coupon, terms, member, order, ...rest }: Change, facts = FACTS) {
  return {
    ...facts,
    ...rest,
    coupon: { ...facts.coupon, ...coupon },
    terms: { ...facts.terms, ...terms },
    member: { ...facts.member, ...member },
    order: { ...facts.order, ...order },
  };
}

/** The refusal, or what is to pay. */
function told(facts: RedemptionFacts): string | number {
  const decision = decideRedemption(facts, noon(0));
  return decision.ok ? decision.amounts.payableMinor : decision.refusal;
}

type Row = [what: string, Change, told: string | number];

function check(rows: readonly Row[]): void {
  test.each(rows)('%s', (_what, change, expected) => {
    expect(told(changed(change))).toBe(expected);
  });
}

describe('the coupon', () => {
  check([
    ['is good', {}, 4300],
    ['is voided', { coupon: { status: 'voided' } }, 'coupon-voided'],
    ['is redeemed', { coupon: { status: 'redeemed' } }, 'coupon-already-redeemed'],
    ['was given away', { coupon: { status: 'transferred' } }, 'coupon-already-redeemed'],
    ['was written off as expired', { coupon: { status: 'expired' } }, 'coupon-expired'],
    ['expires in a millisecond', { coupon: { expiresAt: noon(1) } }, 4300],
    ['expires now', { coupon: { expiresAt: noon(0) } }, 'coupon-expired'],
    ['is held by a till', { coupon: { held: true } }, 'coupon-held'],
    ['is available from now', { coupon: { availableAt: noon(0) } }, 4300],
    [
      'is available in a millisecond',
      { coupon: { availableAt: noon(1) } },
      'coupon-not-yet-available',
    ],
  ]);
});

describe('the till', () => {
  const harbour = { terms: { stores: ['harbour'] } };
  check([
    ['of a listed issuer', { redemptionIssuerId: '456' }, 4300],
    ['of any other', { redemptionIssuerId: '123' }, 'issuer-not-authorised'],
    ['where none is listed', { terms: { redemptionIssuers: [] } }, 'issuer-not-authorised'],
    ['in a listed store', { ...harbour, storeId: 'harbour' }, 4300],
    ['in another store', { ...harbour, storeId: 'airport' }, 'store-not-eligible'],
    ['in no store', harbour, 'store-not-eligible'],
    ['in the store, as asked', { terms: { scene: 'in_store' }, scene: 'in_store' }, 4300],
    [
      'online, though in store only',
      { terms: { scene: 'in_store' }, scene: 'online' },
      'scene-not-allowed',
    ],
    [
      'in store, though online only',
      { terms: { scene: 'online' }, scene: 'in_store' },
      'scene-not-allowed',
    ],
    ['that does not tell its scene', {}, 4300],
    ['nobody says where, online only', { terms: { scene: 'online' } }, 4300],
    ['nobody says where, in store only', { terms: { scene: 'in_store' } }, 4300],
    ['online, with a coupon for both', { scene: 'online' }, 4300],
  ]);
});

// At noon UTC it is 20:00 of a Saturday in Shanghai.
describe('the hour', () => {
  const hours = (days: Weekday[], from: string, to: string, timeZone = 'Asia/Shanghai') => ({
    terms: { timeZone, useHours: [{ days, from, to }] },
  });
  check([
    ['is one of the class', hours(['sat'], '20:00', '21:00'), 4300],
    ['is over just now', hours(['sat'], '19:00', '20:00'), 'outside-use-hours'],
    ['is of another day', hours(['sun'], '20:00', '21:00'), 'outside-use-hours'],
    ['is of another zone', hours(['sat'], '20:00', '21:00', 'UTC'), 'outside-use-hours'],
    ['began the day before', hours(['fri'], '22:00', '20:01'), 4300],
  ]);
});

describe('the member', () => {
  check([
    ['is a PLUS member', { terms: { plusOnly: true }, member: { plus: true } }, 4300],
    ['is none', { terms: { plusOnly: true } }, 'member-not-eligible'],
    [
      'holds one of the classes',
      { terms: { memberClasses: ['1.a', '1.b'] }, member: { passClasses: ['1.b'] } },
      4300,
    ],
    [
      'holds another',
      { terms: { memberClasses: ['1.a'] }, member: { passClasses: ['1.c'] } },
      'member-not-eligible',
    ],
  ]);
});

describe('the order', () => {
  check([
    ['just reaches the minimum', { order: { totalMinor: 3000 } }, 2500],
    ['misses it by one', { order: { totalMinor: 2999 } }, 'min-spend-not-met'],
    ['in another currency', { order: { currency: 'EUR' } }, 'currency-mismatch'],
    [
      'a percentage has no currency',
      { terms: { discount: { kind: 'percent', percent: 10 } }, order: { currency: 'EUR' } },
      4320,
    ],
    ['of nothing', { terms: { minSpendMinor: 0 }, order: { totalMinor: 0 } }, 'min-spend-not-met'],
    [
      'too small for a percentage to come to anything',
      {
        terms: { minSpendMinor: 0, discount: { kind: 'percent', percent: 1 } },
        order: { totalMinor: 99 },
      },
      'min-spend-not-met',
    ],
    [
      'just large enough for it',
      {
        terms: { minSpendMinor: 0, discount: { kind: 'percent', percent: 1 } },
        order: { totalMinor: 100 },
      },
      99,
    ],
    [
      'with nothing to pay for what would be free',
      {
        terms: { minSpendMinor: 0, discount: { kind: 'exchange', sku: 'cup' } },
        order: { lines: [{ sku: 'cup', quantity: 1, unitPriceMinor: 0 }], totalMinor: 0 },
      },
      'min-spend-not-met',
    ],
    [
      'has nothing in scope',
      { terms: { scope: { kind: 'items', include: ['bun'], exclude: [] } } },
      'scope-not-met',
    ],
    [
      'reaches the minimum only with goods out of scope',
      {
        terms: { scope: { kind: 'items', include: ['bun'], exclude: [] } },
        order: {
          totalMinor: 6999,
          lines: [
            { sku: 'bun', quantity: 1, unitPriceMinor: 2999 },
            { sku: 'pen', quantity: 1, unitPriceMinor: 4000 },
          ],
        },
      },
      'min-spend-not-met',
    ],
    [
      'reaches it with what is in scope, and all is paid together',
      {
        terms: { scope: { kind: 'items', include: ['bun'], exclude: [] } },
        order: {
          totalMinor: 7000,
          lines: [
            { sku: 'bun', quantity: 1, unitPriceMinor: 3000 },
            { sku: 'pen', quantity: 1, unitPriceMinor: 4000 },
          ],
        },
      },
      6500,
    ],
  ]);
});

/** Each refusal with what alone brings it about. */
const CAUSES: readonly (readonly [code: string, Change])[] = [
  ['issuer-not-authorised', { redemptionIssuerId: '123' }],
  ['coupon-voided', { coupon: { status: 'voided' } }],
  ['coupon-already-redeemed', { coupon: { status: 'redeemed' } }],
  ['coupon-expired', { coupon: { expiresAt: noon(-1) } }],
  ['coupon-held', { coupon: { held: true } }],
  ['coupon-not-yet-available', { coupon: { availableAt: noon(1) } }],
  ['outside-use-hours', { terms: { useHours: [{ days: ['mon'], from: '09:00', to: '10:00' }] } }],
  ['member-not-eligible', { terms: { plusOnly: true } }],
  ['store-not-eligible', { terms: { stores: ['harbour'] } }],
  ['scene-not-allowed', { terms: { scene: 'online' }, scene: 'in_store' }],
  ['currency-mismatch', { order: { currency: 'EUR' } }],
  ['scope-not-met', { terms: { regularPriceOnly: true } }],
  ['min-spend-not-met', { order: { totalMinor: 1 } }],
];

describe('of several reasons the first is told', () => {
  test('there is a cause for every refusal, in their order', () => {
    expect(CAUSES.map(([code]) => code)).toEqual(REDEMPTION_REFUSALS);
  });

  const pairs = CAUSES.flatMap((first, index) =>
    CAUSES.slice(index + 1).map((second) => [first[0], second[0], first[1], second[1]] as const),
  );
  test.each(pairs)('%s before %s', (expected, _then, cause, also) => {
    expect(told(changed(cause, changed(also)))).toBe(expected);
  });
});

describe('a reversal', () => {
  type Facts = Parameters<typeof decideReversal>[0];
  const STANDING: Facts = {
    state: 'confirmed',
    reversed: false,
    withdrawn: false,
    couponExpiresAt: noon(1000),
    clone: null,
  };
  test.each<[what: string, Partial<Facts>, told: string]>([
    ['gives a good coupon back', {}, 'issued'],
    ['in its last millisecond', { couponExpiresAt: noon(1) }, 'issued'],
    ['gives an expired one back as that', { couponExpiresAt: noon(0) }, 'expired'],
    ['gives one of a withdrawn class back as voided', { withdrawn: true }, 'voided'],
    ['also an expired one', { withdrawn: true, couponExpiresAt: noon(0) }, 'voided'],
    ['takes an unused clone with it', { clone: { status: 'issued', held: false } }, 'issued'],
    ['an expired clone too', { clone: { status: 'expired', held: false } }, 'issued'],
    ['a withdrawn clone is no obstacle', { clone: { status: 'voided', held: false } }, 'issued'],
    [
      'not after the clone was used',
      { clone: { status: 'redeemed', held: false } },
      'clone-already-redeemed',
    ],
    ['nor given away', { clone: { status: 'transferred', held: false } }, 'clone-already-redeemed'],
    [
      'nor while a till holds it',
      { clone: { status: 'issued', held: true } },
      'clone-already-redeemed',
    ],
    ['not of what is only held', { state: 'held' }, 'redemption-held'],
    ['nor of what was released', { state: 'released' }, 'hold-released'],
    ['not twice', { reversed: true }, 'redemption-already-reversed'],
    [
      'which is told first',
      { reversed: true, clone: { status: 'redeemed', held: false } },
      'redemption-already-reversed',
    ],
  ])('%s', (_what, change, expected) => {
    const decision = decideReversal({ ...STANDING, ...change }, noon(0));
    expect(decision.ok ? decision.couponStatus : decision.refusal).toBe(expected);
  });
});

describe('a hold', () => {
  const HELD: HeldFacts = { state: 'held', heldUntil: noon(1000), couponStatus: 'issued' };
  test.each<[what: string, Partial<HeldFacts>, refusal: string | null]>([
    ['is confirmed', {}, null],
    ['in its last millisecond', { heldUntil: noon(1) }, null],
    ['not at its end', { heldUntil: noon(0) }, 'hold-expired'],
    ['nor after somebody wrote that', { heldUntil: noon(0), state: 'released' }, 'hold-expired'],
    ['also past the end of its coupon', { couponStatus: 'expired' }, null],
    ['not of a withdrawn coupon', { couponStatus: 'voided' }, 'coupon-voided'],
    ['not after it was released', { state: 'released' }, 'hold-released'],
    ['not twice', { state: 'confirmed' }, 'redemption-confirmed'],
    ['nor where none was', { state: 'confirmed', heldUntil: null }, 'redemption-confirmed'],
  ])('%s', (_what, change, refusal) => {
    expect(decideConfirmation({ ...HELD, ...change }, noon(0))).toBe(refusal);
  });

  test('is released, also twice, and not once it is confirmed', () => {
    expect(decideRelease({ state: 'held' })).toBeNull();
    expect(decideRelease({ state: 'released' })).toBeNull();
    expect(decideRelease({ state: 'confirmed' })).toBe('redemption-confirmed');
  });
});

test('every status of a coupon is decided on', () => {
  const statuses: CouponStatus[] = ['issued', 'redeemed', 'expired', 'voided', 'transferred'];
  const good = statuses.filter(
    (status) => typeof told(changed({ coupon: { status } })) === 'number',
  );
  expect(good).toEqual(['issued']);
});
