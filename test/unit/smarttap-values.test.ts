import { describe, expect, it } from 'vitest';
import { toHex } from '../../src/smarttap/bytes.ts';
import { encodeNdef } from '../../src/smarttap/ndef.ts';
import {
  PRIMITIVE_FORMAT,
  type Primitive,
  primitivePayload,
  primitiveText,
  readBinary,
  readPrimitive,
  textPrimitive,
} from '../../src/smarttap/records/primitive.ts';
import { RecordSet } from '../../src/smarttap/records/record.ts';
import { readText, textPayload } from '../../src/smarttap/records/text.ts';
import { readUri, uriPayload } from '../../src/smarttap/records/uri.ts';
import {
  plainText,
  readValue,
  type Value,
  valueRecord,
  valueText,
} from '../../src/smarttap/records/value.ts';
import { hex, refusalOf } from '../support/smart-tap.ts';

const part = (payload: string) => ({ field: 'f', payload: hex(payload) });

describe('a PRIMITIVE', () => {
  it.each([
    ['unspecified', '0032303138', '2018'],
    ['ASCII', '0132303138', '2018'],
    ['UTF-8', '02c3a9', 'é'],
    ['UTF-16', '0300e9', 'é'],
    ['binary that is text', '0432303138', '2018'],
    ['binary that is none', '04ff', null],
    ['BCD', '0520180608', '20180608'],
    ['BCD with a digit above 9', '05201f', null],
    ['ASCII with a control', '0107', null],
    ['no bytes', '01', ''],
  ])('of %s says what it says', (_, payload, text) => {
    const primitive = readPrimitive(part(payload));
    expect(primitiveText(primitive)).toBe(text);
    expect(toHex(primitivePayload(primitive))).toBe(payload);
  });

  it.each([
    ['no format', '', 'truncated f/format'],
    ['a format that is not listed', '0600', 'wrong-value f/format'],
  ])('with %s is refused', (_, payload, refusal) => {
    expect(refusalOf(() => readPrimitive(part(payload)))).toBe(refusal);
  });

  it('is refused where only binary will do', () => {
    expect(refusalOf(() => readBinary(part('01aa')))).toBe('wrong-value f/format');
    expect(readBinary(part('04aa'))).toEqual(hex('aa'));
  });

  it('is made of a text as ASCII or UTF-8', () => {
    expect(textPrimitive('2018')).toEqual({
      format: PRIMITIVE_FORMAT.ascii,
      value: hex('32303138'),
    });
    expect(textPrimitive('é')).toEqual({ format: PRIMITIVE_FORMAT.utf8, value: hex('c3a9') });
    expect(refusalOf(() => textPrimitive('\ud800'))).toBe('not-text primitive');
  });
});

describe('a text', () => {
  it.each([
    ['no language', '0032303138', '', '2018'],
    ['a language', '02656e50415353', 'en', 'PASS'],
    ['UTF-16, big-endian by itself', '8000e9', '', 'é'],
    ['UTF-16, big-endian by its mark', '80feff00e9', '', 'é'],
    ['UTF-16, little-endian by its mark', '80fffee900', '', 'é'],
    ['UTF-16 of a pair', '80d83ddca9', '', '\u{1f4a9}'],
    ['a byte order mark of UTF-8, which stays', '00efbbbf41', '', '\ufeffA'],
    ['no characters', '00', '', ''],
  ])('with %s is read', (_, payload, language, text) => {
    expect(readText(part(payload))).toEqual({ language, text });
  });

  it('is written as UTF-8', () => {
    expect(toHex(textPayload({ language: 'en', text: 'é' }, 'f'))).toBe('02656ec3a9');
  });

  it.each([
    ['no status', '', 'truncated f/status'],
    ['a reserved bit', '4041', 'wrong-value f/status'],
    ['half its language', '0265', 'truncated f/language'],
    ['a language of controls', '010741', 'not-text f/language'],
    ['broken UTF-8', '00c3', 'not-text f/text'],
    ['overlong UTF-8', '00c080', 'not-text f/text'],
    ['half a unit of UTF-16', '8000', 'not-text f/text'],
    ['a lone surrogate', '80d83d', 'not-text f/text'],
  ])('with %s is refused', (_, payload, refusal) => {
    expect(refusalOf(() => readText(part(payload)))).toBe(refusal);
  });

  it.each([
    ['64 letters of language', 'x'.repeat(64), '', 'too-long f/language'],
    ['a language beyond ASCII', 'é', '', 'not-text f/language'],
    ['a lone surrogate', '', '\udc00', 'not-text f/text'],
  ])('with %s is not written', (_, language, text, refusal) => {
    expect(refusalOf(() => textPayload({ language, text }, 'f'))).toBe(refusal);
  });
});

describe('a URI', () => {
  it.each([
    ['046578616d706c652e636f6d', 'https://example.com'],
    ['0261', 'https://www.a'],
    ['0a61', 'sftp://a'],
    ['1e61', 'urn:epc:id:a'],
    ['2361', 'urn:nfc:a'],
    ['006d61696c', 'mail'],
    ['00', ''],
  ])('%s is %s', (payload, uri) => {
    expect(readUri(part(payload))).toBe(uri);
    expect(toHex(uriPayload(uri, 'f'))).toBe(payload);
  });

  it('with a shorter prefix than it could have is read', () => {
    expect(readUri(part('047777772e61'))).toBe('https://www.a');
    expect(toHex(uriPayload('https://www.a', 'f'))).toBe('0261');
  });

  it.each([
    ['no prefix', '', 'truncated f/prefix'],
    ['a prefix that is not listed', '2461', 'wrong-value f/prefix'],
    ['bytes of no text', '04ff', 'not-text f'],
  ])('with %s is refused', (_, payload, refusal) => {
    expect(refusalOf(() => readUri(part(payload)))).toBe(refusal);
  });
});

describe('a value', () => {
  const read = (value: Value) => {
    const found = new RecordSet(encodeNdef([valueRecord('n', value)]), 'ly').find('n');
    return found && readValue(found);
  };
  const primitive: Primitive = { format: PRIMITIVE_FORMAT.ascii, value: hex('32303138') };

  it.each([
    ['a text', plainText('2018'), 'd90105 01 54 6e 00 32303138'],
    ['a PRIMITIVE', primitive, 'd40105 6e 01 32303138'],
  ])('is %s, and says the same', (_, value, message) => {
    expect(encodeNdef([valueRecord('n', value)])).toEqual(hex(message));
    expect(read(value)).toEqual(value);
    expect(valueText(value)).toBe('2018');
  });

  it.each([
    ['a URI', 'd90105 01 55 6e 00 32303138', 'wrong-form ly/n'],
    ['another well-known record', 'd90205 01 5370 6e 00 32303138', 'wrong-form ly/n'],
    ['a text with a broken payload', 'd90101 01 54 6e 40', 'wrong-value ly/n/status'],
    ['a PRIMITIVE without format', 'd40100 6e', 'truncated ly/n/format'],
  ])('that is %s is refused', (_, message, refusal) => {
    const found = new RecordSet(hex(message), 'ly').find('n');
    expect(refusalOf(() => found && readValue(found))).toBe(refusal);
  });

  it('of media type has no name and is passed over', () => {
    expect(new RecordSet(hex('da0105 01 54 6e 00 32303138'), 'ly').find('n')).toBeNull();
  });
});
