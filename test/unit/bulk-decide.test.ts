import { describe, expect, test } from 'vitest';
import { decideBulkIssue, decideNextStep, type Progress } from '../../src/bulk/decide.ts';
import { unknownExternalId } from '../../src/bulk/model.ts';
import type { IssueType } from '../../src/coupons/model.ts';

describe('a class', () => {
  test.each<[IssueType, voided: boolean, refusal: string | null]>([
    ['manual', false, null],
    ['registration', false, null],
    ['after_payment', false, null],
    ['reward', false, null],
    ['tap_claim', false, 'bulk-needs-manual-class'],
    ['manual', true, 'coupon-class-voided'],
    ['tap_claim', true, 'coupon-class-voided'],
  ])('%s, voided %s: %s', (issueType, voided, refusal) => {
    expect(decideBulkIssue({ issueType, voidedAt: voided ? new Date(0) : null })).toBe(refusal);
  });
});

describe('the next step', () => {
  test.each<[Progress['status'], position: number, total: number, until: number, isLast: boolean]>([
    ['running', 0, 1200, 500, false],
    ['running', 500, 1200, 1000, false],
    ['running', 1000, 1200, 1200, false],
    ['running', 1200, 1200, 1200, true],
    ['running', 0, 500, 500, false],
    ['running', 0, 1, 1, false],
    ['running', 0, 0, 0, true],
    ['cancelled', 500, 1200, 500, true],
    ['cancelled', 0, 1200, 0, true],
    ['done', 1200, 1200, 1200, true],
  ])('%s at %i of %i: until %i, last %s', (status, position, total, until, isLast) => {
    expect(decideNextStep({ status, position, total }, 500)).toEqual({ until, isLast });
  });

  test('leads from the first wallet to the last, each once', () => {
    for (const total of [0, 1, 499, 500, 501, 2000]) {
      const handedIn: number[] = [];
      let position = 0;
      for (;;) {
        const { until, isLast } = decideNextStep({ status: 'running', position, total }, 500);
        for (let item = position; item < until; item++) handedIn.push(item);
        position = until;
        if (isLast) break;
      }
      expect(handedIn).toEqual(Array.from({ length: total }, (_, item) => item));
    }
  });
});

test('a wallet that nobody knows is told from one by its colon', () => {
  expect(unknownExternalId('wal_01jd8q6y0v5f3t9n2k4c7h1mbx')).toBeNull();
  expect(unknownExternalId('external:a:b')).toBe('a:b');
});
