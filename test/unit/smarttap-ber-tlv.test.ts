import { describe, expect, it } from 'vitest';
import {
  decodeTlvs,
  encodeTlv,
  isConstructed,
  TlvSet,
  tagName,
} from '../../src/smarttap/ber-tlv.ts';
import { toHex } from '../../src/smarttap/bytes.ts';
import { hex, refusalOf } from '../support/smart-tap.ts';

describe('a data object', () => {
  it.each([
    [0x50, 0, '5000'],
    [0x50, 127, '507f'],
    [0x50, 128, '508180'],
    [0xbf0c, 255, 'bf0c81ff'],
    [0xbf0c, 256, 'bf0c820100'],
    [0xdf8101, 65_536, 'df810183010000'],
  ])('of tag %i and %i bytes', (tag, size, head) => {
    const encoded = encodeTlv(tag, new Uint8Array(size));
    expect(toHex(encoded.subarray(0, head.length / 2))).toBe(head);
    expect(decodeTlvs(encoded, 't')).toEqual([{ tag, value: new Uint8Array(size) }]);
  });

  it('may have more bytes of length than it needs, as ISO 7816-4 allows', () => {
    const object = { tag: 0x50, value: hex('00') };
    for (const length of ['01', '8101', '820001', '83000001', '8400000001']) {
      expect(decodeTlvs(hex(`50 ${length} 00`), 't')).toEqual([object]);
    }
  });

  it('follows another, and none at all is a list of none', () => {
    expect(decodeTlvs(hex('5000 c00102'), 't')).toEqual([
      { tag: 0x50, value: hex('') },
      { tag: 0xc0, value: hex('02') },
    ]);
    expect(decodeTlvs(hex(''), 't')).toEqual([]);
  });

  it.each([
    ['no length', '50', 'truncated t/50/length'],
    ['half a tag', 'bf', 'truncated t/tag'],
    ['a tag without end', 'bf818181', 'too-long t/tag'],
    ['padding', '00', 'wrong-value t/tag'],
    ['an indefinite length', '5080 00 0000', 'wrong-value t/50/length'],
    ['a length of five bytes', '50850000000001 00', 'wrong-value t/50/length'],
    ['half a length', '508201', 'truncated t/50/length'],
    ['half a value', '500200', 'truncated t/50'],
    ['a length beyond all memory', '5084ffffffff00', 'truncated t/50'],
  ])('with %s is refused', (_, bytes, refusal) => {
    expect(refusalOf(() => decodeTlvs(hex(bytes), 't'))).toBe(refusal);
  });

  it.each([0, 0x1f, 0x5050, 0xbf81, 0xbf0c0c, 0x100000000, -1, 0.5])(
    'of tag %d is not written',
    (tag) => {
      expect(refusalOf(() => encodeTlv(tag, hex('')))).not.toBe('accepted');
    },
  );

  it('is a template if its tag says so', () => {
    const constructed = [0x6f, 0xa5, 0xbf0c, 0x61, 0x73];
    const primitive = [0x50, 0xc0, 0xc1, 0x4f, 0x87, 0xdf6d, 0xdf62];
    expect(constructed.map(isConstructed)).toEqual(constructed.map(() => true));
    expect(primitive.map(isConstructed)).toEqual(primitive.map(() => false));
  });

  it('is named in hex', () => {
    expect([0x6f, 0xbf0c, 0x4f].map(tagName)).toEqual(['6f', 'bf0c', '4f']);
  });
});

describe('a template', () => {
  const set = new TlvSet(hex('5001aa 6101bb 6101cc 73035001dd'), 't');

  it('gives what is there once, and refuses what is twice or not', () => {
    expect(set.one(0x50)).toEqual(hex('aa'));
    expect(set.optional(0xc0)).toBeNull();
    expect(set.all(0x61)).toEqual([hex('bb'), hex('cc')]);
    expect(set.inside(0x73).one(0x50)).toEqual(hex('dd'));
    expect(refusalOf(() => set.one(0x61))).toBe('repeated t/61');
    expect(refusalOf(() => set.one(0xc0))).toBe('missing t/c0');
    expect(refusalOf(() => set.inside(0x73).one(0x51))).toBe('missing t/73/51');
  });
});
