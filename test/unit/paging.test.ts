import { describe, expect, test } from 'vitest';
import { cursorOf, pageOf, pageRequest } from '../../src/http/paging.ts';
import { toBase64Url, utf8 } from '../../src/platform/bytes.ts';
import { ProblemError } from '../../src/problems/answer.ts';

const page = (keys: readonly string[], limit: number) =>
  pageOf(
    keys,
    limit,
    (key) => key,
    (key) => `shown ${key}`,
    'keys',
  );

describe('a page', () => {
  test.each<[keys: string[], limit: number, items: number, more: boolean]>([
    [[], 1, 0, false],
    [['a'], 1, 1, false],
    [['a', 'b'], 1, 1, true],
    [['a', 'b'], 2, 2, false],
    [['a', 'b', 'c'], 2, 2, true],
  ])('%j in pages of %d', (keys, limit, items, more) => {
    const { items: shown, nextCursor } = page(keys, limit);
    expect(shown).toEqual(keys.slice(0, items).map((key) => `shown ${key}`));
    expect(nextCursor !== null).toBe(more);
  });

  test.each(['a', '1990.lunch-5-off', '券', 'x'.repeat(200)])('goes on after %j', (key) => {
    const { nextCursor } = page([key, 'next'], 1);
    const cursor = nextCursor ?? '';
    expect(pageRequest({ limit: 7, cursor }, 'keys')).toEqual({ after: key, limit: 7 });
    for (const other of ['', 'key', 'keys:', 'stores']) {
      expect(() => pageRequest({ limit: 7, cursor }, other)).toThrow(ProblemError);
    }
  });
});

describe('the place to begin', () => {
  test('is the start without a cursor', () => {
    expect(pageRequest({ limit: 50 }, 'keys')).toEqual({ after: null, limit: 50 });
  });

  test.each([
    ['empty', ''],
    ['padded', 'YQ=='],
    ['not base64url', '***'],
    ['not canonical', 'YR'],
    ['not UTF-8', '_w'],
    ['NUL', cursorOf('\u0000', 'keys')],
    ['of no list', toBase64Url(utf8('a'))],
    ['without a key', cursorOf('', 'keys')],
  ])('is none of ours: %s', (_what, cursor) => {
    expect(() => pageRequest({ limit: 50, cursor }, 'keys')).toThrow(ProblemError);
  });
});
