import { describe, expect, test } from 'vitest';
import type { PassBody, ReviewStatus, Vertical } from '../../src/passes/model.ts';
import { type ChangeMode, classTerms, decideReview, objectTerms } from '../../src/passes/rules.ts';
import { parseTime } from '../../src/passes/validity.ts';

/** The value of a decision, or the name of its refusal. */
function told<Value>(
  outcome: { ok: true; value: Value } | { ok: false; refusal: string },
): Value | string {
  return outcome.ok ? outcome.value : outcome.refusal;
}

describe('the review status of a class', () => {
  type Row = [Vertical, ChangeMode, current: ReviewStatus | null, asked: unknown, told: string];
  const rows: Row[] = [
    ['loyalty', 'insert', null, 'UNDER_REVIEW', 'APPROVED'],
    ['loyalty', 'insert', null, 'DRAFT', 'DRAFT'],
    ['loyalty', 'insert', null, 'APPROVED', 'review-status-not-yours'],
    ['loyalty', 'insert', null, 'REJECTED', 'review-status-not-yours'],
    ['loyalty', 'insert', null, undefined, 'review-status-missing'],
    ['loyalty', 'insert', null, 'REVIEW_STATUS_UNSPECIFIED', 'review-status-missing'],
    ['loyalty', 'replace', 'DRAFT', 'DRAFT', 'DRAFT'],
    ['loyalty', 'replace', 'DRAFT', 'UNDER_REVIEW', 'APPROVED'],
    ['loyalty', 'replace', 'APPROVED', 'UNDER_REVIEW', 'APPROVED'],
    ['loyalty', 'replace', 'APPROVED', 'DRAFT', 'review-status-back-to-draft'],
    ['loyalty', 'replace', 'APPROVED', 'APPROVED', 'review-status-not-yours'],
    ['loyalty', 'replace', 'APPROVED', undefined, 'review-status-missing'],
    ['loyalty', 'merge', 'APPROVED', undefined, 'APPROVED'],
    ['loyalty', 'merge', 'DRAFT', undefined, 'DRAFT'],
    ['loyalty', 'merge', 'DRAFT', 'UNDER_REVIEW', 'APPROVED'],
    ['loyalty', 'merge', 'APPROVED', 'DRAFT', 'review-status-back-to-draft'],
    ['transit', 'insert', null, undefined, 'review-status-missing'],
    ['generic', 'insert', null, undefined, 'APPROVED'],
    ['generic', 'replace', 'APPROVED', undefined, 'APPROVED'],
  ];
  test.each(rows)('%s %s of %s asking %s: %s', (vertical, mode, current, asked, expected) => {
    expect(told(decideReview(vertical, asked, current, mode))).toBe(expected);
  });
});

describe('what a tap decides by, of a class', () => {
  const rows: [PassBody, ReturnType<typeof classTerms>][] = [
    [{}, { enableSmartTap: false, redemptionIssuers: [], severalHolders: false }],
    [
      { enableSmartTap: true, redemptionIssuers: ['1', '2', '1'] },
      { enableSmartTap: true, redemptionIssuers: ['1', '2'], severalHolders: false },
    ],
  ];
  test.each(rows)('%j', (body, expected) => expect(classTerms(body)).toEqual(expected));

  test.each([
    [undefined, false],
    ['STATUS_UNSPECIFIED', false],
    ['ONE_USER_ALL_DEVICES', false],
    ['ONE_USER_ONE_DEVICE', false],
    ['MULTIPLE_HOLDERS', true],
  ])('several holders with %s: %s', (status, expected) => {
    const terms = classTerms({ multipleDevicesAndHoldersAllowedStatus: status });
    expect(terms.severalHolders).toBe(expected);
  });

  test('the deprecated flag for several users says nothing', () => {
    expect(classTerms({ allowMultipleUsersPerObject: true }).severalHolders).toBe(false);
  });
});

describe('the state of an object', () => {
  test.each<[Vertical, unknown, string]>([
    ['loyalty', 'ACTIVE', 'ACTIVE'],
    ['loyalty', 'COMPLETED', 'COMPLETED'],
    ['loyalty', 'EXPIRED', 'EXPIRED'],
    ['loyalty', 'INACTIVE', 'INACTIVE'],
    ['loyalty', undefined, 'state-missing'],
    ['offer', 'STATE_UNSPECIFIED', 'state-missing'],
    ['generic', undefined, 'ACTIVE'],
    ['generic', 'STATE_UNSPECIFIED', 'ACTIVE'],
    ['generic', 'INACTIVE', 'INACTIVE'],
  ])('%s %s: %s', (vertical, state, expected) => {
    const outcome = objectTerms(vertical, { state });
    expect(outcome.ok ? outcome.value.state : outcome.refusal).toBe(expected);
  });
});

