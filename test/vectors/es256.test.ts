/**
 * ES256 on inputs that have broken implementations. The categories are those of Wycheproof, the
 * vectors are computed here; `npm run wycheproof` runs its own files through the same code.
 */
import { createHash, createPublicKey, verify as nodeVerify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  importVerifyKey,
  parsePublicKeyJwk,
  parsePublicKeyPem,
} from '../../src/issuers/public-key.ts';
import { type Bytes, fromBase64, utf8 } from '../../src/platform/bytes.ts';
import { verifyEs256 } from '../../src/taps/signature.ts';
import { derToP1363 } from '../../tools/der-signature.ts';
import {
  add,
  derSignature,
  digest,
  fromHex,
  G,
  hex32,
  inverse,
  keyThatSigned,
  lift,
  mod,
  multiply,
  N,
  negate,
  P,
  type Point,
  p1363,
  pem,
  publicKey,
  type Signature,
  sign,
  spkiHex,
  verify,
  verifyWithoutRanges,
} from '../support/p256-math.ts';

const MESSAGE = utf8('the till at the door');
const SECRET = 0x7a9c1d52f0b3e8846d2f5ab1c07e93d4a16b58cf2e0d7394b5a8c6e1f2d30495n;
const NONCE = 0x3b1f60d2c4a597e8812d3c5f6b7a8e9d0c1b2a3f4e5d6c7b8a9f0e1d2c3b4a59n;
const KEY = publicKey(SECRET);
const GOOD = sign(SECRET, NONCE, MESSAGE);

interface Row {
  readonly name: string;
  readonly key?: Point;
  readonly message?: Bytes;
  readonly signature: Bytes;
}

const signed = (name: string, signature: Signature, key = KEY, message: Bytes = MESSAGE): Row => ({
  name,
  key,
  message,
  signature: p1363(signature),
});

async function ours({ key = KEY, message = MESSAGE, signature }: Row): Promise<boolean> {
  const parsed = parsePublicKeyPem(pem(spkiHex(key)));
  if (!parsed.ok) throw new Error(parsed.reason);
  return verifyEs256(await importVerifyKey(parsed.spki), signature, message);
}

function openssl({ key = KEY, message = MESSAGE, signature }: Row): boolean {
  const publicKeyObject = createPublicKey(pem(spkiHex(key)));
  return nodeVerify(
    'sha256',
    message,
    { key: publicKeyObject, dsaEncoding: 'ieee-p1363' },
    signature,
  );
}

function byTheBook({ key = KEY, message = MESSAGE, signature }: Row): boolean {
  return signature.length === 64 && verify(key, numbersOf(signature), message);
}

function numbersOf(signature: Uint8Array): Signature {
  const hex = Buffer.from(signature).toString('hex');
  return { r: BigInt(`0x${hex.slice(0, 64)}`), s: BigInt(`0x${hex.slice(64)}`) };
}

function verified(rows: readonly Row[], expected: boolean): void {
  test.each(rows)('$name', async (row) => {
    expect(await ours(row)).toBe(expected);
    expect(openssl(row)).toBe(expected);
    expect(byTheBook(row)).toBe(expected);
  });
}

/** The first x from `start` on, in steps of `step`, that a point of the curve has. */
function nearestPoint(start: bigint, step: bigint): Point {
  for (let x = start; ; x += step) {
    const point = lift(x);
    if (point) return point;
  }
}

/** A message whose digest starts or ends as wanted; found after some 65,000 tries. */
function messageWith(pattern: RegExp): Bytes {
  for (let i = 0; ; i++) {
    const message = utf8(`tap ${i}`);
    if (pattern.test(hex32(digest(message)))) return message;
  }
}

const SMALL = nearestPoint(1n, 1n);
const BELOW_N = nearestPoint(N - 1n, -1n);
const ABOVE_N = nearestPoint(N, 1n);
const R = publicKey(NONCE);

