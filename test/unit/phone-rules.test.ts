import { describe, expect, test } from 'vitest';
import { decideGuess, MOST_TRIES } from '../../src/members/join-rules.ts';
import { parsePhone, phoneTail } from '../../src/members/phone-rules.ts';

describe('a phone number', () => {
  test.each([
    ['13800138000', '+8613800138000'],
    ['138 0013 8000', '+8613800138000'],
    ['138-0013-8000', '+8613800138000'],
    ['+86 138 0013 8000', '+8613800138000'],
    ['0086 13800138000', '+8613800138000'],
    ['１３８００１３８０００', '+8613800138000'],
    ['+8619900000000', '+8619900000000'],
    ['+852 9123 4567', '+85291234567'],
    ['00852 91234567', '+85291234567'],
    ['+1 (415) 555-2671', '+14155552671'],
    ['+4915112345678', '+4915112345678'],
  ])('%s is %s', (typed, phone) => {
    expect(parsePhone(typed)).toBe(phone);
  });

  test.each([
    '',
    '+',
    '1380013800',
    '138001380001',
    '12800138000',
    '01380013800',
    '+8612800138000',
    '+86138001380001',
    '+0123456789',
    '000123456789',
    '+1234567',
    '+1234567890123456',
    '++8613800138000',
    '+00 8613800138000',
    '8613800138000',
    '138o0138000',
    '13800138000;13900139000',
    '1'.repeat(41),
  ])('%s is none', (typed) => {
    expect(parsePhone(typed)).toBeNull();
  });

  test('is told by its end', () => {
    expect(phoneTail('+8613800138000')).toBe('8000');
  });
});

describe('a typed code', () => {
  const last = MOST_TRIES - 1;
  test.each([
    [{ live: true, tries: 0, matches: true }, 'right'],
    [{ live: true, tries: last, matches: true }, 'right'],
    [{ live: true, tries: 0, matches: false }, 'code-wrong'],
    [{ live: true, tries: last - 1, matches: false }, 'code-wrong'],
    [{ live: true, tries: last, matches: false }, 'too-many-tries'],
    [{ live: true, tries: MOST_TRIES, matches: true }, 'too-many-tries'],
    [{ live: false, tries: 0, matches: true }, 'code-expired'],
    [{ live: false, tries: MOST_TRIES, matches: true }, 'code-expired'],
  ] as const)('%o is %s', (facts, outcome) => {
    expect(decideGuess(facts)).toBe(outcome);
  });
});
