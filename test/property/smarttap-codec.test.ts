import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, equalBytes, joinBytes, toHex, uint32 } from '../../src/smarttap/bytes.ts';
import { describe as explain } from '../../src/smarttap/describe.ts';
import { decodeNdef, encodeNdef } from '../../src/smarttap/ndef.ts';
import { decodeBundle } from '../../src/smarttap/records/bundle.ts';
import { external } from '../../src/smarttap/records/record.ts';
import { decodeSrq } from '../../src/smarttap/records/service-request.ts';
import { decodeOseAnswer } from '../../src/smarttap/select.ts';
import { hex, refusalOf, vectorBytes } from '../support/smart-tap.ts';
import { mutated, refusedOrFaithful, SMART_TAP_CODECS } from '../support/smart-tap-codecs.ts';

/** Raised by hand for a long run: SMART_TAP_FUZZ_RUNS=1000000. */
const FUZZ_RUNS = Number(process.env.SMART_TAP_FUZZ_RUNS ?? 4000);
const FUZZ_TIMEOUT_MS = 30_000 + FUZZ_RUNS * 2;

/** Every byte is in the explanation once, in its place. */
function explained(bytes: Uint8Array): void {
  const joined = joinBytes(explain(bytes).map((line) => line.bytes));
  if (!equalBytes(joined, bytes)) throw new Error(`explains ${toHex(joined)} for ${toHex(bytes)}`);
}

describe.each(SMART_TAP_CODECS)('$name', (codec) => {
  it('reads what it writes', () => {
    const property = fc.property(codec.roundTrip, ([value, read]) => {
      expect(read).toEqual(value);
    });
    fc.assert(property, { numRuns: 200 });
  });

  it('reads its published examples', () => {
    expect(codec.published.map((bytes) => refusedOrFaithful(codec, bytes))).not.toContain(false);
  });

  it('refuses every truncation of them, or reads it faithfully', () => {
    for (const bytes of codec.published) {
      for (let length = 0; length < bytes.length; length++) {
        refusedOrFaithful(codec, bytes.subarray(0, length));
        explained(bytes.subarray(0, length));
      }
    }
  });

  it('refuses every change of one byte of them, or reads it faithfully', {
    timeout: 180_000,
  }, () => {
    for (const bytes of codec.published) {
      for (let index = 0; index < bytes.length; index++) {
        for (let byte = 0; byte < 256; byte++) {
          refusedOrFaithful(codec, bytes.with(index, byte));
        }
      }
    }
  });

  it('refuses whatever else comes, or reads it faithfully', { timeout: FUZZ_TIMEOUT_MS }, () => {
    const valid = fc.oneof(codec.encoded, fc.constantFrom(...codec.published));
    const input = fc.oneof(
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 80 }) },
      { weight: 5, arbitrary: mutated(valid) },
    );
    const outcomes = { read: 0, refused: 0 };
    const property = fc.property(input, (bytes) => {
      outcomes[refusedOrFaithful(codec, bytes) ? 'read' : 'refused']++;
      explained(bytes);
    });
    fc.assert(property, { numRuns: Math.ceil(FUZZ_RUNS / SMART_TAP_CODECS.length) });
    // A run that never got past the first check, or never failed one, would prove nothing.
    expect(outcomes.read).toBeGreaterThan(0);
    expect(outcomes.refused).toBeGreaterThan(0);
  });
});

// The payloads of bare NDEF records are views, for a parser to go on with.
const COPYING = SMART_TAP_CODECS.filter(({ name }) => name !== 'NDEF');

it.each(COPYING)('$name keeps nothing of the buffer that it read from', (codec) => {
  for (const bytes of codec.published) {
    const buffer = Buffer.from(bytes);
    const value = codec.decode(buffer);
    buffer.fill(0xee);
    expect(value).toStrictEqual(codec.decode(bytes));
  }
});

describe('a large hostile input is refused and explained, without a hang', () => {
  const SIZE = 1 << 17;
  const records = (name: string, count: number) =>
    encodeNdef(Array.from({ length: count }, () => external(name)));

  /** Templates of `header` inside one another to the given size, built from outside inwards. */
  function nested(header: (length: number) => Uint8Array, size: number): Uint8Array {
    const width = header(size).length;
    const heads = Array.from({ length: Math.floor(size / width) }, (_, index) =>
      header(size - (size % width) - (index + 1) * width),
    );
    const bytes = new Uint8Array(heads.length * width);
    for (const [index, head] of heads.entries()) bytes.set(head, index * width);
    return bytes;
  }

  const asvHeader = (length: number) =>
    concatBytes(hex('c403'), uint32(length, 'test'), hex('617376'));
  const templateHeader = (length: number) => concatBytes(hex('6f84'), uint32(length, 'test'));

  const inputs = [
    ['many records', records('zz', SIZE / 5), 'missing bundle/asv'],
    ['many asv', records('asv', SIZE / 6), 'missing bundle/asv[0]/i'],
    ['records inside records', nested(asvHeader, SIZE), 'missing bundle/asv[0]/i'],
    ['one long text', new Uint8Array(SIZE).fill(0x41), 'wrong-value bundle[0]/header'],
  ] as const;

  it.each(inputs)('%s', (_, bytes, refusal) => {
    expect(refusalOf(() => decodeBundle(bytes))).toBe(refusal);
    explained(bytes);
  });

  it('many service types', () => {
    const { payload } = external('slr', records('str', SIZE / 6));
    const srq = vectorBytes('cmd-get-data', 'command_data');
    const [request] = decodeNdef(srq, 'test');
    const [ses, mer] = decodeNdef(request?.payload.subarray(2) ?? srq, 'test');
    if (!ses || !mer) throw new Error('the vector has a session and a merchant');
    const inner = encodeNdef([ses, mer, external('slr', payload)]);
    const bytes = encodeNdef([external('srq', hex('0001'), inner)]);
    expect(refusalOf(() => decodeSrq(bytes))).toBe('truncated srq/slr/str[0]');
    explained(bytes);
  });

  it('templates inside templates, and many beside each other', () => {
    const deep = nested(templateHeader, SIZE);
    expect(refusalOf(() => decodeOseAnswer(deep))).toBe('missing fci/6f/50');
    explained(deep);
    const labels = new Uint8Array(SIZE).fill(0x50).map((tag, index) => (index % 2 ? 0 : tag));
    const wide = concatBytes(templateHeader(SIZE), labels);
    expect(refusalOf(() => decodeOseAnswer(wide))).toBe('repeated fci/6f/50');
    explained(wide);
  });
});
