import { describe, expect, it } from 'vitest';
import { toHex } from '../../src/smarttap/bytes.ts';
import { encodeNdef, type NdefRecord } from '../../src/smarttap/ndef.ts';
import {
  type Asv,
  decodeBundle,
  encodeBundle,
  readBundle,
} from '../../src/smarttap/records/bundle.ts';
import { decodeSpr } from '../../src/smarttap/records/push.ts';
import { external, wellKnown } from '../../src/smarttap/records/record.ts';
import { OBJECT_TYPES, type ServiceObject } from '../../src/smarttap/records/service-object.ts';
import { plainText } from '../../src/smarttap/records/value.ts';
import { hex, refusalOf } from '../support/smart-tap.ts';

const I = external('i', hex('04 01 00000000'));
const OID = external('oid', hex('04 21c94a5101e25eaa'));
const N = wellKnown('text', 'n', hex('00 32303138'));
const TEXT = hex('02 656e 41');

const inside = (name: string, head: string, ...records: readonly NdefRecord[]) =>
  external(name, hex(head), records.length === 0 ? hex('') : encodeNdef(records));
const bundle = (...records: readonly NdefRecord[]) => encodeNdef([inside('asv', '', ...records)]);

const i = { type: 1, id: hex('00000000') };
const loyalty: ServiceObject = {
  type: 'ly',
  oid: hex('21c94a5101e25eaa'),
  n: plainText('2018'),
  fields: {},
};

