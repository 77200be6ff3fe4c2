import { expect, it, describe as suite } from 'vitest';
import { concatBytes, toHex } from '../../src/smarttap/bytes.ts';
import {
  describe,
  describeCommand,
  describeResponse,
  formatDescription,
} from '../../src/smarttap/describe.ts';
import { encodeNdef, TNF } from '../../src/smarttap/ndef.ts';
import { external, wellKnown } from '../../src/smarttap/records/record.ts';
import { hex } from '../support/smart-tap.ts';

const SES = external('ses', hex('0102030405060708 03 04'));

function explained(bytes: Uint8Array): string {
  const lines = describe(bytes);
  expect(toHex(concatBytes(...lines.map((line) => line.bytes)))).toBe(toHex(bytes));
  return formatDescription(lines);
}

suite('the explanation', () => {
  it('is one line for each part, with its bytes in hex', () => {
    const push = encodeNdef([external('psr', encodeNdef([SES]))]);
    expect(explained(concatBytes(push, hex('9000')))).toBe(
      [
        'psr, push response: 16 bytes  d40310707372',
        '  ses, session: 10 bytes  d4030a736573',
        '    session id  0102030405060708',
        '    sequence: 3  03',
        '    status: invalid sequence number  04',
        'status 9000: success  9000',
      ].join('\n'),
    );
  });

  it.each([
    ['no bytes', '', '! no bytes'],
    ['a status word', '9302', 'status 9302: several passes match, the user has to choose  9302'],
    ['an unlisted one', '92ab', 'status 92ab: transient failure, to be tried again  92ab'],
    ['a part of an answer', 'aabb9100', 'data of no whole message: a part?  aabb'],
    ['a SELECT of another', '00a4040002aabb00', 'SELECT of another application  00a40400'],
    ['GET RESPONSE', '00c0000010', 'GET RESPONSE  00c00000'],
    ['an unknown command', '00b0000102', 'unknown command  00b00001'],
    ['no command at all', '00', 'neither answer nor command: command/ins is cut off'],
    ['a broken message', '9050000002d403', 'no message: ndef[0]/payload length is cut off'],
    ['data that must not be', '90c0000001aa00', '! command/data has length 1, not 0'],
    ['a broken FCI', '6f0250019000', 'no BER-TLV: tlv/50 is cut off: 0 of 1 bytes are left  5001'],
    ['tags that are not known', '6f039f19009000', '9f19, not known  9f1900'],
    ['a label of controls', '6f0350010a', '50, label: not ASCII  50010a'],
  ])('knows %s', (_, bytes, saying) => {
    expect(explained(hex(bytes))).toContain(saying);
  });

  it('of a response and of a command can be asked for by name', () => {
    expect(formatDescription(describeResponse(hex('00')))).toContain('no response');
    expect(formatDescription(describeResponse(hex('00a40400')))).toContain('status 0400');
    expect(formatDescription(describeCommand(hex('00a40400')))).toContain('SELECT');
  });

  it('says what a strict reader refuses', () => {
    const lacking = encodeNdef([external('nrs', encodeNdef([SES]))]);
    expect(explained(lacking)).toMatch(/\n! refused: nrs\/dpk is missing$/);
    expect(explained(hex('6f0250009000'))).toContain('! refused: fci/6f/50 is not "AndroidPay"');
    const select = concatBytes(hex('00000001'), encodeNdef([external('mdn', hex('0400'))]));
    expect(explained(select)).toContain('! refused: select/mdn has length 1, not 32');
  });

  const records = [
    ['a record that is not known', external('zz', hex('aa')), 'record "zz" of type name format 4'],
    ['media', { tnf: TNF.media, type: 'a/b', id: null, payload: hex('aa') }, 'record "a/b"'],
    ['an empty record', { tnf: TNF.empty, type: '', id: null, payload: hex('') }, 'record ""'],
    ['a short session', external('ses', hex('0102')), 'session id: 2 of 8 bytes are here  0102'],
    ['a long session', external('ses', new Uint8Array(11)), 'goes on after its end  00'],
    ['a text', wellKnown('text', 'n', hex('02656e41')), 'text in "en": "A"'],
    ['a broken text', wellKnown('text', 'n', hex('00ff')), 'no text: text/text is not UTF-8'],
    ['a broken URI', wellKnown('uri', 'nsu', hex('ff')), 'no URI: URI/prefix is not a prefix'],
    ['a bare currency', wellKnown('text', 'ccd', hex('555344')), 'without the status byte'],
    ['a value that is a PRIMITIVE', external('n', hex('0141')), 'value: "A"  41'],
    ['one that lies', external('n', hex('01ff')), 'value, not what its format says  ff'],
    ['one of no listed format', external('n', hex('0741')), 'format: not listed  07'],
    ['several types in one', external('str', hex('0304')), 'further types  04'],
    ['no bits', external('pcr', new Uint8Array(5)), 'tap mode: nothing'],
    ['unencrypted content', external('reb', hex('00d40100 7a')), 'record "z"'],
    ['compressed content', external('reb', hex('0278da')), 'content, zlib  78da'],
    ['half a seal', external('reb', hex('01aabb')), 'IV: 2 of 12 bytes are here  aabb'],
    ['text in a record of another form', { ...SES, tnf: TNF.wellKnown, id: 'n' }, 'no record has'],
  ] as const;

  it.each(records)('knows %s', (_, record, saying) => {
    expect(explained(encodeNdef([record]))).toContain(saying);
  });

  it('shows no control character of a text, and no character that hides', () => {
    const hostile = '\u001b[2J\u202e\u0000\u2028"\\é';
    const record = wellKnown(
      'text',
      'n',
      concatBytes(hex('00'), new TextEncoder().encode(hostile)),
    );
    const text = explained(encodeNdef([record]));
    expect(text).toContain('"\\u{1b}[2J\\u{202e}\\u{0}\\u{2028}\\"\\\\é"');
  });
});
