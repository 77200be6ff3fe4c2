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
  const counts = new Array<number>(LANES).fill(0);
  for (let n = 0; n < 8000; n++) counts[laneOf(idOf(n))]! += 1;
  expect(Math.min(...counts)).toBeGreaterThan(800);
  expect(Math.max(...counts)).toBeLessThan(1200);
});
