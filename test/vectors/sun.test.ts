/**
 * B1: what NTAG 424 DNA tags say is checked as NXP specifies. The vectors are of AN12196, of RFC 4493
 * and of nfc-developer/sdm-backend (MIT).
 */
import { cbc, ecb } from '@noble/ciphers/aes.js';
import { describe, expect, test } from 'vitest';
import { aesCmac } from '../../src/platform/aes-cmac.ts';
import { openSun } from '../../src/stands/sun.ts';
import { macVector, toldMac } from '../../src/stands/sun-rules.ts';
import { SigningTag } from '../support/tag.ts';

const hex = (digits: string) => Uint8Array.from(Buffer.from(digits, 'hex'));
const digits = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').toUpperCase();
const ascii = (text: string) => new TextEncoder().encode(text);

const ZERO = '0'.repeat(32);
const BLANK = { meta: ZERO, file: ZERO };
const SDM_BACKEND = {
  meta: '42aff114f2cb3b6141be6dc95dfc5416',
  file: 'b62a9baf092439bd43c62aee96b970c5',
};

const MESSAGES = [
  {
    of: 'AN12196, page 12',
    keys: BLANK,
    picc: 'EF963FF7828658A599F3041510671E88',
    mac: '94EED9EE65337086',
    covered: '',
    uid: '04DE5F1EACC040',
    counter: 61,
  },
  {
    of: 'AN12196, page 18',
    keys: BLANK,
    picc: 'FD91EC264309878BE6345CBE53BADF40',
    mac: 'ECC1E7F6C6C73BF6',
    covered: 'CEE9A53E3E463EF1F459635736738962&cmac=',
    uid: '04958CAA5C5E80',
    counter: 8,
  },
  {
    of: 'sdm-backend, test_sun3',
    keys: SDM_BACKEND,
    picc: '8ACADDEF0A9B62CDAE39A16B83FC14DE',
    mac: '238B2543A8DEBAD8',
    covered: 'B8436E11F627BB7F543FCC0C1E0D1A89',
    uid: '041D3C8A2D6B80',
    counter: 291,
  },
];

const opened = ({ keys, picc, mac, covered }: (typeof MESSAGES)[number], as = { picc, mac }) =>
  openSun(keys, { ...as, covered: ascii(covered) });

describe.each(MESSAGES)('the message of $of', (message) => {
  const { uid, counter, picc, mac } = message;

  test('is authentic, whatever the case of its digits', () => {
    expect(opened(message)).toEqual({ uid, counter, macIsRight: true });
    const lower = { picc: picc.toLowerCase(), mac: mac.toLowerCase() };
    expect(opened(message, lower)).toEqual({ uid, counter, macIsRight: true });
  });

  test('is refused with any one digit changed', () => {
    let tried = 0;
    for (const part of ['picc', 'mac'] as const) {
      for (let at = 0; at < message[part].length; at++) {
        for (const digit of '0123456789ABCDEF') {
          if (message[part][at] === digit) continue;
          const flipped = message[part].slice(0, at) + digit + message[part].slice(at + 1);
          const found = opened(message, { picc, mac, [part]: flipped });
          // Neither UID nor counter nor the code stays, or it is no message at all. The random
          // bytes of the PICC data alone mean nothing: then nothing that is told has changed.
          const isSame = found?.uid === uid && found.counter === counter;
          expect(found?.macIsRight === true && !isSame).toBe(false);
          if (part === 'mac') expect(found?.macIsRight).toBe(false);
          tried += 1;
        }
      }
    }
    expect(tried).toBe(15 * 48);
  });

  test.each(['', '0', ' ', 'G', '\n', '0'.repeat(32)])('is refused with %j more', (more) => {
    expect(opened(message, { picc: picc + (more || '00'), mac })).toBeNull();
    expect(opened(message, { picc, mac: mac + (more || '00') })).toBeNull();
    expect(opened(message, { picc: picc.slice(1), mac })).toBeNull();
    expect(opened(message, { picc, mac: mac.slice(1) })).toBeNull();
  });

  test('is refused under another key', () => {
    const other = `f${message.keys.meta.slice(1)}`;
    expect(openSun({ ...message.keys, meta: other }, { picc, mac })?.macIsRight ?? false).toBe(
      false,
    );
    const file = { ...message.keys, file: other };
    expect(openSun(file, { picc, mac, covered: ascii(message.covered) })?.macIsRight).toBe(false);
  });
});

test('the key of one reading is that of AN12196, page 12', () => {
  const key = aesCmac(hex(ZERO), macVector({ uid: '04DE5F1EACC040', counter: 61 }));
  expect(digits(key)).toBe('3FB5F6E3A807A03D5E3570ACE393776F');
});

test('a message in the clear has its code too', () => {
  const key = aesCmac(hex(ZERO), macVector({ uid: '041E3C8A2D6B80', counter: 6 }));
  expect(digits(toldMac(aesCmac(key, new Uint8Array())))).toBe('4B00064004B0B3D3');
});

test('what a tag encrypts besides is what AN12196, page 18, says', () => {
  const vector = hex('C33C00010080' + '04958CAA5C5E80' + '080000');
  const key = aesCmac(hex(ZERO), vector);
  const iv = ecb(key, { disablePadding: true }).encrypt(hex(`080000${'00'.repeat(13)}`));
  const data = hex('CEE9A53E3E463EF1F459635736738962');
  const plain = cbc(key, iv, { disablePadding: true }).decrypt(data);
  expect(new TextDecoder().decode(plain)).toBe('x'.repeat(16));
});

describe('AES-CMAC of RFC 4493', () => {
  const key = hex('2b7e151628aed2a6abf7158809cf4f3c');
  const message = hex(
    '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710',
  );
  test.each([
    [0, 'BB1D6929E95937287FA37D129B756746'],
    [16, '070A16B46B4D4144F79BDD9DD04A287C'],
    [40, 'DFA66747DE9AE63030CA32611497C827'],
    [64, '51F0BEBF7E3B9D92FC49741779363CFE'],
  ])('of %i bytes', (length, expected) => {
    expect(digits(aesCmac(key, message.subarray(0, length)))).toBe(expected);
  });
});

test('a tag made apart from this code is understood, at every end of its counter', () => {
  const tag = new SigningTag();
  for (const counter of [0, 1, 255, 256, 65_535, 65_536, 0xff_fffe, 0xff_ffff]) {
    const found = openSun(tag.keys, tag.read(counter));
    expect(found).toEqual({ uid: tag.uid.toUpperCase(), counter, macIsRight: true });
  }
});
