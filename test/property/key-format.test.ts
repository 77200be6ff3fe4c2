import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newApiKey, parseApiKey } from '../../src/access/key-format.ts';

/** Keys are drawn, not built; the seed only says how many. */
const KEY = fc
  .tuple(fc.constantFrom('live' as const, 'test' as const), fc.nat())
  .map(([mode]) => newApiKey(mode));
const CHARACTER = fc.constantFrom(
  ...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-. ',
);

test('a new key is read back as it was made', () => {
  fc.assert(
    fc.property(KEY, ({ key, ...parts }) => {
      expect(parseApiKey(key)).toEqual(parts);
    }),
  );
});

test('one wrong character is always noticed', () => {
  fc.assert(
    fc.property(KEY, fc.nat(), CHARACTER, ({ key }, place, character) => {
      const at = place % key.length;
      fc.pre(key[at] !== character);
      expect(parseApiKey(key.slice(0, at) + character + key.slice(at + 1))).toBeNull();
    }),
    { numRuns: 5000 },
  );
});

test('two neighbours exchanged are always noticed', () => {
  fc.assert(
    fc.property(KEY, fc.nat(), ({ key }, place) => {
      const at = place % (key.length - 1);
      fc.pre(key[at] !== key[at + 1]);
      const [left, right] = [key.charAt(at), key.charAt(at + 1)];
      expect(parseApiKey(key.slice(0, at) + right + left + key.slice(at + 2))).toBeNull();
    }),
    { numRuns: 2000 },
  );
});

test('a character lost or doubled is always noticed', () => {
  fc.assert(
    fc.property(KEY, fc.nat(), ({ key }, place) => {
      const at = place % key.length;
      expect(parseApiKey(key.slice(0, at) + key.slice(at + 1))).toBeNull();
      expect(parseApiKey(key.slice(0, at) + key.slice(at, at + 1) + key.slice(at))).toBeNull();
    }),
  );
});

test('nothing else throws or is taken for a key', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 120, unit: 'binary' }), (text) => {
      expect(parseApiKey(text)).toBeNull();
      expect(parseApiKey(`tk_live_${text}`)).toBeNull();
    }),
  );
});
