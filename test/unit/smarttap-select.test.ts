import { describe, expect, it } from 'vitest';
import { toHex } from '../../src/smarttap/bytes.ts';
import {
  decodeOseAnswer,
  decodeSmartTapAnswer,
  encodeOseAnswer,
  encodeSmartTapAnswer,
  type OseAnswer,
} from '../../src/smarttap/select.ts';
import { hex, refusalOf } from '../support/smart-tap.ts';

const NONCE = 'aa'.repeat(32);
const KEY = `02${'bb'.repeat(32)}`;
const AID = '4f09a000000476d0000111';
const VERSIONS = 'df6d020000 df4d020001 df620103';

const ANSWER: OseAnswer = {
  applicationVersion: 1,
  transactionMode: 0x88,
  minimumVersion: 0,
  maximumVersion: 1,
  capabilities: 3,
  handsetNonce: hex(NONCE),
  handsetPublicKey: hex(KEY),
};

const tlv = (tag: string, ...value: string[]) => {
  const content = value.join('').replace(/\s/g, '');
  const length = content.length / 2;
  const head = length < 0x80 ? '' : '81';
  return `${tag}${head}${length.toString(16).padStart(2, '0')}${content}`;
};

interface Parts {
  readonly label?: string;
  readonly nonce?: string;
  readonly mode?: string;
  readonly entries?: string;
}

const LABEL = tlv('50', '416e64726f6964506179');
const entry = (...inside: string[]) => tlv('61', AID, '870101', tlv('73', ...inside));

/** An FCI as a phone makes it, with one part or another put in. */
function fci({ label = LABEL, nonce = '', mode, entries = entry(VERSIONS) }: Parts): string {
  const version = tlv('c0', '0001');
  const head = label + version + (mode ?? tlv('c1', '8800000000008080'));
  return tlv('6f', head, nonce, tlv('a5', tlv('bf0c', entries)));
}

const BOTH = tlv('c2', NONCE) + tlv('c3', KEY);