describe('numbers at the edge of their range verify', () => {
  const points: [string, Point][] = [
    ['the smallest r', SMALL],
    ['the largest r', BELOW_N],
    ['R.x above n, so that r is R.x − n', ABOVE_N],
    ['r with 64 leading zero bits', nearestPoint(2n ** 191n, 1n)],
    ['an ordinary r', R],
  ];
  const numbers: [string, bigint][] = [
    ['s = 1', 1n],
    ['s = 2', 2n],
    ['s with 128 leading zero bits', 2n ** 127n + 5n],
    ['s = (n − 1) / 2', (N - 1n) / 2n],
    ['s = (n + 1) / 2', (N + 1n) / 2n],
    ['s = n − 2', N - 2n],
    ['s = n − 1', N - 1n],
  ];
  const rows = points.flatMap(([r, point]) =>
    numbers.map(([name, s]) =>
      signed(`${r}, ${name}`, { r: mod(point.x, N), s }, keyThatSigned(point, s, MESSAGE)),
    ),
  );
  verified(rows, true);
});

describe('a high s is as good as a low one', () => {
  const opposite = { r: GOOD.r, s: N - GOOD.s };
  verified([signed('as signed', GOOD), signed('n − s', opposite)], true);

  test('and one of the two is high', () => {
    expect([GOOD.s, opposite.s].filter((s) => s > N / 2n)).toHaveLength(1);
  });
});

describe('numbers outside 1 … n − 1 are refused', () => {
  const values: [string, bigint][] = [
    ['0', 0n],
    ['1', 1n],
    ['n − 1', N - 1n],
    ['n', N],
    ['n + 1', N + 1n],
    ['p', P],
    ['p + 1', P + 1n],
    ['2²⁵⁶ − 1', 2n ** 256n - 1n],
  ];
  const pairs = values.flatMap(([rName, r]) =>
    values.map(([sName, s]) => signed(`r = ${rName}, s = ${sName}`, { r, s })),
  );
  const good = values.flatMap(([name, value]) => [
    signed(`r = ${name} with the right s`, { r: value, s: GOOD.s }),
    signed(`s = ${name} with the right r`, { r: GOOD.r, s: value }),
  ]);
  verified([...pairs, ...good], false);
});

describe('numbers that are right only after reduction modulo n are refused', () => {
  const s = 3n;
  const small = keyThatSigned(SMALL, s, MESSAGE);
  const one = keyThatSigned(R, 1n, MESSAGE);
  const wrapped = keyThatSigned(ABOVE_N, GOOD.s, MESSAGE);
  const rows = [
    signed('r + n', { r: SMALL.x + N, s }, small),
    signed('s + n', { r: SMALL.x, s: s + N }, small),
    signed('r + n and s + n', { r: SMALL.x + N, s: s + N }, small),
    signed('s = n + 1 for 1', { r: mod(R.x, N), s: N + 1n }, one),
    signed('r = R.x, which is above n', { r: ABOVE_N.x, s: GOOD.s }, wrapped),
    signed('r = 0, s = 0', { r: 0n, s: 0n }),
    signed('r = n, s = 0', { r: N, s: 0n }),
    signed('r = 0, s = n', { r: 0n, s: N }),
    signed('r = n, s = n', { r: N, s: N }),
  ];
  verified(rows, false);

  test.each(rows)('$name passes a verifier without the range check', (row) => {
    const { key = KEY, message = MESSAGE, signature } = row;
    expect(verifyWithoutRanges(key, numbersOf(signature), message)).toBe(true);
  });
});