describe('a bundle', () => {
  it.each(OBJECT_TYPES)('carries an object of type %s with every field', (type) => {
    const fields = {
      p: plainText('1234'),
      tr1: { format: 1, value: hex('31') },
      tr2: { format: 4, value: hex('ff') },
      tcr: { format: 4, value: hex('01') },
      ex: { format: 5, value: hex('2712') },
      c1: { format: 1, value: hex('393939') },
      sid: { format: 0, value: hex('00') },
    } as const;
    const passes: readonly Asv[] = [{ i, object: { ...loyalty, type, fields } }];
    expect(decodeBundle(encodeBundle(passes))).toEqual(passes);
  });

  it('carries several passes and the customer, in their order', () => {
    const passes: readonly Asv[] = [
      { i, object: loyalty },
      { i, object: { ...loyalty, type: 'of', n: plainText('OFFER') } },
      {
        i: { type: 2, id: hex('71797971') },
        object: {
          type: 'cus',
          cid: new Uint8Array(16),
          cpl: plainText('en'),
          cut: new Uint8Array(16).fill(1),
          cud: null,
        },
      },
    ];
    expect(decodeBundle(encodeBundle(passes))).toEqual(passes);
  });

  it('is laid out as in a captured bundle, whose value has 1181 bytes', () => {
    const long = plainText('x'.repeat(0x49e - 1));
    const asv = { i, object: { ...loyalty, n: long } };
    const written = toHex(encodeBundle([asv, asv]));
    expect(written.startsWith('8403000004c8617376')).toBe(true);
    expect(written).toContain('49010000049e01546e00');
    expect(decodeBundle(hex(written))).toEqual([asv, asv]);
  });

  it('is read whether a value is text or PRIMITIVE', () => {
    const primitive = external('n', hex('01 32303138'));
    const [pass] = decodeBundle(bundle(I, inside('ly', '', OID, primitive)));
    expect(pass?.object).toMatchObject({ n: { format: 1, value: hex('32303138') } });
  });

  it('is read past records, and with objects, that the dictionary does not have', () => {
    const unknown = external('zz', hex('ff'));
    const known = [{ i, object: loyalty }];
    expect(decodeBundle(bundle(unknown, I, inside('ly', '', N, unknown, OID)))).toEqual(known);
    const other = [{ i, object: { type: 'unknown', name: 'zz', payload: hex('ff') } }] as const;
    expect(decodeBundle(bundle(I, unknown))).toEqual(other);
    expect(toHex(encodeBundle(other))).toBe(toHex(bundle(I, unknown)));
  });

  it('is read past an object that is wrong, which is named', () => {
    const asv = (...records: readonly NdefRecord[]) => inside('asv', '', ...records);
    const good = asv(I, inside('ly', '', OID, N));
    const message = encodeNdef([good, asv(I, inside('et', '', OID)), asv(N), good]);
    const { objects, unreadable } = readBundle(message);
    expect(objects).toEqual([
      { i, object: loyalty },
      { i, object: loyalty },
    ]);
    expect(unreadable.map(({ code, field }) => `${code} ${field}`)).toEqual([
      'missing bundle/asv[1]/et/n',
      'missing bundle/asv[2]/i',
    ]);
    expect(refusalOf(() => decodeBundle(message))).toBe('missing bundle/asv[1]/et/n');
    expect(refusalOf(() => readBundle(hex('')))).toBe('missing bundle/asv');
  });

  it.each([
    ['nothing', hex(''), 'missing bundle/asv'],
    ['no object', encodeNdef([external('zz')]), 'missing bundle/asv'],
    ['no issuer', bundle(inside('ly', '', OID, N)), 'missing bundle/asv[0]/i'],
    [
      'half an issuer',
      bundle(external('i', hex('0401')), inside('ly', '', OID, N)),
      'truncated bundle/asv[0]/i/id',
    ],
    [
      'a long issuer',
      bundle(external('i', hex('04010000000000')), inside('ly', '', OID, N)),
      'trailing-bytes bundle/asv[0]/i',
    ],
    ['an issuer alone', bundle(I), 'missing bundle/asv[0]/ly|of|gc|pl|et|fl|tr|gr|gp|cus'],
    [
      'two objects',
      bundle(I, inside('ly', '', OID, N), inside('of', '', OID, N)),
      'repeated bundle/asv[0]/of',
    ],
    [
      'one type twice',
      bundle(I, inside('ly', '', OID, N), inside('ly', '', OID, N)),
      'repeated bundle/asv[0]/ly',
    ],
    ['no object id', bundle(I, inside('ly', '', N)), 'missing bundle/asv[0]/ly/oid'],
    [
      'an empty object id',
      bundle(I, inside('ly', '', inside('oid', '04'), N)),
      'truncated bundle/asv[0]/ly/oid',
    ],
    ['no value', bundle(I, inside('ly', '', OID)), 'missing bundle/asv[0]/ly/n'],
    [
      'two values',
      bundle(I, inside('ly', '', OID, N, external('n', hex('0131')))),
      'repeated bundle/asv[0]/ly/n',
    ],
    [
      'a value that is a URI',
      bundle(I, inside('ly', '', OID, wellKnown('uri', 'n', hex('0031')))),
      'wrong-form bundle/asv[0]/ly/n',
    ],
    [
      'a track without format',
      bundle(I, inside('ly', '', OID, N, external('tr1'))),
      'truncated bundle/asv[0]/ly/tr1/format',
    ],
    ['no customer id', bundle(I, inside('cus', '')), 'missing bundle/asv[0]/cus/cid'],
    [
      'a language that is no text',
      bundle(I, inside('cus', '', inside('cid', '0400'), inside('cpl', '00'))),
      'wrong-form bundle/asv[0]/cus/cpl',
    ],
    [
      'an object inside the object',
      encodeNdef([inside('asv', '', inside('asv', '', I))]),
      'missing bundle/asv[0]/i',
    ],
  ])('with %s is refused', (_, bytes, refusal) => {
    expect(refusalOf(() => decodeBundle(bytes))).toBe(refusal);
  });

  it.each([
    ['no object', [], 'missing ndef'],
    ['a short issuer', [{ i: { type: 1, id: hex('00') }, object: loyalty }], 'wrong-length i/id'],
    ['an empty object id', [{ i, object: { ...loyalty, oid: hex('') } }], 'truncated oid'],
    [
      'a known object as unknown',
      [{ i, object: { type: 'unknown', name: 'ly', payload: hex('') } }],
      'wrong-value asv/ly',
    ],
    [
      'a value of no text',
      [{ i, object: { ...loyalty, n: plainText('\ud800') } }],
      'not-text n/text',
    ],
  ] as const)('with %s is not written', (_, passes, refusal) => {
    expect(refusalOf(() => encodeBundle(passes))).toBe(refusal);
  });
});

