import { describe, expect, it } from 'vitest';
import { toHex } from '../../src/smarttap/bytes.ts';
import { encodeNdef, type NdefRecord, TNF } from '../../src/smarttap/ndef.ts';
import { collectorIdBytes, collectorNumber } from '../../src/smarttap/records/collector.ts';
import {
  type Cpr,
  decodeNgr,
  decodeNrs,
  encodeNgr,
  encodeNrs,
} from '../../src/smarttap/records/negotiate.ts';
import { external, wellKnown } from '../../src/smarttap/records/record.ts';
import { decodeSrq, encodeSrq, type Srq } from '../../src/smarttap/records/service-request.ts';
import { decodeSrs, decodeSrsOrNothing } from '../../src/smarttap/records/service-response.ts';
import { hex, refusalOf } from '../support/smart-tap.ts';

const NONCE = 'aa'.repeat(32);
const KEY = `02${'bb'.repeat(32)}`;
const SES = external('ses', hex('0102030405060708 01 01'));
const CLD = external('cld', hex('04 0133ee80'));
const SIG = external('sig', hex('04 3006020101020101'));

const inside = (name: string, head: string, ...records: readonly NdefRecord[]) =>
  external(name, hex(head), records.length === 0 ? hex('') : encodeNdef(records));
const message = (name: string, head: string, ...records: readonly NdefRecord[]) =>
  encodeNdef([inside(name, head, ...records)]);

const ses = { sessionId: hex('0102030405060708'), sequence: 1, status: 1 };

describe('ngr', () => {
  const cprHead = `${NONCE}01${KEY}00000001`;
  const cpr = inside('cpr', cprHead, SIG, CLD);
  const ngr = (...records: readonly NdefRecord[]) => message('ngr', '0001', ...records);
  const parameters: Cpr = {
    terminalNonce: hex(NONCE),
    live: true,
    terminalPublicKey: hex(KEY),
    keyVersion: 1,
    sig: hex('3006020101020101'),
    cld: 20_180_608,
  };

  it('is read in any order and past records that the dictionary does not have', () => {
    const unknown = external('zzz', hex('ff'));
    const media: NdefRecord = { tnf: TNF.media, type: 'a/b', id: null, payload: hex('') };
    const shuffled = inside('cpr', cprHead, CLD, unknown, SIG);
    const expected = { version: 1, ses, cpr: parameters };
    expect(decodeNgr(ngr(SES, cpr))).toEqual(expected);
    expect(decodeNgr(ngr(media, shuffled, unknown, SES))).toEqual(expected);
  });

  it('tells other versions, and live authentication by its one bit', () => {
    const others = message('ngr', '0200', SES, inside('cpr', `${NONCE}fe${KEY}00000001`, SIG, CLD));
    expect(decodeNgr(others)).toMatchObject({ version: 0x0200, cpr: { live: false } });
  });

  it.each([
    ['nothing', hex(''), 'truncated ngr[0]/header'],
    ['another request', message('srq', '0001', SES), 'missing ngr'],
    ['a text of that name', encodeNdef([wellKnown('text', 'ngr', hex('00'))]), 'wrong-form ngr'],
    ['a second record', encodeNdef([inside('ngr', '0001', SES, cpr), SES]), 'trailing-bytes ngr'],
    ['half a version', message('ngr', '00'), 'truncated ngr/version'],
    ['no records', ngr(), 'missing ngr/ses'],
    ['no cpr', ngr(SES), 'missing ngr/cpr'],
    ['two cpr', ngr(SES, cpr, cpr), 'repeated ngr/cpr'],
    ['two ses', ngr(SES, SES, cpr), 'repeated ngr/ses'],
    ['a short ses', ngr(external('ses', hex('01')), cpr), 'truncated ngr/ses/sessionId'],
    ['a long ses', ngr(inside('ses', '00'.repeat(11)), cpr), 'trailing-bytes ngr/ses'],
    ['a ses that is a text', ngr(wellKnown('text', 'ses', hex('00')), cpr), 'wrong-form ngr/ses'],
    ['a short nonce', ngr(SES, inside('cpr', 'aa')), 'truncated ngr/cpr/terminalNonce'],
    ['no authentication', ngr(SES, inside('cpr', NONCE)), 'truncated ngr/cpr/authentication'],
    ['half a key', ngr(SES, inside('cpr', `${NONCE}0102`)), 'truncated ngr/cpr/terminalPublicKey'],
    [
      'half a version',
      ngr(SES, inside('cpr', `${NONCE}01${KEY}00`)),
      'truncated ngr/cpr/keyVersion',
    ],
    ['no sig', ngr(SES, inside('cpr', cprHead, CLD)), 'missing ngr/cpr/sig'],
    ['no cld', ngr(SES, inside('cpr', cprHead, SIG)), 'missing ngr/cpr/cld'],
    [
      'an empty sig',
      ngr(SES, inside('cpr', cprHead, external('sig', hex('04')), CLD)),
      'truncated ngr/cpr/sig',
    ],
    [
      'a cld without its format byte',
      ngr(SES, inside('cpr', cprHead, SIG, external('cld', hex('0133ee80')))),
      'wrong-value ngr/cpr/cld/format',
    ],
    [
      'a cld of five bytes',
      ngr(SES, inside('cpr', cprHead, SIG, external('cld', hex('04 000133ee80')))),
      'wrong-length ngr/cpr/cld/collectorId',
    ],
    [
      'records that are none',
      ngr(SES, inside('cpr', `${cprHead}ffff`)),
      'wrong-value ngr/cpr[0]/header',
    ],
  ])('with %s is refused', (_, bytes, refusal) => {
    expect(refusalOf(() => decodeNgr(bytes))).toBe(refusal);
  });

  it.each([
    ['a short nonce', { terminalNonce: hex('aa') }, 'wrong-length cpr/terminalNonce'],
    [
      'an uncompressed key',
      { terminalPublicKey: new Uint8Array(65) },
      'wrong-length cpr/terminalPublicKey',
    ],
    ['a negative key version', { keyVersion: -1 }, 'wrong-value cpr/keyVersion'],
    ['a collector of 33 bits', { cld: 2 ** 32 }, 'wrong-value cld/collectorId'],
  ])('with %s is not written', (_, change, refusal) => {
    const write = () => encodeNgr({ version: 1, ses, cpr: { ...parameters, ...change } });
    expect(refusalOf(write)).toBe(refusal);
  });

  it.each([
    ['a session id of 7 bytes', { sessionId: hex('01020304050607') }, 'wrong-length ses/sessionId'],
    ['number 256', { sequence: 256 }, 'wrong-value ses/sequence'],
    ['half a status', { status: 0.5 }, 'wrong-value ses/status'],
  ])('with a session of %s is not written', (_, change, refusal) => {
    const write = () => encodeNgr({ version: 1, ses: { ...ses, ...change }, cpr: parameters });
    expect(refusalOf(write)).toBe(refusal);
  });
});

