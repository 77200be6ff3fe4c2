import { describe, expect, test } from 'vitest';
import { amountOf, readingsOf } from '../../src/web/counter/omnibox.ts';
import { burstAfter, NO_BURST } from '../../src/web/counter/wedge.ts';

const COUPON = '7Q2M9K4D01JD8Q6Y0V5F3T9N2K';

describe('an amount', () => {
  test.each([
    ['86', 8600],
    ['86.5', 8650],
    ['12.50', 1250],
    ['12,5', 1250],
    ['12,50', 1250],
    ['¥12.5', 1250],
    ['￥12.5', 1250],
    ['12.5元', 1250],
    ['１２．５０', 1250],
    ['1250分', 1250],
    ['1,286.00', 128600],
    ['12,345,678.90', 1234567890],
    ['0.01', 1],
    [' 86 ', 8600],
  ])('%s is %i', (typed, totalMinor) => {
    expect(amountOf(typed)).toMatchObject({ kind: 'amount', totalMinor });
  });

  test.each(['0', '0.00', '', '12.505', '1.2.3', '-5', 'abc', '1,28,6', '99999999999999'])(
    '%s is none',
    (typed) => {
      expect(amountOf(typed)).toBeNull();
    },
  );

  test('of five figures is asked about', () => {
    expect(amountOf('9999.99')).toMatchObject({ odd: false });
    expect(amountOf('10000')).toMatchObject({ odd: true });
  });
});

describe('what is typed', () => {
  test.each([
    ['86', false, 'amount 8600, search 86'],
    ['4821', false, 'amount 482100, search 4821'],
    ['4821', true, 'search 4821'],
    ['13800000001', false, 'search 13800000001'],
    ['138 0000 0001', false, 'search 13800000001'],
    ['#11', false, 'search 11'],
    ['No. 11', false, 'search 11'],
    ['*4821', false, 'search 4821'],
    ['12.50', true, 'amount 1250'],
    ['王', false, 'search 王'],
    ['Alexandra', false, 'search Alexandra'],
    [COUPON, false, `coupon ${COUPON}`],
    [COUPON.toLowerCase(), false, `coupon ${COUPON}`],
    ['7Q2M 9K4D 01JD 8Q6Y 0V5F 3T9N 2K', false, `coupon ${COUPON}`],
    ['   ', false, ''],
  ])('%s (look up: %s) may mean: %s', (typed, lookup, meanings) => {
    const told = readingsOf(typed, lookup).map((reading) =>
      reading.kind === 'amount'
        ? `amount ${reading.totalMinor}`
        : `${reading.kind} ${reading.query}`,
    );
    expect(told.join(', ')).toBe(meanings);
  });
});

describe('a scanner', () => {
  /** Types the keys with those milliseconds between them. */
  function typed(keys: readonly string[], pauseMs: number): string | null {
    let step: ReturnType<typeof burstAfter> = { burst: NO_BURST, scan: null };
    keys.forEach((key, index) => {
      step = burstAfter(step.burst, key, 1000 + index * pauseMs);
    });
    return step.scan;
  }

  test('is known by its speed, capitals and all', () => {
    expect(typed([...COUPON, 'Enter'], 5)).toBe(COUPON);
    expect(typed(['Shift', 'A', 'Shift', 'B', '1', '2', '3', '4', 'Enter'], 20)).toBe('AB1234');
  });

  test('is not a quick cashier', () => {
    expect(typed([...'138000', 'Enter'], 60)).toBeNull();
    expect(typed([...'86.00', 'Enter'], 5)).toBeNull();
    expect(typed([...COUPON], 5)).toBeNull();
  });

  test('begins anew after a pause', () => {
    const before = burstAfter(NO_BURST, '7', 0);
    const first = burstAfter(before.burst, 'A', 400);
    expect(first.burst.text).toBe('A');
  });
});
