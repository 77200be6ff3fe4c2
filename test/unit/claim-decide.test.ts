import { describe, expect, test } from 'vitest';
import { type BatchClaim, decideBatch, decideClaim } from '../../src/claims/decide.ts';
import { CLAIM_REFUSALS, type Claimant, type ClaimTerms } from '../../src/claims/model.ts';

const NOON = Date.UTC(2026, 10, 21, 12);
const MINUTE = 60_000;
/** Minutes and milliseconds from noon, when all is decided here. */
const noon = (minutes: number, milliseconds = 0) =>
  new Date(NOON + minutes * MINUTE + milliseconds);

const TERMS: ClaimTerms = {
  issueType: 'manual',
  claimStart: noon(-60),
  claimEnd: noon(60),
  perMemberLimit: 1,
  stock: 10,
  claimed: 0,
  validity: { kind: 'relative', availableAfterHours: 0, validDays: 7 },
  memberClasses: [],
  plusOnly: false,
  stores: [],
  timeZone: 'Asia/Shanghai',
  claimHours: [],
  perMemberDayLimit: null,
  perMemberWeekLimit: null,
  discount: { kind: 'amount', amountMinor: 500, currency: 'CNY' },
  budgetMinor: null,
  committedMinor: 0,
  draft: false,
  voidedAt: null,
};
const ANA: Claimant = {
  known: true,
  plus: false,
  passClasses: [],
  claimed: 0,
  claimedToday: 0,
  claimedThisWeek: 0,
  tap: null,
};
const tapped = (tappedAt: Date, storeId: string | null = null) => ({ tap: { tappedAt, storeId } });

type Row = [what: string, Partial<ClaimTerms>, Partial<Claimant>, told: string | null];

function check(rows: readonly Row[]): void {
  test.each(rows)('%s', (_what, terms, claimant, told) => {
    expect(decideClaim({ ...TERMS, ...terms }, { ...ANA, ...claimant }, noon(0))).toBe(told);
  });
}

describe('who may claim', () => {
  check([
    ['anyone', {}, {}, null],
    ['a wallet that is not there, or not the caller’s', {}, { known: false }, 'wallet-not-found'],
    ['a PLUS class, a PLUS member', { plusOnly: true }, { plus: true }, null],
    ['a PLUS class, any other', { plusOnly: true }, {}, 'member-not-eligible'],
    [
      'a class for Gold, with Gold',
      { memberClasses: ['1.gold'] },
      { passClasses: ['1.gold'] },
      null,
    ],
    [
      'a class for Gold or Silver, with Silver and more',
      { memberClasses: ['1.gold', '1.silver'] },
      { passClasses: ['1.basic', '1.silver'] },
      null,
    ],
    [
      'a class for Gold, with Basic',
      { memberClasses: ['1.gold'] },
      { passClasses: ['1.basic'] },
      'member-not-eligible',
    ],
    ['a class for Gold, with nothing', { memberClasses: ['1.gold'] }, {}, 'member-not-eligible'],
    [
      'a PLUS class for Gold, with Gold alone',
      { plusOnly: true, memberClasses: ['1.gold'] },
      { passClasses: ['1.gold'] },
      'member-not-eligible',
    ],
  ]);
});

const EVENING = { days: ['sat'], from: '20:00', to: '21:00' } as const;

describe('the hours of the week, by the zone of the class', () => {
  check([
    // Noon in UTC on that Saturday is eight in the evening in Shanghai.
    ['inside them', { claimHours: [EVENING] }, {}, null],
    [
      'outside them, though UTC would be inside',
      { claimHours: [{ ...EVENING, from: '12:00', to: '13:00' }] },
      {},
      'outside-claim-hours',
    ],
    [
      'inside them in UTC',
      { claimHours: [{ ...EVENING, from: '12:00', to: '13:00' }], timeZone: 'UTC' },
      {},
      null,
    ],
    ['on another day', { claimHours: [{ ...EVENING, days: ['sun'] }] }, {}, 'outside-claim-hours'],
  ]);
});