describe('nrs', () => {
  it.each([
    ['no dpk', message('nrs', '', SES), 'missing nrs/dpk'],
    [
      'a dpk with a format byte',
      message('nrs', '', SES, inside('dpk', `04${KEY}`)),
      'wrong-length nrs/dpk',
    ],
    ['no ses', message('nrs', '', inside('dpk', KEY)), 'missing nrs/ses'],
    ['a version', message('nrs', '0001', SES), 'wrong-value nrs[0]/header'],
  ])('with %s is refused', (_, bytes, refusal) => {
    expect(refusalOf(() => decodeNrs(bytes))).toBe(refusal);
  });

  it('is not written with a short key', () => {
    expect(refusalOf(() => encodeNrs({ ses, dpk: hex('02') }))).toBe('wrong-length nrs/dpk');
  });
});

describe('a collector ID', () => {
  it.each([
    ['20180608', '0133ee80'],
    ['1', '00000001'],
    ['4294967295', 'ffffffff'],
    ['4294967297', '00000001'],
  ])('%s is %s: the last four bytes of its number', (collectorId, bytes) => {
    expect(toHex(collectorIdBytes(collectorNumber(collectorId)))).toBe(bytes);
  });

  it.each(['', '-1', '1.5', 'abc', ' 1', '1'.repeat(21)])('%j is none', (collectorId) => {
    expect(refusalOf(() => collectorNumber(collectorId))).toBe('wrong-value cld/collectorId');
  });
});