describe('the answer to SELECT OSE', () => {
  it('is written as phones write it', () => {
    expect(toHex(encodeOseAnswer(ANSWER))).toBe(fci({ nonce: BOTH }));
    expect(decodeOseAnswer(hex(fci({ nonce: BOTH })))).toEqual(ANSWER);
  });

  it('lacks nonce and key on old phones', () => {
    const answer = { ...ANSWER, handsetNonce: null, handsetPublicKey: null };
    expect(decodeOseAnswer(hex(fci({})))).toEqual(answer);
    expect(toHex(encodeOseAnswer(answer))).toBe(fci({}));
  });

  it('may tell nonce and key in the entry of the application, which wins', () => {
    const alternatives = tlv('df6e', NONCE) + tlv('df6b', KEY);
    const outer = tlv('c2', '11'.repeat(32)) + tlv('c3', `03${'11'.repeat(32)}`);
    for (const nonce of ['', outer]) {
      const bytes = hex(fci({ nonce, entries: entry(VERSIONS, alternatives) }));
      expect(decodeOseAnswer(bytes)).toEqual(ANSWER);
    }
  });

  it('may tell no capabilities, which asks for the second select', () => {
    const bytes = hex(fci({ nonce: BOTH, entries: entry('df6d020000 df4d020001') }));
    expect(decodeOseAnswer(bytes)).toEqual({ ...ANSWER, capabilities: 0 });
  });

  it('may list other applications and objects that are not known', () => {
    const others =
      tlv('61', '4f07a0000000031010', '870102') + tlv('61', '4f01aa', tlv('73', '5000'));
    const bytes = hex(fci({ nonce: BOTH + tlv('9f38', '00'), entries: others + entry(VERSIONS) }));
    expect(decodeOseAnswer(bytes)).toEqual(ANSWER);
  });

  it.each([
    ['nothing', '', 'missing fci/6f'],
    ['another template', tlv('6e', LABEL), 'missing fci/6f'],
    ['a second object', `${fci({})}5000`, 'trailing-bytes fci/6f'],
    ['an iPhone', fci({ label: tlv('50', '4170706c65506179') }), 'wrong-value fci/6f/50'],
    ['no label', fci({ label: '' }), 'missing fci/6f/50'],
    ['no transaction mode', fci({ mode: '' }), 'missing fci/6f/c1'],
    ['a mode of one byte', fci({ mode: tlv('c1', '88') }), 'wrong-length fci/6f/c1'],
    ['no application', fci({ entries: '' }), 'missing fci/6f/a5/bf0c/61'],
    ['no Smart Tap', fci({ entries: tlv('61', '4f01aa') }), 'missing fci/6f/a5/bf0c/61'],
    ['an entry of no AID', fci({ entries: tlv('61', '870101') }), 'missing fci/6f/a5/bf0c/61/4f'],
    [
      'Smart Tap twice',
      fci({ entries: entry(VERSIONS) + entry(VERSIONS) }),
      'repeated fci/6f/a5/bf0c/61',
    ],
    ['no template of Smart Tap', fci({ entries: tlv('61', AID) }), 'missing fci/6f/a5/bf0c/61/73'],
    [
      'no minimum version',
      fci({ entries: entry('df4d020001 df620103') }),
      'missing fci/6f/a5/bf0c/61/73/df6d',
    ],
    [
      'a version of one byte',
      fci({ entries: entry('df6d020000 df4d0101 df620103') }),
      'wrong-length fci/6f/a5/bf0c/61/73/df4d',
    ],
    [
      'capabilities of two bytes',
      fci({ entries: entry('df6d020000 df4d020001 df62020003') }),
      'wrong-length fci/6f/a5/bf0c/61/73/df62',
    ],
    ['a nonce of 31 bytes', fci({ nonce: tlv('c2', 'aa'.repeat(31)) }), 'wrong-length fci/6f/c2'],
    ['a key of 65 bytes', fci({ nonce: tlv('c3', 'aa'.repeat(65)) }), 'wrong-length fci/6f/c3'],
    ['two nonces', fci({ nonce: tlv('c2', NONCE).repeat(2) }), 'repeated fci/6f/c2'],
  ])('of %s is refused', (_, bytes, refusal) => {
    expect(refusalOf(() => decodeOseAnswer(hex(bytes)))).toBe(refusal);
  });

  it.each([
    ['a short nonce', { handsetNonce: hex('aa') }, 'wrong-length fci/6f/c2'],
    ['a short key', { handsetPublicKey: hex('02') }, 'wrong-length fci/6f/c3'],
    ['a mode beyond a byte', { transactionMode: 256 }, 'wrong-value fci/6f/c1'],
    ['a negative version', { minimumVersion: -1 }, 'wrong-value fci/6f/df6d'],
  ])('with %s is not written', (_, change, refusal) => {
    expect(refusalOf(() => encodeOseAnswer({ ...ANSWER, ...change }))).toBe(refusal);
  });
});

describe('the answer to SELECT Smart Tap 2', () => {
  const mdn = `dc0321036d646e6d646e04${NONCE}`;
  const answer = { minimumVersion: 0, maximumVersion: 1, mdn: hex(NONCE) };

  it('is written with its name in type and id', () => {
    expect(toHex(encodeSmartTapAnswer(answer))).toBe(`00000001${mdn}`);
  });

  it('is read without the name in the id', () => {
    const external = `d403216d646e04${NONCE}`;
    expect(decodeSmartTapAnswer(hex(`00000001${external}`))).toEqual(answer);
  });

  it.each([
    ['nothing', '', 'truncated select/minimumVersion'],
    ['one version', '0000', 'truncated select/maximumVersion'],
    ['no message', '00000001', 'missing select/mdn'],
    ['half a message', `00000001${mdn.slice(0, 20)}`, 'truncated select[0]/payload'],
    ['another record', `00000001d4030173657300`, 'missing select/mdn'],
    [
      'a nonce that is not binary',
      `00000001${mdn.replace('6e04', '6e01')}`,
      'wrong-value select/mdn/format',
    ],
    ['a short nonce', '00000001d403026d646e04aa', 'wrong-length select/mdn'],
    ['bytes after it', `00000001${mdn}00`, 'trailing-bytes select'],
  ])('of %s is refused', (_, bytes, refusal) => {
    expect(refusalOf(() => decodeSmartTapAnswer(hex(bytes)))).toBe(refusal);
  });

  it('is not written with a short nonce', () => {
    const refusal = refusalOf(() => encodeSmartTapAnswer({ ...answer, mdn: hex('aa') }));
    expect(refusal).toBe('wrong-length select/mdn');
  });
});