describe('limits of a day and a week', () => {
  check([
    ['fewer than a day allows', { perMemberDayLimit: 2 }, { claimedToday: 1 }, null],
    [
      'as many as a day allows',
      { perMemberDayLimit: 2 },
      { claimedToday: 2 },
      'member-day-limit-reached',
    ],
    ['many today, without a limit of the day', {}, { claimedToday: 9 }, null],
    [
      'as many as a week allows',
      { perMemberWeekLimit: 3 },
      { claimedThisWeek: 3 },
      'member-week-limit-reached',
    ],
    ['fewer than a week allows', { perMemberWeekLimit: 3 }, { claimedThisWeek: 2 }, null],
  ]);
});

describe('the budget', () => {
  const percent = { kind: 'percent', percent: 10, maxMinor: 700 } as const;
  check([
    ['that pays for exactly one more', { budgetMinor: 2000, committedMinor: 1500 }, {}, null],
    ['that lacks one cent', { budgetMinor: 1999, committedMinor: 1500 }, {}, 'budget-exhausted'],
    ['by the greatest amount of a percentage', { discount: percent, budgetMinor: 700 }, {}, null],
    [
      'that a percentage might pass',
      { discount: percent, budgetMinor: 699 },
      {},
      'budget-exhausted',
    ],
  ]);
});

describe('the claim window, its end exclusive', () => {
  check([
    ['a millisecond before the start', { claimStart: noon(0, 1) }, {}, 'claim-not-started'],
    ['at the start', { claimStart: noon(0) }, {}, null],
    ['a millisecond before the end', { claimEnd: noon(0, 1) }, {}, null],
    ['at the end', { claimEnd: noon(0) }, {}, 'claim-ended'],
    ['a draft inside its window', { draft: true }, {}, 'claim-not-started'],
    ['voided inside its window', { voidedAt: noon(-1) }, {}, 'coupon-class-voided'],
  ]);
});

describe('what could not be used any more', () => {
  const until = (end: Date, start = noon(-60)): Partial<ClaimTerms> => ({
    validity: { kind: 'fixed', start: start.toISOString(), end: end.toISOString() },
  });
  check([
    ['a fixed validity with a millisecond left', until(noon(0, 1)), {}, null],
    ['a fixed validity that ends now', until(noon(0)), {}, 'claim-ended'],
    ['one that ended within the window', until(noon(-1)), {}, 'claim-ended'],
    ['one that has not begun', until(noon(120), noon(90)), {}, null],
    [
      'a validity that counts from the claim',
      { validity: { kind: 'relative', availableAfterHours: 24, validDays: 1 } },
      {},
      null,
    ],
  ]);
});

describe('the tap of a tap-to-claim class', () => {
  const tapClaim = { issueType: 'tap_claim' } as const;
  const inStores = { ...tapClaim, stores: ['harbour', 'airport'] };
  check([
    ['no tap', tapClaim, {}, 'tap-required'],
    ['a tap just now', tapClaim, tapped(noon(0)), null],
    ['a tap exactly 10 minutes ago', tapClaim, tapped(noon(-10)), null],
    ['a tap 10 minutes and 1 ms ago', tapClaim, tapped(noon(-10, -1)), 'tap-expired'],
    ['another type of issue needs none', { issueType: 'reward' }, {}, null],
    ['and minds no old one', { issueType: 'reward' }, tapped(noon(-600)), null],
    ['in one of the stores', inStores, tapped(noon(0), 'airport'), null],
    ['in another store', inStores, tapped(noon(0), 'old-town'), 'store-not-eligible'],
    ['at a terminal of no store', inStores, tapped(noon(0)), 'store-not-eligible'],
    ['any store will do', tapClaim, tapped(noon(0), 'old-town'), null],
    ['stores bind taps only', { stores: ['harbour'] }, {}, null],
  ]);
});

describe('stock and limit', () => {
  check([
    ['the last piece', { stock: 10, claimed: 9 }, {}, null],
    ['none left', { stock: 10, claimed: 10 }, {}, 'sold-out'],
    ['the last one a member may have', { perMemberLimit: 3 }, { claimed: 2 }, null],
    ['one more than that', { perMemberLimit: 3 }, { claimed: 3 }, 'member-limit-reached'],
  ]);
});

