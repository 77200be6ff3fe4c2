import { describe, expect, it } from 'vitest';
import { concatBytes, toHex } from '../../src/smarttap/bytes.ts';
import { noblePrimitives, type Primitives } from '../../src/smarttap/index.ts';
import { derSignature, N, publicKey, type Signature, sign } from '../support/p256-math.ts';
import { hex } from '../support/smart-tap.ts';
import { openssl } from '../support/smart-tap-stage.ts';

const RUNTIMES: readonly (readonly [string, Primitives])[] = [
  ['@noble', noblePrimitives],
  ['OpenSSL', openssl],
];

const SECRET = 0x7a9c1d52f0b3e8846d2f5ab1c07e93d4a16b58cf2e0d7394b5a8c6e1f2d30495n;
const CHANCE = 0x3b1f60d2c4a597e8812d3c5f6b7a8e9d0c1b2a3f4e5d6c7b8a9f0e1d2c3b4a59n;
const MESSAGE = hex('c0ffee');
const bytes32 = (number: bigint) => hex(number.toString(16).padStart(64, '0'));

const point = publicKey(SECRET);
const X = bytes32(point.x);
const Y = bytes32(point.y);
const parity = Number(point.y & 1n);
const COMPRESSED = concatBytes(Uint8Array.of(2 + parity), X);
const WHOLE = concatBytes(Uint8Array.of(4), X, Y);

const GOOD = sign(SECRET, CHANCE, Uint8Array.from(MESSAGE));
const der = (changes: Partial<Signature> = {}) => derSignature({ ...GOOD, ...changes });
/** The good signature's DER, with its bytes as hex changed. */
const respelled = (change: (text: string) => string) => hex(change(toHex(der())));
/** One more byte of content, which the length knows. */
const longer = (text: string, tail: string) => {
  const length = Number.parseInt(text.slice(2, 4), 16) + tail.length / 2;
  return `30${length.toString(16)}${text.slice(4)}${tail}`;
};

