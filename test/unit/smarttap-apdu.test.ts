import { describe, expect, it } from 'vitest';
import {
  type CommandApdu,
  decodeCommand,
  decodeResponse,
  encodeCommand,
  encodeResponse,
} from '../../src/smarttap/apdu.ts';
import { toHex } from '../../src/smarttap/bytes.ts';
import { encodeSmartTapCommand, smartTapCommand } from '../../src/smarttap/commands.ts';
import { SW, statusClass, statusMeaning } from '../../src/smarttap/status-words.ts';
import { hex, refusalOf } from '../support/smart-tap.ts';

const command = (data: string, le: number | null): CommandApdu => {
  return { cla: 0x90, ins: 0x50, p1: 0, p2: 0, data: hex(data), le };
};

describe('a command', () => {
  it.each([
    ['neither data nor Le', '90500000', command('', null)],
    ['Le', '9050000005', command('', 5)],
    ['Le 00, which is 256', '9050000000', command('', 256)],
    ['data', '90500000 02 aabb', command('aabb', null)],
    ['data and Le', '90500000 02 aabb 00', command('aabb', 256)],
    ['one byte of data', '90500000 01 aa', command('aa', null)],
    ['255 bytes of data', `90500000 ff ${'aa'.repeat(255)} 10`, command('aa'.repeat(255), 16)],
  ])('with %s is read and written', (_, apdu, expected) => {
    expect(decodeCommand(hex(apdu))).toEqual(expected);
    expect(encodeCommand(expected)).toEqual(hex(apdu));
  });

  it.each([
    ['nothing', '', 'truncated command/cla'],
    ['three bytes', '905000', 'truncated command/p2'],
    ['half its data', '90500000 03 aabb', 'truncated command/data'],
    ['the extended form', '90500000 000002 aabb', 'wrong-value command/lc'],
    ['bytes after Le', '90500000 01 aa 0000', 'trailing-bytes command'],
  ])('of %s is refused', (_, apdu, refusal) => {
    expect(refusalOf(() => decodeCommand(hex(apdu)))).toBe(refusal);
  });

  it.each([
    ['256 bytes of data', command('00'.repeat(256), null), 'too-long command/data'],
    ['Le 0', command('', 0), 'wrong-value command/le'],
    ['Le 257', command('', 257), 'wrong-value command/le'],
    ['a class beyond a byte', { ...command('', null), cla: 256 }, 'wrong-value command/cla'],
    ['half an instruction', { ...command('', null), ins: 0.5 }, 'wrong-value command/ins'],
  ])('with %s is not written', (_, apdu, refusal) => {
    expect(refusalOf(() => encodeCommand(apdu))).toBe(refusal);
  });
});

describe('a command of Smart Tap', () => {
  const message = hex('d4030173657300');
  it.each([
    [{ name: 'select-ose' }, '00a404000a4f53452e5641532e303100'],
    [{ name: 'select-smart-tap' }, '00a4040009a000000476d000011100'],
    [{ name: 'select-other', aid: hex('a000000476d0000101') }, '00a4040009a000000476d000010100'],
    [{ name: 'negotiate', message }, '9053000007d403017365730000'],
    [{ name: 'get-data', message }, '9050000007d403017365730000'],
    [{ name: 'get-more-data' }, '90c0000000'],
    [{ name: 'push-data', message }, '9052000007d403017365730000'],
    [{ name: 'get-response', le: 24 }, '00c0000018'],
  ] as const)('%j', (one, apdu) => {
    expect(toHex(encodeSmartTapCommand(one))).toBe(apdu);
    expect(smartTapCommand(decodeCommand(hex(apdu)))).toEqual(one);
  });

  it.each(['90510000', '9053010000', '80500000', '00b0000000', '00a4040c00', '90500001'])(
    '%s is none',
    (apdu) => {
      expect(smartTapCommand(decodeCommand(hex(apdu)))).toEqual({ name: 'unknown' });
    },
  );

  it('does not depend on Le', () => {
    expect(smartTapCommand(decodeCommand(hex('90c00000')))).toEqual({ name: 'get-more-data' });
    expect(smartTapCommand(decodeCommand(hex('00c00000')))).toEqual({
      name: 'get-response',
      le: 256,
    });
  });

  it.each(['90c0000001aa00', '00c0000001aa'])('%s has data that it must not have', (apdu) => {
    const refusal = refusalOf(() => smartTapCommand(decodeCommand(hex(apdu))));
    expect(refusal).toBe('wrong-length command/data');
  });
});

describe('a response', () => {
  it.each([
    ['a status word alone', '6a82', { data: hex(''), sw: 0x6a82 }],
    ['data', 'aabb9100', { data: hex('aabb'), sw: 0x9100 }],
    ['256 bytes', `${'00'.repeat(256)}9000`, { data: new Uint8Array(256), sw: 0x9000 }],
  ])('with %s is read and written', (_, apdu, response) => {
    expect(decodeResponse(hex(apdu))).toEqual(response);
    expect(encodeResponse(response)).toEqual(hex(apdu));
  });

  it.each([
    ['nothing', '', 'truncated response/sw'],
    ['one byte', '90', 'truncated response/sw'],
    ['257 bytes of data', '00'.repeat(259), 'too-long response/data'],
  ])('of %s is refused', (_, apdu, refusal) => {
    expect(refusalOf(() => decodeResponse(hex(apdu)))).toBe(refusal);
  });

  it.each([
    ['257 bytes of data', { data: new Uint8Array(257), sw: 0x9000 }, 'too-long response/data'],
    ['a word of three bytes', { data: hex(''), sw: 0x10000 }, 'wrong-value response/sw'],
  ])('with %s is not written', (_, response, refusal) => {
    expect(refusalOf(() => encodeResponse(response))).toBe(refusal);
  });
});

describe('a status word', () => {
  it.each([
    [0x9000, 'success'],
    [0x9001, 'success'],
    [0x90ff, 'success'],
    [0x9100, 'success-not-final'],
    [0x9102, 'success-not-final'],
    [0x9200, 'transient'],
    [0x9277, 'transient'],
    [0x9302, 'user-action'],
    [0x9406, 'terminal-error'],
    [0x9500, 'permanent-error'],
    [0x6110, 'fetch-response'],
    [0x6a82, 'other'],
    [0x6999, 'other'],
    [0x0000, 'other'],
    [0xffff, 'other'],
  ] as const)('%i is %s by its first byte', (word, expected) => {
    expect(statusClass(word)).toBe(expected);
  });

  it('has a meaning, listed or not, and no two listed ones have the same', () => {
    const words = Object.values(SW);
    expect(new Set(words.map(statusMeaning)).size).toBe(words.length);
    expect(statusMeaning(0x9277)).toBe('transient failure, to be tried again');
    expect(statusMeaning(0x1234)).toBe('not a status word of Smart Tap');
  });
});