describe('scalars u1 and u2 that trip addition chains verify', () => {
  const scalars: [string, bigint][] = [
    ['1', 1n],
    ['2', 2n],
    ['3', 3n],
    ['n − 1', N - 1n],
    ['n − 2', N - 2n],
    ['(n − 1) / 2', (N - 1n) / 2n],
    ['(n + 1) / 2', (N + 1n) / 2n],
    ['2¹²⁸', 2n ** 128n],
    ['2¹²⁸ − 1', 2n ** 128n - 1n],
    ['2²⁵⁵', 2n ** 255n],
    ['2²²⁴ − 1', 2n ** 224n - 1n],
    ['0101…', BigInt(`0x${'5'.repeat(64)}`)],
    ['1010…', BigInt(`0x${'a'.repeat(64)}`)],
    ['00001111…', BigInt(`0x${'0f'.repeat(32)}`)],
  ];
  const first = scalars.map(([name, u1]) => {
    const s = mod(digest(MESSAGE) * inverse(u1, N), N);
    return signed(`u1 = ${name}`, { r: mod(R.x, N), s }, keyThatSigned(R, s, MESSAGE));
  });
  const second = scalars.map(([name, u2]) => {
    const r = mod(R.x, N);
    const s = mod(r * inverse(u2, N), N);
    return signed(`u2 = ${name}`, { r, s }, keyThatSigned(R, s, MESSAGE));
  });
  const few = scalars.filter(([name]) => ['1', '2', 'n − 1', '(n + 1) / 2', '2²⁵⁵'].includes(name));
  const both = few.flatMap(([name1, u1]) =>
    few.map(([name2, u2]) => withScalars(`u1 = ${name1} and u2 = ${name2}`, u1, u2)),
  );
  verified([...first, ...second, ...both], true);

  /** u1 = z/s and u2 = r/s give r = u2·z/u1, which must be the x of a point: so z is searched. */
  function withScalars(name: string, u1: bigint, u2: bigint): Row {
    for (let i = 0; ; i++) {
      const message = utf8(`till ${i}`);
      const s = mod(digest(message) * inverse(u1, N), N);
      const r = mod(u2 * s, N);
      const point = lift(r);
      if (point) return signed(name, { r, s }, keyThatSigned(point, s, message), message);
    }
  }
});

describe('u1·G and u2·Q that meet', () => {
  const z = digest(MESSAGE);
  const r = mod(R.x, N);
  // s = 2z/k and d = z/r make both terms (k/2)·G, so that their sum is a doubling.
  const doubled = { r, s: mod(2n * z * inverse(NONCE, N), N) };
  const doubledKey = publicKey(mod(z * inverse(r, N), N));
  verified([signed('in one point verify: the sum is a doubling', doubled, doubledKey)], true);

  const opposite = [1n, 2n, 3n, N - 1n, GOOD.s, SMALL.x, BELOW_N.x].flatMap((number) => {
    // d = −z/r makes the terms each other's negative, whatever s is.
    const key = publicKey(mod(-z * inverse(number, N), N));
    return [1n, N - 1n, GOOD.s].map((s) =>
      signed(`in opposite points are refused: r = ${number}, s = ${s}`, { r: number, s }, key),
    );
  });
  verified(opposite, false);

  test('and the two constructions do what they say', () => {
    const w = inverse(doubled.s, N);
    expect(multiply(z * w, G)).toEqual(multiply(r * w, doubledKey));
    const key = publicKey(mod(-z * inverse(r, N), N));
    expect(add(multiply(z, G), multiply(r, key))).toBeNull();
  });
});

