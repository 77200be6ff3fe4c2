import { describe, expect, it } from 'vitest';
import { canonicalJson, sealAfter } from '../../src/audit/chain.ts';
import { gapsIn } from '../../src/audit/gap-rules.ts';
import { type ChainEntry, GENESIS, parseHead } from '../../src/audit/model.ts';
import { verifySeals } from '../../src/audit/verify.ts';
import type { SealRow } from '../../src/audit/verify-store.ts';

const CREATED: ChainEntry = {
  seq: 1,
  at: '2026-11-21T04:05:06.789Z',
  actor: 'root',
  action: 'wallet.create',
  subject: 'wal_01jd8q6y0v5f3t9n2k4c7h1mbx',
  outcome: 'created',
  detail: '{}',
};
const REDEEMED: ChainEntry = {
  seq: 3,
  at: '2026-11-21T04:05:07.000Z',
  actor: 'key:b7Qm2Xw9LrT4kZ0a',
  action: 'redeem',
  subject: 'cpn_01jd8q6y0v5f3t9n2k4c7h3tsw',
  outcome: 'redeemed',
  // As PostgreSQL prints a jsonb: short names first.
  detail:
    '{"": "", "note": "午餐 \\"5\\"\\n\u2028", "rule": "redeemed", "sums": [3900, 500, {"a": {}, "z": true}], "classId": "1990.lunch-5-off", "storeId": null, "version": 2}',
};

describe('a seal', () => {
  // Computed by Python's json.dumps(sort_keys=True) and hashlib.
  it('is the SHA-256 of the hash before it, its position and its entry', () => {
    const first = sealAfter(GENESIS, CREATED);
    expect(first).toEqual({
      position: 1,
      hash: '18cf22b908fbd49273a2148956c31d21b475f0a9d03488d090c3e4bce87d7c52',
    });
    expect(sealAfter(first, REDEEMED)).toEqual({
      position: 2,
      hash: '38047035c0f3585cf2053cfc26f28aecf6ece1c68e5c6880bb8deed8490bed72',
    });
  });

  it.each(Object.keys(CREATED) as (keyof ChainEntry)[])('covers %s', (column) => {
    const changed = { ...CREATED, [column]: column === 'seq' ? 2 : '{"a": 1}' };
    expect(sealAfter(GENESIS, changed).hash).not.toBe(sealAfter(GENESIS, CREATED).hash);
  });

  it('tells where one column ends and the next begins', () => {
    const one = { ...CREATED, actor: 'a","b', action: 'c' };
    const other = { ...CREATED, actor: 'a', action: 'b","c' };
    expect(sealAfter(GENESIS, one).hash).not.toBe(sealAfter(GENESIS, other).hash);
  });
});

describe('canonical JSON', () => {
  it.each([
    ['{}', '{}'],
    ['[]', '[]'],
    ['null', 'null'],
    ['{"b": 1, "a": 2}', '{"a":2,"b":1}'],
    [
      '{"b": {"d": [1, {"f": 1, "e": 2}], "c": 0}, "aa": []}',
      '{"aa":[],"b":{"c":0,"d":[1,{"e":2,"f":1}]}}',
    ],
    ['{"10": 1, "9": 2, "": 3}', '{"":3,"10":1,"9":2}'],
    ['{"__proto__": 1, "a": {}}', '{"__proto__":1,"a":{}}'],
    // By UTF-16 code units, as RFC 8785 has it: the emoji begins with a surrogate.
    ['{"\ufb33": 1, "😀": 2}', '{"😀":2,"\ufb33":1}'],
    ['{"a": "x, y: {z} [\\"\\\\"}', '{"a":"x, y: {z} [\\"\\\\"}'],
    // Digits are kept that a double would lose, and so are zeros that say nothing.
    ['[9007199254740993, 1.0, 1.00, -0.5]', '[9007199254740993,1.0,1.00,-0.5]'],
    ['[true, false, null, "true"]', '[true,false,null,"true"]'],
  ])('of %s is %s', (text, canonical) => {
    expect(canonicalJson(text)).toBe(canonical);
  });

  it('takes long texts', () => {
    const text = `{"a": "${'x'.repeat(2_000_000)}"}`;
    expect(canonicalJson(text)).toHaveLength(text.length - 1);
  });
});

