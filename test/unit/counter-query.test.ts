import { describe, expect, it } from 'vitest';
import { type QueryMeaning, readQuery } from '../../src/counter/query-rules.ts';

const NOTHING: QueryMeaning = {
  memberNumber: null,
  couponCode: null,
  passValue: null,
  namePrefix: null,
};
const CODE = '7Q2M9K4D01JD8Q6Y0V5F3T9N2K';

describe('what a cashier types or scans', () => {
  it.each<[typed: string, meaning: Partial<QueryMeaning>]>([
    ['11', { memberNumber: 11 }],
    [' 11 ', { memberNumber: 11 }],
    ['１１', { memberNumber: 11 }],
    ['8000', { memberNumber: 8000, passValue: '8000' }],
    ['123456789012345', { memberNumber: 123456789012345, passValue: '123456789012345' }],
    ['0011', { passValue: '0011' }],
    ['1234567890123456', { passValue: '1234567890123456' }],
    [CODE, { couponCode: CODE, passValue: CODE }],
    [CODE.toLowerCase(), { couponCode: CODE, passValue: CODE.toLowerCase() }],
    [` ${CODE} `, { couponCode: CODE, passValue: CODE }],
    [`${CODE}X`, { passValue: `${CODE}X`, namePrefix: `${CODE}X`.toLowerCase() }],
    [
      CODE.replace('Q', 'U'),
      { passValue: CODE.replace('Q', 'U'), namePrefix: CODE.replace('Q', 'U').toLowerCase() },
    ],
    ['An', { namePrefix: 'an' }],
    ['ＡＮ', { namePrefix: 'an' }],
    ['王', { namePrefix: '王' }],
    ['小宝宝1', { passValue: '小宝宝1', namePrefix: '小宝宝1' }],
    ["O'Neil %_", { passValue: "O'Neil %_", namePrefix: "o'neil %_" }],
    ['M1990-11', { passValue: 'M1990-11', namePrefix: 'm1990-11' }],
    ['x'.repeat(41), { passValue: 'x'.repeat(41) }],
  ])('%j', (typed, meaning) => {
    expect(readQuery(typed)).toEqual({ ...NOTHING, ...meaning });
  });

  it.each(['', ' ', 'a', '0', '００', 'a\nb', 'a\u0000bcd', '\u001dabcd', 'x'.repeat(201)])(
    'nothing: %j',
    (typed) => {
      expect(readQuery(typed)).toBeNull();
    },
  );
});