describe.each(RUNTIMES)('over %s', (_name, primitives) => {
  it.each<[string, Uint8Array, boolean]>([
    ['as it was made', der(), true],
    ['with the other s', der({ s: N - GOOD.s }), true],
    ['with r = 0', der({ r: 0n }), false],
    ['with s = 0', der({ s: 0n }), false],
    ['with s = n', der({ s: N }), false],
    ['with s + n', der({ s: GOOD.s + N }), false],
    ['with r + n', der({ r: GOOD.r + N }), false],
    ['with a byte after it', respelled((text) => `${text}00`), false],
    ['with a byte after s inside', respelled((text) => longer(text, '00')), false],
    ['with a long length', respelled((text) => `3081${text.slice(2)}`), false],
    ['of indefinite length', respelled((text) => `3080${text.slice(4)}0000`), false],
    ['that is no sequence', respelled((text) => `31${text.slice(2)}`), false],
    ['as r and s alone', concatBytes(bytes32(GOOD.r), bytes32(GOOD.s)), false],
    ['of nothing', hex(''), false],
  ])('a signature %s: %s', (_what, signature, good) => {
    for (const key of [COMPRESSED, WHOLE]) {
      expect(primitives.verify(signature, MESSAGE, key)).toBe(good);
    }
  });

  it('an integer with a zero too many is no DER', () => {
    const integers = toHex(der()).slice(4);
    const lengthOfR = Number.parseInt(integers.slice(2, 4), 16) + 1;
    const padded = `02${lengthOfR.toString(16)}00${integers.slice(4)}`;
    const length = (padded.length / 2).toString(16);
    expect(primitives.verify(hex(`30${length}${padded}`), MESSAGE, COMPRESSED)).toBe(false);
  });

  it.each<[string, Uint8Array]>([
    ['nothing', hex('')],
    ['the point at infinity', hex('00')],
    ['a hybrid point', concatBytes(Uint8Array.of(6 + parity), X, Y)],
    ['a compressed point of 65 bytes', concatBytes(Uint8Array.of(2 + parity), X, Y)],
    ['a whole point of 33 bytes', concatBytes(Uint8Array.of(4), X)],
    ['another y', concatBytes(Uint8Array.of(4), X, X)],
    ['a coordinate beyond the field', concatBytes(Uint8Array.of(2), new Uint8Array(32).fill(255))],
    ['x without a y', concatBytes(Uint8Array.of(2), bytes32(1n))],
    ['coordinates alone', concatBytes(X, Y)],
  ])('%s is no key', (_what, key) => {
    expect(primitives.verify(der(), MESSAGE, key)).toBe(false);
    expect(primitives.sharedSecret(bytes32(SECRET), key)).toBeNull();
  });

  it.each<[string, Uint8Array]>([
    ['0', bytes32(0n)],
    ['the order', bytes32(N)],
    ['31 bytes', bytes32(SECRET).subarray(1)],
    ['33 bytes', concatBytes(hex('00'), bytes32(SECRET))],
  ])('nobody signs or exchanges with %s', (_what, key) => {
    expect(() => primitives.sign(MESSAGE, key)).toThrow();
    expect(primitives.sharedSecret(key, COMPRESSED)).toBeNull();
  });

  it('one is the smallest private key, n − 1 the greatest', () => {
    for (const key of [1n, N - 1n]) {
      const signature = primitives.sign(MESSAGE, bytes32(key));
      const { x, y } = publicKey(key);
      const whole = concatBytes(Uint8Array.of(4), bytes32(x), bytes32(y));
      expect(primitives.verify(signature, MESSAGE, whole)).toBe(true);
    }
  });

  it('makes keys that the other takes', () => {
    const other = primitives === openssl ? noblePrimitives : openssl;
    const [ours, theirs] = [primitives.generateKeyPair(), other.generateKeyPair()];
    expect([ours.privateKey.length, ours.publicKey.length]).toEqual([32, 33]);
    const secret = primitives.sharedSecret(ours.privateKey, theirs.publicKey);
    expect(secret).toHaveLength(32);
    expect(secret).toEqual(other.sharedSecret(theirs.privateKey, ours.publicKey));
    const signature = primitives.sign(MESSAGE, ours.privateKey);
    expect(other.verify(signature, MESSAGE, ours.publicKey)).toBe(true);
  });

  it('RFC 5869 A.1', () => {
    const secret = new Uint8Array(22).fill(0x0b);
    const [salt, info] = [hex('000102030405060708090a0b0c'), hex('f0f1f2f3f4f5f6f7f8f9')];
    expect(toHex(primitives.hkdfSha256(secret, salt, info, 42))).toBe(
      '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
    );
  });

  it('RFC 4231 §4.3', () => {
    const text = (words: string) => new TextEncoder().encode(words);
    const mac = primitives.hmacSha256(text('Jefe'), text('what do ya want for nothing?'));
    expect(toHex(mac)).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
  });

  it('SP 800-38A F.5.1', () => {
    const key = hex('2b7e151628aed2a6abf7158809cf4f3c');
    const counter = hex('f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff');
    const plaintext = hex('6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51');
    const ciphertext = '874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff';
    expect(toHex(primitives.aes128Ctr(key, counter, plaintext))).toBe(ciphertext);
  });

  it('draws bytes that were never drawn, of any length, for one alone', () => {
    const drawn = Array.from({ length: 2000 }, (_, index) =>
      primitives.randomBytes(8 + (index % 40)),
    );
    expect(drawn.map(({ length }) => length)).toEqual(drawn.map((_, index) => 8 + (index % 40)));
    const texts = drawn.map(toHex);
    // Any eight bytes of them; by chance two are equal once in 10^10 runs.
    const eights = texts.flatMap((text) => text.match(/.{16}/g) ?? []);
    expect(new Set(eights).size).toBe(eights.length);
    for (const bytes of drawn) bytes.fill(0);
    const next = primitives.randomBytes(32);
    expect(next.some((byte) => byte !== 0)).toBe(true);
    expect(primitives.randomBytes(5000)).toHaveLength(5000);
  });
});