describe('a head as an operator states it', () => {
  const hash = 'ab'.repeat(32);
  it.each([
    [`17:${hash}`, { position: 17, hash }],
    [`0:${GENESIS.hash}`, GENESIS],
    [`17:${hash.toUpperCase()}`, null],
    [`17:${hash}0`, null],
    [`-1:${hash}`, null],
    [` 17:${hash}`, null],
    [hash, null],
    ['', null],
  ])('%s', (text, head) => {
    expect(parseHead(text)).toEqual(head);
  });
});

describe('gaps', () => {
  it.each<[first: number, last: number, there: number[], gaps: [number, number][]]>([
    [1, 0, [], []],
    [1, 3, [1, 2, 3], []],
    [1, 3, [], [[1, 3]]],
    [
      1,
      5,
      [2, 4],
      [
        [1, 1],
        [3, 3],
        [5, 5],
      ],
    ],
    [
      7,
      9,
      [8],
      [
        [7, 7],
        [9, 9],
      ],
    ],
    [7, 9, [7, 8], [[9, 9]]],
    [7, 9, [9], [[7, 8]]],
  ])('of %j to %j with %j there are %j', (first, last, there, gaps) => {
    const expected = gaps.map(([from, to]) => ({ first: from, last: to }));
    expect(gapsIn({ first, last }, there)).toEqual(expected);
  });
});

describe('the check of a chain', () => {
  const seals = chain(6);
  const end = seals.at(-1)?.hash ?? '';
  const without = (position: number) => seals.filter((seal) => seal.position !== position);
  const changed = (position: number, change: Partial<SealRow>) =>
    seals.map((seal) => (seal.position === position ? { ...seal, ...change } : seal));

  it.each<[what: string, seals: SealRow[], verdict: object]>([
    ['as it was sealed', seals, { ok: true, position: 6, hash: end }],
    ['none', [], { ok: true, ...GENESIS }],
    [
      'an entry is gone',
      changed(3, { sealed: null }),
      { damage: 'deleted', position: 3, entry: 3 },
    ],
    ['a seal is gone', without(3), { damage: 'deleted', position: 3 }],
    [
      'a position comes twice',
      [...seals.slice(0, 4), ...seals.slice(3)],
      { damage: 'inserted', position: 4 },
    ],
    [
      'a position before the first',
      [...changed(1, { position: 0 })],
      { damage: 'inserted', position: 0 },
    ],
    [
      'an entry of another',
      changed(2, { sealed: { ...CREATED, seq: 7 } }),
      { damage: 'changed', position: 2 },
    ],
    [
      'another head was published',
      changed(4, { publishedHash: end }),
      { damage: 'rewritten', position: 4 },
    ],
    ['this head was published', changed(6, { publishedHash: end }), { ok: true }],
  ])('%s', (_what, rows, verdict) => {
    expect(verifySeals(GENESIS, rows)).toMatchObject(verdict);
  });

  it('goes on from any place as it would from the beginning', () => {
    for (let cut = 0; cut <= seals.length; cut++) {
      const first = verifySeals(GENESIS, seals.slice(0, cut));
      if (!first.ok) throw new Error('the first part holds');
      expect(verifySeals(first, seals.slice(cut))).toEqual({ ok: true, position: 6, hash: end });
    }
  });
});

function chain(length: number): SealRow[] {
  let last = GENESIS;
  return Array.from({ length }, (_, index) => {
    const sealed = { ...CREATED, seq: index + 1 };
    last = sealAfter(last, sealed);
    return { ...last, entry: sealed.seq, sealed, publishedHash: null };
  });
}