/** Each refusal with what alone brings it about; put together, the first of them is told. */
const CAUSES: readonly [code: string, Partial<ClaimTerms>, Partial<Claimant>][] = [
  ['wallet-not-found', {}, { known: false }],
  ['coupon-class-voided', { voidedAt: noon(-1) }, {}],
  ['claim-not-started', { claimStart: noon(1) }, {}],
  ['claim-ended', { claimEnd: noon(-1) }, {}],
  ['outside-claim-hours', { claimHours: [{ ...EVENING, days: ['sun'] }] }, {}],
  ['tap-required', { issueType: 'tap_claim' }, {}],
  ['tap-expired', { issueType: 'tap_claim' }, tapped(noon(-11))],
  ['store-not-eligible', { issueType: 'tap_claim', stores: ['s'] }, tapped(noon(0))],
  ['member-not-eligible', { plusOnly: true }, {}],
  ['member-limit-reached', {}, { claimed: 1 }],
  ['member-day-limit-reached', { perMemberDayLimit: 1 }, { claimedToday: 1 }],
  ['member-week-limit-reached', { perMemberWeekLimit: 1 }, { claimedThisWeek: 1 }],
  ['sold-out', { claimed: 10 }, {}],
  ['budget-exhausted', { budgetMinor: 499 }, {}],
];

describe('of several reasons the first is told', () => {
  test('there is a cause for every refusal, in their order', () => {
    expect(CAUSES.map(([code]) => code)).toEqual(CLAIM_REFUSALS);
  });

  const pairs = CAUSES.flatMap((first, index) =>
    CAUSES.slice(index + 1).map((second) => [first[0], second[0], first, second] as const),
  );
  // A claim with a tap does not lack one.
  const possible = pairs.filter(
    ([told, , , [, , who]]) => !(told === 'tap-required' && 'tap' in who),
  );
  test.each(possible)('%s before %s', (told, _then, [, terms, who], [, alsoTerms, alsoWho]) => {
    const both = { ...TERMS, ...alsoTerms, ...terms };
    expect(decideClaim(both, { ...ANA, ...alsoWho, ...who }, noon(0))).toBe(told);
  });
});

describe('a batch is decided as if its claims came one after the other', () => {
  const claim = (id: string, walletId: string, who: Partial<Claimant> = {}): BatchClaim => ({
    id,
    walletId,
    claimant: { ...ANA, ...who },
  });
  const decided = (terms: Partial<ClaimTerms>, ...batch: BatchClaim[]) =>
    [...decideBatch({ ...TERMS, ...terms }, batch, noon(0))].map(
      ([id, refusal]) => `${id} ${refusal ?? 'issued'}`,
    );

  test('the stock runs out within it', () => {
    const batch = ['a', 'b', 'c'].map((id) => claim(id, id));
    expect(decided({ stock: 2 }, ...batch)).toEqual(['a issued', 'b issued', 'c sold-out']);
  });

  test('what was claimed before counts', () => {
    const batch = ['a', 'b'].map((id) => claim(id, id));
    expect(decided({ stock: 5, claimed: 4 }, ...batch)).toEqual(['a issued', 'b sold-out']);
  });

  test('a member reaches the limit within it, and the others go on', () => {
    const batch = [claim('a', 'ana'), claim('b', 'ana'), claim('c', 'bo'), claim('d', 'ana')];
    expect(decided({ perMemberLimit: 2 }, ...batch)).toEqual([
      'a issued',
      'b issued',
      'c issued',
      'd member-limit-reached',
    ]);
  });

  test('a refused claim takes nothing from those behind it', () => {
    const batch = [claim('a', 'ana', { known: false }), claim('b', 'bo'), claim('c', 'cy')];
    expect(decided({ stock: 1 }, ...batch)).toEqual([
      'a wallet-not-found',
      'b issued',
      'c sold-out',
    ]);
  });

  test('what could not be used any more takes no stock', () => {
    const [start, end] = [noon(-60).toISOString(), noon(0).toISOString()];
    const over: Partial<ClaimTerms> = { stock: 1, validity: { kind: 'fixed', start, end } };
    const batch = ['a', 'b'].map((id) => claim(id, id));
    expect(decided(over, ...batch)).toEqual(['a claim-ended', 'b claim-ended']);
  });

  test('an empty one comes to nothing', () => expect(decided({})).toEqual([]));
});