describe('srq', () => {
  const mer = inside('mer', '', CLD);
  const slr = inside('slr', '', external('str', hex('03')));
  const srq = (...records: readonly NdefRecord[]) => message('srq', '0001', ...records);
  const request: Srq = {
    version: 1,
    ses,
    mer: { cld: 20_180_608, lid: null, tid: null, mnr: null, mcr: null },
    slr: [3],
    pcr: null,
  };

  it('may say where the terminal stands', () => {
    const full: Srq = {
      ...request,
      mer: {
        cld: 20_180_608,
        lid: { format: 1, value: hex('31') },
        tid: { format: 4, value: hex('ff') },
        mnr: { language: 'en', text: 'fooPizza' },
        mcr: { format: 5, value: hex('5812') },
      },
      pcr: { system: 0x40, userInterface: 1, checkout: 2, cardholderVerification: 3, tapMode: 4 },
    };
    expect(decodeSrq(encodeSrq(full))).toEqual(full);
  });

  it('may have several service types in one str, and writes one str for each', () => {
    const packed = inside('slr', '', external('str', hex('0304')), external('str', hex('12')));
    expect(decodeSrq(srq(SES, mer, packed)).slr).toEqual([3, 4, 0x12]);
    const written = toHex(encodeSrq({ ...request, slr: [3, 4] }));
    expect(written).toContain('9403017374720354030173747204');
  });

  it.each([
    ['no mer', srq(SES, slr), 'missing srq/mer'],
    ['no collector', srq(SES, inside('mer', ''), slr), 'missing srq/mer/cld'],
    ['no slr', srq(SES, mer), 'missing srq/slr'],
    ['an empty slr', srq(SES, mer, inside('slr', '')), 'missing srq/slr/str'],
    [
      'an empty str',
      srq(SES, mer, inside('slr', '', external('str', hex('03')), external('str'))),
      'truncated srq/slr/str[1]',
    ],
    ['a short pcr', srq(SES, mer, slr, inside('pcr', '40')), 'truncated srq/pcr/userInterface'],
    ['a long pcr', srq(SES, mer, slr, inside('pcr', '400000000000')), 'trailing-bytes srq/pcr'],
    [
      'a merchant name that is no text',
      srq(SES, inside('mer', '', CLD, external('mnr', hex('0141'))), slr),
      'wrong-form srq/mer/mnr',
    ],
    [
      'a terminal of no format',
      srq(SES, inside('mer', '', CLD, external('tid')), slr),
      'truncated srq/mer/tid/format',
    ],
    [
      'two locations',
      srq(SES, inside('mer', '', CLD, inside('lid', '01'), inside('lid', '01')), slr),
      'repeated srq/mer/lid',
    ],
  ])('with %s is refused', (_, bytes, refusal) => {
    expect(refusalOf(() => decodeSrq(bytes))).toBe(refusal);
  });

  it.each([
    ['no service type', { slr: [] }, 'missing slr/str'],
    ['a service type beyond a byte', { slr: [256] }, 'wrong-value slr/str'],
    ['a version beyond two bytes', { version: 65_536 }, 'wrong-value srq/version'],
  ])('with %s is not written', (_, change, refusal) => {
    expect(refusalOf(() => encodeSrq({ ...request, ...change }))).toBe(refusal);
  });
});

describe('srs', () => {
  const sealed = `${'01'.repeat(12)}${'02'.repeat(3)}${'03'.repeat(32)}`;
  const srs = (reb: string) => message('srs', '', SES, inside('reb', reb));

  it.each([
    ['01', true, false],
    ['03', true, true],
  ])('with flags %s is sealed', (flags, encrypted, compressed) => {
    expect(decodeSrs(srs(flags + sealed)).reb).toEqual({
      encrypted,
      compressed,
      iv: hex('01'.repeat(12)),
      ciphertext: hex('020202'),
      mac: hex('03'.repeat(32)),
    });
  });

  it.each([
    ['00', false],
    ['02', true],
  ])('with flags %s is open', (flags, compressed) => {
    const reb = { encrypted: false, compressed, content: hex(sealed) };
    expect(decodeSrs(srs(flags + sealed)).reb).toEqual(reb);
  });

  it('may be a session alone, and with 9001 nothing at all', () => {
    expect(decodeSrs(message('srs', '', SES))).toEqual({ ses, reb: null });
    expect(decodeSrsOrNothing(message('srs', '', SES))).toEqual({ ses, reb: null });
    expect(decodeSrsOrNothing(hex(''))).toBeNull();
  });

  it.each([
    ['an empty reb', srs(''), 'truncated srs/reb/flags'],
    ['flags that are not known', srs(`05${sealed}`), 'wrong-value srs/reb/flags'],
    ['half an IV', srs('0101'), 'truncated srs/reb/iv'],
    ['half an HMAC', srs(`01${'01'.repeat(43)}`), 'truncated srs/reb/mac'],
    [
      'two reb',
      message('srs', '', SES, inside('reb', '00'), inside('reb', '00')),
      'repeated srs/reb',
    ],
    ['no session', message('srs', '', inside('reb', '00')), 'missing srs/ses'],
  ])('with %s is refused', (_, bytes, refusal) => {
    expect(refusalOf(() => decodeSrs(bytes))).toBe(refusal);
  });
});