describe('special keys', () => {
  const secrets: [string, bigint][] = [
    ['G', 1n],
    ['−G', N - 1n],
    ['2·G', 2n],
    ['−2·G', N - 2n],
    ['G / 2', (N + 1n) / 2n],
    ['a key whose x begins with a zero byte', secretWhere(({ x }) => x < 2n ** 248n)],
    ['a key whose y begins with a zero byte', secretWhere(({ y }) => y < 2n ** 248n)],
    ['a key whose x begins with ff', secretWhere(({ x }) => x >= 255n * 2n ** 248n)],
  ];
  const own = secrets.flatMap(([name, secret]) => [
    signed(`${name} verifies its own`, sign(secret, NONCE, MESSAGE), publicKey(secret)),
    signed(`${name} verifies with nonce 1`, sign(secret, 1n, MESSAGE), publicKey(secret)),
    signed(`${name} verifies with nonce n − 1`, sign(secret, N - 1n, MESSAGE), publicKey(secret)),
  ]);
  verified(own, true);

  const strangers = [
    ...secrets.map(([name, secret]) => signed(`${name} refuses`, GOOD, publicKey(secret))),
    signed('the negated key refuses', GOOD, negate(KEY)),
    signed('the key with x = 0 refuses', GOOD, lift(0n) ?? G),
    signed('the key with the smallest x refuses', GOOD, SMALL),
  ];
  describe('refuse the signature of another', () => verified(strangers, false));

  function secretWhere(holds: (key: Point) => boolean): bigint {
    let key: Point | null = G;
    for (let secret = 1n; ; secret++, key = add(key, G)) if (key && holds(key)) return secret;
  }
});

describe('messages', () => {
  const messages: [string, Bytes][] = [
    ['the empty message', utf8('')],
    ['a message of 64 kB', new Uint8Array(65_536)],
    ['a digest that begins with 16 zero bits', messageWith(/^0000/)],
    ['a digest that ends with 16 zero bits', messageWith(/0000$/)],
    ['a digest that begins with 16 one bits', messageWith(/^ffff/)],
    ['a digest with 20 zero bits inside', messageWith(/[^0]0{5}[^0]/)],
  ];
  const good = messages.map(([name, message]) =>
    signed(`${name} verifies`, sign(SECRET, NONCE, message), KEY, message),
  );
  verified(good, true);

  const flipped = Array.from(MESSAGE, (_, at) =>
    signed(`byte ${at} of the message changed`, GOOD, KEY, flip(MESSAGE, at)),
  );
  const others = [
    signed('a byte after the message', GOOD, KEY, Uint8Array.of(...MESSAGE, 0)),
    signed('a byte before the message', GOOD, KEY, Uint8Array.of(0, ...MESSAGE)),
    signed('a byte less', GOOD, KEY, MESSAGE.slice(0, -1)),
    signed('no message', GOOD, KEY, utf8('')),
    signed('its digest in its place', GOOD, KEY, sha256(MESSAGE)),
  ];
  describe('that were changed are refused', () => verified([...flipped, ...others], false));
});

describe('a changed signature is refused', () => {
  const bytes = p1363(GOOD);
  const flipped = Array.from(bytes, (_, at) => ({
    name: `byte ${at} changed`,
    signature: flip(bytes, at),
  }));
  const numbers = [
    signed('r and s exchanged', { r: GOOD.s, s: GOOD.r }),
    signed('n − r', { r: N - GOOD.r, s: GOOD.s }),
    signed('n − r and n − s', { r: N - GOOD.r, s: N - GOOD.s }),
    signed('r + 1', { r: GOOD.r + 1n, s: GOOD.s }),
    signed('s + 1', { r: GOOD.r, s: GOOD.s + 1n }),
    signed('1/s', { r: GOOD.r, s: inverse(GOOD.s, N) }),
    signed('the nonce as r', { r: NONCE, s: GOOD.s }),
    { name: 'its bytes in the other order', signature: bytes.slice().reverse() },
  ];
  verified([...flipped, ...numbers], false);
});

