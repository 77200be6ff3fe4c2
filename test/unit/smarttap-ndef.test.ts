import { describe, expect, it } from 'vitest';
import { toHex } from '../../src/smarttap/bytes.ts';
import { decodeNdef, encodeNdef, type NdefRecord, TNF } from '../../src/smarttap/ndef.ts';
import { recordForm, recordName } from '../../src/smarttap/records/record.ts';
import { hex, refusalOf } from '../support/smart-tap.ts';

const record = (change: Partial<NdefRecord> = {}): NdefRecord => ({
  tnf: TNF.external,
  type: 'ses',
  id: null,
  payload: hex('00'),
  ...change,
});

describe('a message', () => {
  it('marks its first and last record, and only these', () => {
    const message = encodeNdef([record(), record(), record()]);
    expect(toHex(message)).toBe('940301736573001403017365730054030173657300');
    expect(decodeNdef(message, 'm')).toEqual([record(), record(), record()]);
  });

  it('of one record is both', () => {
    expect(toHex(encodeNdef([record()]))).toBe('d4030173657300');
  });

  it('has short records exactly below 256 bytes of payload', () => {
    const short = encodeNdef([record({ payload: new Uint8Array(255) })]);
    const long = encodeNdef([record({ payload: new Uint8Array(256) })]);
    expect(toHex(short.subarray(0, 6))).toBe('d403ff736573');
    expect(toHex(long.subarray(0, 9))).toBe('c40300000100736573');
    expect(decodeNdef(long, 'm')).toEqual([record({ payload: new Uint8Array(256) })]);
  });

  it('is read with a long record of a short payload, which NDEF allows', () => {
    expect(decodeNdef(hex('c4 03 00000001 736573 00'), 'm')).toEqual([record()]);
  });

  it('gives views and not copies', () => {
    const message = encodeNdef([record()]);
    expect(decodeNdef(message, 'm')[0]?.payload.buffer).toBe(message.buffer);
  });

  it.each([
    ['nothing', '', 'truncated m[0]/header'],
    ['a header alone', 'd4', 'truncated m[0]/type length'],
    ['no payload length', 'd403', 'truncated m[0]/payload length'],
    ['half a long length', 'c4030000', 'truncated m[0]/payload length'],
    ['no id length', 'dc0301', 'truncated m[0]/id length'],
    ['half a type', 'd403017365', 'truncated m[0]/type'],
    ['no id', 'dc030103 736573', 'truncated m[0]/id'],
    ['no payload', 'd40301736573', 'truncated m[0]/payload'],
    ['a length beyond all memory', 'c403ffffffff736573', 'truncated m[0]/payload'],
    ['bytes after the end', 'd4030173657300 00', 'trailing-bytes m'],
    ['no begin', '5403017365 7300', 'wrong-value m[0]/header'],
    ['two begins', '9403017365 7300 d4030173657300', 'wrong-value m[1]/header'],
    ['no end', '9403017365 7300', 'truncated m[1]/header'],
    ['a chunk', 'f4030173657300', 'wrong-value m[0]/header'],
    ['the format of later chunks', 'd6000100', 'wrong-value m[0]/header'],
    ['the reserved format', 'd7030173657300', 'wrong-value m[0]/header'],
    ['an empty record with a type', 'd0010078', 'wrong-length m[0]'],
    ['an empty record with a payload', 'd0000100', 'wrong-length m[0]'],
    ['an unknown type that is told', 'd501017800', 'wrong-length m[0]'],
    ['an external record without type', 'd4000100', 'wrong-length m[0]'],
    ['an id of no bytes', 'dc03010073657300', 'wrong-length m[0]'],
    ['a type of no characters', 'd401010700', 'not-text m[0]/type'],
    ['an id beyond ASCII', 'dc010101 78 ff 00', 'not-text m[0]/id'],
  ])('with %s is refused', (_, message, refusal) => {
    expect(refusalOf(() => decodeNdef(hex(message), 'm'))).toBe(refusal);
  });

  it.each([
    ['no record', [], 'missing ndef'],
    ['a type of 256 bytes', [record({ type: 'x'.repeat(256) })], 'too-long ndef/'],
    ['a type beyond ASCII', [record({ type: 'é' })], 'not-text ndef/é/type'],
    ['an external record without type', [record({ type: '' })], 'wrong-length ndef/'],
    ['an empty id', [record({ id: '' })], 'wrong-length ndef/ses'],
    ['an empty record that is not', [record({ tnf: TNF.empty })], 'wrong-length ndef/ses'],
  ])('of %s is not written', (_, records, refusal) => {
    expect(refusalOf(() => encodeNdef(records)).startsWith(refusal)).toBe(true);
  });
});

describe('the name of a record', () => {
  it.each([
    ['an external record has it as type', {}, 'ses', 'external'],
    ['mdn has it as type and id', { type: 'mdn', id: 'mdn' }, 'mdn', 'external'],
    ['another id makes it doubtful', { type: 'ly', id: 'n' }, null, 'external'],
    ['a text has it as id', { tnf: TNF.wellKnown, type: 'T', id: 'n' }, 'n', 'text'],
    ['a URI has it as id', { tnf: TNF.wellKnown, type: 'U', id: 'nsu' }, 'nsu', 'uri'],
    ['a text without id has none', { tnf: TNF.wellKnown, type: 'T' }, null, 'text'],
    ['other well-known types have no form', { tnf: TNF.wellKnown, type: 'Sp' }, null, null],
    ['media has none', { tnf: TNF.media, type: 'text/plain', id: 'n' }, null, null],
  ] as const)('%s', (_, change, name, form) => {
    expect(recordName(record(change))).toBe(name);
    expect(recordForm(record(change))).toBe(form);
  });
});
