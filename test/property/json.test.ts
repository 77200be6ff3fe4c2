import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJson } from '../../src/platform/json.ts';

const INT64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

/** The value with every integer of 16 to 19 digits as a bigint. */
function withLongIntegers(value: unknown): unknown {
  if (typeof value === 'number') {
    const text = JSON.stringify(value);
    return /^-?\d{16,19}$/.test(text) ? BigInt(text) : value;
  }
  if (Array.isArray(value)) return value.map(withLongIntegers);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [name, withLongIntegers(member)]);
  return Object.fromEntries(members);
}

test('reading changes nothing but long integers', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 1, 2), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const parsed = parseJson(text);
      if (parsed.ok) expect(parsed.value).toEqual(withLongIntegers(JSON.parse(text)));
    }),
    { numRuns: 3000 },
  );
});

test('every int64 arrives with all its digits', () => {
  fc.assert(
    fc.property(INT64, (id) => {
      const parsed = parseJson(`{"issuerId":${id}}`);
      expect(parsed.ok).toBe(true);
      const { issuerId } = (parsed.ok ? parsed.value : {}) as { issuerId: unknown };
      expect(String(issuerId)).toBe(String(id));
    }),
    { numRuns: 3000 },
  );
});

test('what JSON.parse refuses stays refused, and nothing throws', () => {
  const PIECE = fc.constantFrom(
    '"',
    '\\',
    '\\"',
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    '1',
    '12345678901234567890',
    '-',
    '.',
    'e',
    'x',
    ' ',
  );
  const isJson = (text: string) => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };
  fc.assert(
    fc.property(
      fc.array(PIECE, { maxLength: 12 }).map((pieces) => pieces.join('')),
      (text) => {
        expect(parseJson(text).ok).toBe(isJson(text));
      },
    ),
    { numRuns: 20_000 },
  );
});