describe('only r ‖ s in 64 bytes is a signature', () => {
  const bytes = p1363(GOOD);
  // Both numbers have 29 bytes, so that the DER has the 64 bytes of a signature.
  const short = { r: nearestPoint(2n ** 230n, 1n).x, s: 2n ** 230n + 7n };
  const shortKey = keyThatSigned(lift(short.r) ?? G, short.s, MESSAGE);
  const lengths: Row[] = [0, 1, 32, 63, 65, 70, 96, 128].map((length) => ({
    name: `${length} bytes`,
    signature: Uint8Array.from({ length }, (_, at) => bytes[at % 64] ?? 0),
  }));
  const shapes: Row[] = [
    { name: 'DER', signature: derSignature(GOOD) },
    { name: 'DER of 64 bytes', signature: derSignature(short), key: shortKey },
    { name: 'a zero byte before', signature: Uint8Array.of(0, ...bytes) },
    { name: 'a zero byte after', signature: Uint8Array.of(...bytes, 0) },
    { name: '33 bytes a number', signature: fromHex(`00${hex32(GOOD.r)}00${hex32(GOOD.s)}`) },
    { name: 'leading zero bytes left out', signature: p1363(short).slice(3), key: shortKey },
    { name: 'the signature twice', signature: Uint8Array.of(...bytes, ...bytes) },
    { name: '64 zero bytes', signature: new Uint8Array(64) },
  ];
  verified([...lengths, ...shapes], false);

  test('and the DER was good, of 64 bytes where it says so', () => {
    expect(derSignature(short)).toHaveLength(64);
    for (const der of [derSignature(GOOD), derSignature(short)]) {
      const key = der.length === 64 ? shortKey : KEY;
      expect(nodeVerify('sha256', MESSAGE, createPublicKey(pem(spkiHex(key))), der)).toBe(true);
      expect(byTheBook({ name: '', key, signature: derToP1363(der) ?? der })).toBe(true);
    }
  });
});

describe('a runtime that throws is a refusal', () => {
  const algorithms: [string, () => Promise<CryptoKey>][] = [
    ['a key for another algorithm', () => hmacKey()],
    ['a key for another curve', async () => (await ecdsaKeys('P-384')).publicKey],
    ['a private key', async () => (await ecdsaKeys('P-256')).privateKey],
  ];
  test.each(algorithms)('%s', async (_, makeKey) => {
    expect(await verifyEs256(await makeKey(), p1363(GOOD), MESSAGE)).toBe(false);
  });

  async function ecdsaKeys(namedCurve: string): Promise<CryptoKeyPair> {
    return crypto.subtle.generateKey({ name: 'ECDSA', namedCurve }, false, ['sign', 'verify']);
  }

  async function hmacKey(): Promise<CryptoKey> {
    return crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
  }
});

/** RFC 9421 appendix B.2.4, with the key of appendix B.1.3; its s is a high one. */
describe('the published vector', () => {
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: 'qIVYZVLCrPZHGHjP17CTW0_-D9Lfw0EkjqF7xB4FivA',
    y: 'Mc4nN9LTDOBhfoUeg8Ye9WedFRhnZXZJA12Qp0zZ6F0',
  };
  const signature =
    fromBase64(
      'wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw==',
    ) ?? new Uint8Array();
  const contentDigest =
    'mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==';
  const base = [
    '"@status": 200',
    '"content-type": application/json',
    `"content-digest": sha-512=:${contentDigest}:`,
    '"content-length": 23',
    '"@signature-params": ("@status" "content-type" "content-digest" "content-length")' +
      ';created=1618884473;keyid="test-key-ecc-p256"',
  ].join('\n');

  async function verifyVector(text: string): Promise<boolean> {
    const parsed = parsePublicKeyJwk(jwk);
    if (!parsed.ok) throw new Error(parsed.reason);
    return verifyEs256(await importVerifyKey(parsed.spki), signature, utf8(text));
  }

  test('verifies', async () => expect(await verifyVector(base)).toBe(true));
  test('has a high s', () => expect(numbersOf(signature).s > N / 2n).toBe(true));
  test('fails with another status', async () =>
    expect(await verifyVector(base.replace('200', '201'))).toBe(false));
});

function flip(bytes: Bytes, at: number): Bytes {
  return bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
}

function sha256(bytes: Bytes): Bytes {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}
