import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeNdef } from '../../src/smarttap/ndef.ts';
import {
  encodeUriMessage,
  fittingTags,
  TYPE2_TAGS,
  type2Image,
  URI_PREFIXES,
} from '../../src/stands/ndef-rules.ts';
import { printedUrl, tagContent } from '../../src/stands/tag-rules.ts';

// B4: what we write on a tag is a correct NDEF message.
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').toUpperCase();
const bytesOf = (digits: string) => Uint8Array.from(Buffer.from(digits, 'hex'));

describe('the examples of the URI record’s specification', () => {
  test.each([
    ['http://www.nfc.com', 'D1010855016E66632E636F6D'],
    ['tel:+35891234567', 'D1010D55052B3335383931323334353637'],
  ])('%s', (uri, expected) => {
    expect(hex(encodeUriMessage(uri))).toBe(expected);
    expect(decodeUriMessage(bytesOf(expected))).toBe(uri);
  });
});

/** Read by the reader of the wire protocol, which shares nothing with the writer but the table. */
function decodeUriMessage(message: Uint8Array): string {
  const [record, ...more] = decodeNdef(message, 'tag');
  expect([record?.tnf, record?.type, record?.id, more]).toEqual([1, 'U', null, []]);
  const [code = 0, ...uri] = record?.payload ?? [];
  return URI_PREFIXES[code] + new TextDecoder().decode(Uint8Array.from(uri));
}

const rest = fc.string({
  unit: fc.constantFrom(...'abcXYZ0189-._~:/?#[]@!$&()*+,;=%é券'),
  maxLength: 400,
});
const urls = fc.oneof(
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.tuple(
    fc.constantFrom('http://www.', 'https://www.', 'http://', 'https://', 'urn:nfc:', ''),
    rest,
  ),
);

test('10,000 addresses come back as they were written', () => {
  fc.assert(
    fc.property(urls, (url) => {
      const uri = typeof url === 'string' ? url : url.join('');
      const message = encodeUriMessage(uri);
      expect(decodeUriMessage(message)).toBe(uri);
      const image = type2Image(message);
      expect(image.at(-1)).toBe(0xfe);
      expect(image.length - message.length).toBe(message.length < 255 ? 3 : 5);
    }),
    { numRuns: 10_000 },
  );
});

describe('a tag', () => {
  test.each(TYPE2_TAGS)('$name takes $bytes bytes and not one more', ({ name, bytes }) => {
    expect(fittingTags(bytes)).toContain(name);
    expect(fittingTags(bytes + 1)).not.toContain(name);
  });

  const origins = fc.domain().map((domain) => `https://${domain}`);

  test('of a stand holds its address, and an NTAG213 is enough for every common origin', () => {
    fc.assert(
      fc.property(origins, (origin) => {
        const { url, message, bytes, fits, sdm } = tagContent(origin, '7Q2M9K4D0V', 'static');
        expect(url).toBe(`${origin}/t/7Q2M9K4D0V`);
        expect(decodeUriMessage(message)).toBe(url);
        expect(fits.includes('NTAG213')).toBe(bytes <= 144);
        if (origin.length <= 100) expect(bytes).toBeLessThanOrEqual(144);
        expect(sdm).toBeNull();
      }),
    );
    expect(tagContent('https://t.example.com', '7Q2M9K4D0V', 'static').bytes).toBe(34);
  });

  test('that signs has zeros where it is told to mirror', () => {
    fc.assert(
      fc.property(origins, (origin) => {
        const { message, bytes, sdm } = tagContent(origin, '7Q2M9K4D0V', 'ntag424');
        const file = Buffer.from([message.length >> 8, message.length & 0xff, ...message]);
        expect(file.length).toBe(bytes);
        const { piccDataOffset, macInputOffset, macOffset } = sdm!;
        const at = (offset: number, length: number) =>
          file.subarray(offset, offset + length).toString('ascii');
        expect(at(piccDataOffset - 3, 35)).toBe(`?e=${'0'.repeat(32)}`);
        expect(at(macOffset - 3, 19)).toBe(`&c=${'0'.repeat(16)}`);
        expect(macInputOffset).toBe(macOffset);
      }),
    );
  });

  test('is told apart from the printed code beside it', () => {
    expect(printedUrl('https://t.example.com', 'A')).toBe('https://t.example.com/t/A?q=1');
  });
});
