import { expect, test } from 'vitest';
import { waitAskedFor } from '../../src/claims/prefer.ts';

test.each<[prefer: string | undefined, milliseconds: number]>([
  [undefined, 5000],
  ['', 5000],
  ['respond-async', 0],
  ['Respond-Async', 0],
  ['return=minimal, respond-async', 0],
  ['respond-async; reason=slow', 0],
  ['respond-asynchronously', 5000],
  ['wait=0', 0],
  ['wait=1', 1000],
  ['wait="2"', 2000],
  ['wait = 3', 3000],
  ['wait=3; foo=bar', 3000],
  ['handling=lenient, wait=1', 1000],
  ['wait=5', 5000],
  ['wait=6', 5000],
  ['wait=999999', 5000],
  // RFC 7240 §4.3: asynchronously if it takes longer than that.
  ['respond-async, wait=2', 2000],
  ['wait=2, respond-async', 2000],
  // §2: only the first instance counts.
  ['wait=1, wait=4', 1000],
  ['wait=-1', 5000],
  ['wait=1.5', 5000],
  ['wait=soon', 5000],
  ['wait=', 5000],
  ['wait', 5000],
  ['wait=1e3', 5000],
  ['wait=0x10', 5000],
  ['wait=99999999999', 5000],
  ['=', 5000],
  [',,;;==', 5000],
  ['respond-async, wait=soon', 0],
])('Prefer %j waits for %d ms', (prefer, milliseconds) => {
  expect(waitAskedFor(prefer).milliseconds).toBe(milliseconds);
});

test.each([
  [undefined, null],
  ['handling=strict', null],
  ['wait=soon', null],
  ['wait=2', 'wait=2'],
  ['wait=99', 'wait=5'],
  ['respond-async', 'respond-async'],
  ['respond-async, wait=2', 'wait=2'],
])('of Prefer %j the answer says that %j was applied', (prefer, applied) => {
  expect(waitAskedFor(prefer).applied).toBe(applied);
});