describe('the value that the terminal receives', () => {
  const all = { smartTapRedemptionValue: 'S', barcode: { value: 'B' }, accountId: 'A' };
  test.each<[Vertical, PassBody, string | null]>([
    ['loyalty', all, 'S'],
    ['loyalty', { ...all, smartTapRedemptionValue: undefined }, 'B'],
    ['loyalty', { ...all, smartTapRedemptionValue: '' }, 'B'],
    ['loyalty', { accountId: 'A' }, 'A'],
    ['loyalty', { barcode: { type: 'QR_CODE' }, accountId: 'A' }, 'A'],
    ['loyalty', {}, null],
    ['loyalty', { barcode: { value: '会员' }, accountId: 'A' }, null],
    ['loyalty', { accountId: 'café' }, null],
    ['offer', { barcode: { value: 'B' }, accountId: 'A' }, null],
    ['generic', { barcode: { value: 'B' } }, null],
    ['generic', { smartTapRedemptionValue: 'S' }, 'S'],
    ['loyalty', { smartTapRedemptionValue: '\u001d01~ ' }, '\u001d01~ '],
    ['loyalty', { smartTapRedemptionValue: 'é' }, 'redemption-value-not-ascii'],
    ['loyalty', { smartTapRedemptionValue: '😀' }, 'redemption-value-not-ascii'],
  ])('%s %j: %s', (vertical, body, expected) => {
    const outcome = objectTerms(vertical, { state: 'ACTIVE', ...body });
    expect(outcome.ok ? outcome.value.redemptionValue : outcome.refusal).toBe(expected);
  });
});

describe('the time in which an object is valid', () => {
  const interval = (start?: string, end?: string) => ({
    validTimeInterval: {
      ...(start && { start: { date: start } }),
      ...(end && { end: { date: end } }),
    },
  });
  test.each<[PassBody, [string | null, string | null] | string]>([
    [{}, [null, null]],
    [interval(), [null, null]],
    [interval('2026-11-21T09:00:00+08:00'), ['2026-11-21T01:00:00.000Z', null]],
    [interval(undefined, '2026-11-21T09:00:00Z'), [null, '2026-11-21T09:00:00.000Z']],
    [
      interval('2026-11-21T09:00:00', '2026-11-22T09:00:00'),
      ['2026-11-21T09:00:00.000Z', '2026-11-22T09:00:00.000Z'],
    ],
    [interval('2026-11-21T09:00:00', '2026-11-22T09:00:00Z'), 'interval-mixed-offsets'],
    [interval('2026-11-21T09:00:00+01:00', '2026-11-22T09:00:00'), 'interval-mixed-offsets'],
    [interval('2026-11-22T09:00:00Z', '2026-11-21T09:00:00Z'), 'interval-reversed'],
    [
      interval('2026-11-21T09:00:00+08:00', '2026-11-21T02:00:00Z'),
      ['2026-11-21T01:00:00.000Z', '2026-11-21T02:00:00.000Z'],
    ],
    [interval('soon'), 'interval-not-a-time'],
    [interval(undefined, '2026-02-30T00:00:00Z'), 'interval-not-a-time'],
  ])('%j: %j', (body, expected) => {
    const outcome = objectTerms('loyalty', { state: 'ACTIVE', ...body });
    const iso = (time: Date | null) => time?.toISOString() ?? null;
    const got = outcome.ok
      ? [iso(outcome.value.validFrom), iso(outcome.value.validUntil)]
      : outcome.refusal;
    expect(got).toEqual(expected);
  });

  test.each<[string, string | undefined]>([
    ['1985-04-12T23:20:50.52Z', '1985-04-12T23:20:50.520Z'],
    ['1985-04-12T19:20:50.52-04:00', '1985-04-12T23:20:50.520Z'],
    ['1985-04-12T19:20:50.520000001-04:00', '1985-04-12T23:20:50.520Z'],
    ['1985-04-12T19:20:50-04:00:30', '1985-04-12T23:21:20.000Z'],
    ['2028-02-29T12:30Z', '2028-02-29T12:30:00.000Z'],
    ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59.000Z'],
    ['9999-12-31T23:59:59-01:00', undefined],
    ['2027-02-29T00:00:00Z', undefined],
    ['2027-13-01T00:00:00Z', undefined],
    ['2027-01-01T24:00:00Z', undefined],
    ['2027-01-01T23:59:60Z', undefined],
    ['2027-01-01T00:00:00+19:00', undefined],
    ['0050-01-01T00:00:00Z', undefined],
    ['2027-01-01', undefined],
    ['2027-01-01 00:00:00Z', undefined],
    ['2027-01-01T00:00:00.1234567890Z', undefined],
    [' 2027-01-01T00:00:00Z', undefined],
    ['', undefined],
  ])('%s is %s', (text, expected) => {
    expect(parseTime(text)?.toISOString()).toBe(expected);
  });
});
