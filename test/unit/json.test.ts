import { describe, expect, test } from 'vitest';
import { parseJson } from '../../src/platform/json.ts';

describe('long integers keep their digits', () => {
  test.each<[text: string, read: unknown]>([
    ['{"a":9223372036854775807}', { a: 9223372036854775807n }],
    ['[1234567890123456]', [1234567890123456n]],
    ['[-9223372036854775808]', [-9223372036854775808n]],
    ['[123456789012345]', [123456789012345]],
    ['[12345678901234567890]', [Number('12345678901234567890')]],
    ['"1234567890123456789"', '1234567890123456789'],
    ['"a\\"1234567890123456789\\""', 'a"1234567890123456789"'],
    ['{"1234567890123456789":1}', { '1234567890123456789': 1 }],
    ['[1234567890123456789.5]', [Number('1234567890123456789.5')]],
    ['[1234567890123456e2]', [1234567890123456e2]],
    ['[0.1234567890123456]', [0.1234567890123456]],
    ['[1234567890123456,"0x1","1"]', [1234567890123456n, '0x1', '1']],
  ])('%s', (text, read) => expect(parseJson(text)).toEqual({ ok: true, value: read }));

  test('and a text cannot pass for one', () => {
    const text = '[1234567890123456,"\\u00001"]';
    expect(parseJson(text)).toEqual({ ok: false, flaw: 'unstorable-text' });
  });
});

describe('a text that is not one storable JSON document', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  test.each<[what: string, text: string, told: unknown]>([
    ['an object', '{"a":[1,null,true,"x"]}', { a: [1, null, true, 'x'] }],
    ['white space around it', ' \n{"a":1}\t', { a: 1 }],
    ['nothing', '', 'malformed'],
    ['half of one', '{"a":', 'malformed'],
    ['two of them', '{}{}', 'malformed'],
    ['a trailing comma', '{"a":1,}', 'malformed'],
    ['a comment', '{} // x', 'malformed'],
    ['a long integer for a name', '{12345678901234567890:1}', 'malformed'],
    ['a long integer that begins with 0', '[0000000000000000001]', 'malformed'],
    ['single quotes', "{'a':1}", 'malformed'],
    ['NaN', '[NaN]', 'malformed'],
    ['a byte order mark', '\ufeff{}', 'malformed'],
    ['a raw control character', '"\u0001"', 'malformed'],
    ['NUL in a text', '{"a":"x\\u0000"}', 'unstorable-text'],
    ['NUL in a name', '{"\\u0000":1}', 'unstorable-text'],
    ['half a surrogate pair', '["\\ud83d"]', 'unstorable-text'],
    ['its other half', '["\\ude00"]', 'unstorable-text'],
    ['both halves', '["\\ud83d\\ude00"]', ['😀']],
    ['32 levels', nested(32), JSON.parse(nested(32))],
    ['33 levels', nested(33), 'too-deep'],
    ['100,000 levels', nested(100_000), 'too-deep'],
    ['a string of a million characters', `["${'a'.repeat(1_000_000)}"]`, ['a'.repeat(1_000_000)]],
  ])('%s', (_what, text, told) => {
    const parsed = parseJson(text);
    expect(parsed.ok ? parsed.value : parsed.flaw).toEqual(told);
  });
});

test('a string that never ends costs no more than its length', () => {
  const begun = performance.now();
  expect(parseJson(`"${'\\"'.repeat(500_000)}`)).toEqual({ ok: false, flaw: 'malformed' });
  expect(performance.now() - begun).toBeLessThan(1000);
});
