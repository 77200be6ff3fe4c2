import { expect, test } from 'vitest';
import { LANES, laneOf } from '../../src/claims/model.ts';

test('a class always waits in the same lane', () => {
  expect(laneOf('1990.lunch-5-off')).toBe(laneOf('1990.lunch-5-off'));
});

test.each([
  ['of one issuer', (n: number) => `1990.campaign-${n}`],
  ['of many issuers', (n: number) => `${1000 + n}.welcome`],
  ['with dates', (n: number) => `456.day-2026-${String(n).padStart(4, '0')}`],
])('classes %s spread over all lanes', (_what, idOf) => {
  const counts = new Map<number, number>();
  for (let n = 0; n < 8000; n++) {
    const lane = laneOf(idOf(n));
    counts.set(lane, (counts.get(lane) ?? 0) + 1);
  }
  const fair = 8000 / LANES;
  expect([...counts.keys()].sort()).toEqual(Array.from({ length: LANES }, (_, lane) => lane));
  for (const count of counts.values()) expect(Math.abs(count - fair) / fair).toBeLessThan(0.1);
});