describe('spr', () => {
  const SES = external('ses', hex('0102030405060708 01 01'));
  const spr = (...records: readonly NdefRecord[]) =>
    encodeNdef([inside('spr', '0001', SES, ...records)]);
  const NST = wellKnown('text', 'nst', TEXT);
  const NSU = wellKnown('uri', 'nsu', hex('04 61'));
  const SUT = wellKnown('text', 'sut', TEXT);

  it('may push nothing, or a list', () => {
    expect(decodeSpr(spr())).toMatchObject({ bpr: null, nsr: [], ssr: [] });
    const two = spr(
      inside('nsr', '01', NST, NSU),
      inside('nsr', '02', NST, NSU),
      inside('ssr', '', OID),
    );
    expect(decodeSpr(two)).toMatchObject({
      nsr: [{ kind: 1, nsu: 'https://a' }, { kind: 2 }],
      ssr: [{ oid: hex('21c94a5101e25eaa'), sug: null, sup: null }],
    });
  });

  it('reads a currency as a text, too', () => {
    const bpr = inside('bpr', '', external('mon'), wellKnown('text', 'ccd', hex('00555344')));
    expect(decodeSpr(spr(bpr)).bpr).toEqual({ mon: hex(''), ccd: plainText('USD') });
  });

  it.each([
    ['no amount', spr(inside('bpr', '', wellKnown('text', 'ccd', TEXT))), 'missing spr/bpr/mon'],
    ['no currency', spr(inside('bpr', '', external('mon'))), 'missing spr/bpr/ccd'],
    [
      'a bare currency of small letters',
      spr(inside('bpr', '', external('mon'), wellKnown('text', 'ccd', hex('757364')))),
      'wrong-value spr/bpr/ccd/status',
    ],
    ['a service of no kind', spr(inside('nsr', '')), 'truncated spr/nsr[0]/kind'],
    ['a service of no title', spr(inside('nsr', '01', NSU)), 'missing spr/nsr[0]/nst'],
    [
      'a second service of no URI',
      spr(inside('nsr', '01', NST, NSU), inside('nsr', '01', NST)),
      'missing spr/nsr[1]/nsu',
    ],
    [
      'a URI that is a text',
      spr(inside('nsr', '01', NST, wellKnown('text', 'nsu', TEXT))),
      'wrong-form spr/nsr[0]/nsu',
    ],
    ['a status of no object', spr(inside('ssr', '')), 'missing spr/ssr[0]/oid'],
    [
      'a usage of no status',
      spr(inside('ssr', '', OID, inside('sug', ''))),
      'truncated spr/ssr[0]/sug/status',
    ],
    [
      'a usage of no title',
      spr(inside('ssr', '', OID, inside('sug', '01'))),
      'missing spr/ssr[0]/sug/sut',
    ],
    [
      'a usage of no description',
      spr(inside('ssr', '', OID, inside('sug', '01', SUT))),
      'missing spr/ssr[0]/sug/sud',
    ],
    [
      'an update of no operation',
      spr(inside('ssr', '', OID, inside('sup', ''))),
      'truncated spr/ssr[0]/sup/operation',
    ],
  ])('with %s is refused', (_, bytes, refusal) => {
    expect(refusalOf(() => decodeSpr(bytes))).toBe(refusal);
  });
});
