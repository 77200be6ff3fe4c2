/** Which spellings of a public key may be registered, and why that is not left to the runtime. */
import { createPublicKey, generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  importVerifyKey,
  type KeyFlaw,
  parsePublicKeyJwk,
  parsePublicKeyPem,
  publicKeyJwk,
  publicKeyPem,
} from '../../src/issuers/public-key.ts';
import { toBase64 } from '../../src/platform/bytes.ts';
import {
  add,
  fromHex,
  G,
  hex32,
  lift,
  mod,
  negate,
  P,
  type Point,
  pem,
  pointWithY,
  publicKey,
  SPKI_PREFIX,
  spkiHex,
} from '../support/p256-math.ts';

const KEY = publicKey(0x5d1f0a3c7e9b2468ace013579bdf2468ace013579bdf0f1e2d3c4b5a69788796n);
const DER = spkiHex(KEY);
const PEM = pem(DER);
const SPKI = toBase64(fromHex(DER));
const [X, Y] = [hex32(KEY.x), hex32(KEY.y)];
const BODY = PEM.split('\n').slice(1, -2).join('\n');

const block = (body: string, label = 'PUBLIC KEY', newline = '\n') =>
  `-----BEGIN ${label}-----${newline}${body}${newline}-----END ${label}-----${newline}`;
/** The SPKI of a named P-256 key with these content bytes of the BIT STRING. */
const named = (bitString: string) => {
  const algorithm = '301306072a8648ce3d020106082a8648ce3d030107';
  return tlv('30', algorithm + tlv('03', bitString));
};
const tlv = (tag: string, content: string) =>
  tag + (content.length / 2).toString(16).padStart(2, '0') + content;
const off = (x: bigint, y: bigint) => SPKI_PREFIX + hex32(x) + hex32(y);

/** A point whose x still fits in 32 bytes when p is added to it. */
const SMALL = smallPoint();

/** And one whose y does. */
const LOW = pointWithSmallY();

function pointWithSmallY(): Point {
  for (let y = 1n; ; y++) {
    const point = pointWithY(y);
    if (point) return point;
  }
}

function smallPoint(): Point {
  for (let x = 5n; ; x++) {
    const point = lift(x);
    if (point) return point;
  }
}

describe('a PEM block in its tolerated layouts is one key', () => {
  const flat = BODY.replaceAll('\n', '');
  test.each([
    ['as OpenSSL writes it', PEM],
    ['with CRLF', PEM.replaceAll('\n', '\r\n')],
    ['without the last line end', PEM.trimEnd()],
    ['with CRLF and without the last line end', PEM.trimEnd().replaceAll('\n', '\r\n')],
    ['in one line', block(flat)],
    ['in lines of 76', block(flat.replaceAll(/.{76}(?=.)/g, '$&\n'))],
    ['in lines of 7', block(flat.replaceAll(/.{7}(?=.)/g, '$&\r\n'))],
  ])('%s', (_, text) => {
    expect(parsePublicKeyPem(text)).toEqual({ ok: true, spki: SPKI });
  });
});

describe('keys at the edge of the field are keys', () => {
  test.each([
    ['G', G],
    ['−G', negate(G)],
    ['x = 0', lift(0n) ?? G],
    ['the smallest x', SMALL],
    ['a y of a few bits', LOW],
    ['the negated key', negate(KEY)],
  ])('%s', async (_, point) => {
    const parsed = parsePublicKeyPem(pem(spkiHex(point)));
    expect(parsed).toEqual({ ok: true, spki: toBase64(fromHex(spkiHex(point))) });
    expect(parsed.ok && publicKeyPem(parsed.spki)).toBe(pem(spkiHex(point)));
    expect(parsed.ok && parsePublicKeyJwk(publicKeyJwk(parsed.spki))).toEqual(parsed);
    expect(parsed.ok && (await importVerifyKey(parsed.spki)).type).toBe('public');
  });
});

type PemRow = readonly [name: string, text: string, reason: KeyFlaw];

const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });
const explicit = generateKeyPairSync('ec', { namedCurve: 'P-256', paramEncoding: 'explicit' });
const spkiPem = (key: { publicKey: { export(options: object): string | Buffer } }) =>
  String(key.publicKey.export({ type: 'spki', format: 'pem' }));
const pair = ec('P-256');
const pkcs8 = String(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
const sec1 = String(pair.privateKey.export({ type: 'sec1', format: 'pem' }));
const encrypted = String(
  pair.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'x' }),
);
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });

const TEXTS: PemRow[] = [
  ['nothing', '', 'not-pem'],
  ['words', 'the key of the till', 'not-pem'],
  ['the base64 alone', BODY, 'not-pem'],
  ['text before the block', `key of till 4\n${PEM}`, 'not-pem'],
  ['text after the block', `${PEM}key of till 4\n`, 'not-pem'],
  ['a blank line before the block', `\n${PEM}`, 'not-pem'],
  ['a blank line after the block', `${PEM}\n`, 'not-pem'],
  ['a byte order mark', `\ufeff${PEM}`, 'not-pem'],
  ['a NUL after the block', `${PEM}\0`, 'not-pem'],
  ['a blank line in the block', block(`${BODY}\n`), 'not-pem'],
  ['a space at the end of a line', block(`${BODY} `), 'not-pem'],
  ['a space at the start of a line', block(` ${BODY}`), 'not-pem'],
  ['a header line', block(`Comment: till\n\n${BODY}`), 'not-pem'],
  ['carriage returns alone', PEM.replaceAll('\n', '\r'), 'not-pem'],
  ['the block twice', PEM + PEM, 'not-pem'],
  ['two keys', PEM + pem(spkiHex(G)), 'not-pem'],
  ['no END line', PEM.slice(0, PEM.indexOf('-----END')), 'not-pem'],
  ['a cut END line', PEM.replace('KEY-----\n', 'KEY----'), 'not-pem'],
  ['no BEGIN line', PEM.slice(PEM.indexOf('\n') + 1), 'not-pem'],
  ['another END', PEM.replace('END PUBLIC', 'END EC PUBLIC'), 'not-pem'],
  ['a label in lower case', block(BODY, 'public key'), 'not-pem'],
  ['the label EC PUBLIC KEY', block(BODY, 'EC PUBLIC KEY'), 'not-pem'],
  ['an empty block', block(''), 'not-pem'],
  ['a letter that is not base64', block(BODY.replace('A', '*')), 'not-pem'],
  ['base64url', block(BODY.replace('/', '_')), 'not-pem'],
  ['more text than any key has', block(`${BODY}\n`.repeat(100)), 'not-pem'],
  ['no padding', block(BODY.replace('==', '')), 'not-canonical'],
  ['padding inside', block(BODY.replace('A', '=')), 'not-canonical'],
  ['set bits under the padding', block(setPaddingBits(BODY)), 'not-canonical'],
  ['RSA in its own label', pkcs1(), 'not-pem'],
  ['a certificate', block(BODY, 'CERTIFICATE'), 'certificate'],
  ['a PKCS #8 private key', pkcs8, 'private-key'],
  ['a SEC 1 private key', sec1, 'private-key'],
  ['an encrypted private key', encrypted, 'private-key'],
  ['a private key labelled public', pkcs8.replaceAll('PRIVATE', 'PUBLIC'), 'private-key'],
  ['a SEC 1 key labelled public', sec1.replaceAll('EC PRIVATE', 'PUBLIC'), 'private-key'],
  ['the private key after the public', PEM + pkcs8, 'private-key'],
  ['the private key before the public', sec1 + PEM, 'private-key'],
];

const CURVES: PemRow[] = [
  ['RSA', spkiPem(rsa), 'not-p256'],
  ['Ed25519', spkiPem(generateKeyPairSync('ed25519')), 'not-p256'],
  ['X25519', spkiPem(generateKeyPairSync('x25519')), 'not-p256'],
  ['P-224', spkiPem(ec('P-224')), 'not-p256'],
  ['P-384', spkiPem(ec('P-384')), 'not-p256'],
  ['P-521', spkiPem(ec('P-521')), 'not-p256'],
  ['secp256k1', spkiPem(ec('secp256k1')), 'not-p256'],
  ['P-256 written out', spkiPem(explicit), 'explicit-curve'],
];

const POINTS: PemRow[] = [
  ['compressed, even', pem(named(`0002${X}`)), 'compressed'],
  ['compressed, odd', pem(named(`0003${X}`)), 'compressed'],
  ['hybrid', pem(named(`00${hybrid()}${X}${Y}`)), 'not-canonical'],
  ['hybrid of the wrong half', pem(named(`00${hybrid(1n)}${X}${Y}`)), 'not-canonical'],
  ['infinity', pem(named('0000')), 'not-canonical'],
  ['no point', pem(named('00')), 'not-canonical'],
  ['the format byte 05', pem(named(`0005${X}${Y}`)), 'not-canonical'],
  ['x alone', pem(named(`0004${X}`)), 'not-canonical'],
  ['33 bytes for x', pem(named(`000400${X}${Y}`)), 'not-canonical'],
  ['(0, 0)', pem(off(0n, 0n)), 'not-on-curve'],
  ['(x, y + 1)', pem(off(KEY.x, KEY.y + 1n)), 'not-on-curve'],
  ['(x + 1, y)', pem(off(KEY.x + 1n, KEY.y)), 'not-on-curve'],
  ['(y, x)', pem(off(KEY.y, KEY.x)), 'not-on-curve'],
  ['(x, 0)', pem(off(KEY.x, 0n)), 'not-on-curve'],
  ['a point of the twist', pem(off(twistX(), KEY.y)), 'not-on-curve'],
  ['a point of secp256k1', pem(secp256k1Point()), 'not-on-curve'],
  ['x + p for x', pem(off(SMALL.x + P, SMALL.y)), 'not-on-curve'],
  ['y + p for y', pem(off(LOW.x, LOW.y + P)), 'not-on-curve'],
  ['p for an x of 0', pem(off(P, lift(0n)?.y ?? 0n)), 'not-on-curve'],
  ['2²⁵⁶ − 1 twice', pem(SPKI_PREFIX + 'f'.repeat(128)), 'not-on-curve'],
];

const ENCODINGS: PemRow[] = [
  ['a byte after the key', pem(`${DER}00`), 'not-canonical'],
  ['the key twice', pem(DER + DER), 'not-canonical'],
  ['a byte less', pem(DER.slice(0, -2)), 'not-canonical'],
  ['a long length', pem(`3081${DER.slice(2)}`), 'not-canonical'],
  ['a long length inside', pem(`305a308113${DER.slice(8)}`), 'not-canonical'],
  ['no fixed length', pem(`3080${DER.slice(4)}0000`), 'not-canonical'],
  ['bits said to be unused', pem(named(`0404${X}${Y}`)), 'not-canonical'],
  ['a NULL after the parameters', pem(withNull()), 'not-canonical'],
  ['another algorithm', pem(DER.replace('3d0201', '3d0202')), 'not-canonical'],
  ['another curve', pem(DER.replace('030107', '030106')), 'not-p256'],
  ['an OCTET STRING for the point', pem(DER.replace('034200', '044200')), 'not-canonical'],
  ['the point alone', pem(`04${X}${Y}`), 'not-p256'],
];

describe.each([
  ['PEM text around or in place of the block', TEXTS],
  ['keys of another kind', CURVES],
  ['points in another form or off the curve', POINTS],
  ['other encodings of the key', ENCODINGS],
])('%s: refused', (_, rows) => {
  test.each(rows)('%s', (_name, text, reason) => {
    expect(parsePublicKeyPem(text)).toEqual({ ok: false, reason });
  });
});

const JWK = { kty: 'EC', crv: 'P-256', x: base64Url(X), y: base64Url(Y) };

test('a JWK and a PEM block of one key are one key', () => {
  expect(parsePublicKeyJwk(JWK)).toEqual(parsePublicKeyPem(PEM));
  expect(parsePublicKeyJwk({ ...JWK, kid: 'till', use: 'sig', alg: 'ES256' })).toMatchObject({
    spki: SPKI,
  });
});

const JWKS: readonly (readonly [string, unknown, KeyFlaw])[] = [
  ['null', null, 'not-jwk'],
  ['an array', [JWK], 'not-jwk'],
  ['a text', JSON.stringify(JWK), 'not-jwk'],
  ['an empty object', {}, 'not-jwk'],
  ['a number for kty', { ...JWK, kty: 7 }, 'not-jwk'],
  ['no y', { ...JWK, y: undefined }, 'not-jwk'],
  ['a number for x', { ...JWK, x: 7 }, 'not-jwk'],
  ['a private key', { ...JWK, d: base64Url(hex32(7n)) }, 'private-key'],
  ['an empty d', { ...JWK, d: '' }, 'private-key'],
  ['a d of null', { ...JWK, d: null }, 'private-key'],
  ['RSA', rsa.publicKey.export({ format: 'jwk' }), 'not-p256'],
  ['P-384', ec('P-384').publicKey.export({ format: 'jwk' }), 'not-p256'],
  ['secp256k1', ec('secp256k1').publicKey.export({ format: 'jwk' }), 'not-p256'],
  ['a secret', { kty: 'oct', k: base64Url(X) }, 'not-p256'],
  ['kty in lower case', { ...JWK, kty: 'ec' }, 'not-p256'],
  ['another name of the curve', { ...JWK, crv: 'prime256v1' }, 'not-p256'],
  ['no curve', { ...JWK, crv: undefined }, 'not-p256'],
  ['33 bytes for x', { ...JWK, x: base64Url(`00${X}`) }, 'not-canonical'],
  ['33 bytes for y', { ...JWK, y: base64Url(`00${Y}`) }, 'not-canonical'],
  ['31 bytes for x', { ...JWK, x: base64Url(X.slice(2)) }, 'not-canonical'],
  ['x = 5 in one byte', smallJwk(base64Url('05')), 'not-canonical'],
  ['an empty x', { ...JWK, x: '' }, 'not-canonical'],
  ['padding after x', { ...JWK, x: `${JWK.x}=` }, 'not-canonical'],
  ['a line end after x', { ...JWK, x: `${JWK.x}\n` }, 'not-canonical'],
  ['set bits at the end of x', { ...JWK, x: nextLetter(JWK.x) }, 'not-canonical'],
  ['the base64 alphabet', standardAlphabet(), 'not-canonical'],
  ['a letter of neither alphabet', { ...JWK, x: `*${JWK.x.slice(1)}` }, 'not-canonical'],
  ['(0, 0)', { ...JWK, x: zero(), y: zero() }, 'not-on-curve'],
  ['x and y exchanged', { ...JWK, x: JWK.y, y: JWK.x }, 'not-on-curve'],
  ['x + p for x', smallJwk(base64Url(hex32(SMALL.x + P))), 'not-on-curve'],
];

describe('JWKs: refused', () => {
  test.each(JWKS)('%s', (_name, jwk, reason) => {
    expect(parsePublicKeyJwk(jwk)).toEqual({ ok: false, reason });
  });
});

/**
 * The naive twin registers whatever `createPublicKey` takes, and so knows one key under several
 * names. What OpenSSL takes changes with its version; these it has taken for long.
 */
describe('node:crypto takes what is refused here', () => {
  test.each([
    'text before the block',
    'the block twice',
    'set bits under the padding',
    'a PKCS #8 private key',
    'compressed, even',
    'compressed, odd',
    'hybrid',
    'a byte after the key',
    'a long length',
  ])('%s', (name) => {
    const row = [...TEXTS, ...POINTS, ...ENCODINGS].find(([known]) => known === name);
    expect(nodeTakes(row?.[1] ?? '')).toBe(true);
  });

  test.each([
    'a private key',
    '33 bytes for x',
    'x = 5 in one byte',
    'padding after x',
    'set bits at the end of x',
    'the base64 alphabet',
  ])('%s, as JWK', (name) => {
    const row = JWKS.find(([known]) => known === name);
    expect(nodeTakes({ key: row?.[1] as JsonWebKey, format: 'jwk' })).toBe(true);
  });
});

describe('imported keys', () => {
  test('are imported once', async () => {
    const key = await importVerifyKey(SPKI);
    expect(key).toMatchObject({ type: 'public', usages: ['verify'], extractable: false });
    expect(await importVerifyKey(SPKI)).toBe(key);
  });

  test.each([
    ['a text', 'till'],
    ['nothing', ''],
    ['a compressed key', toBase64(fromHex(named(`0002${X}`)))],
    ['a key with a byte after it', toBase64(fromHex(`${DER}00`))],
    ['a key without its padding', SPKI.replace('==', '')],
  ])('%s is not the spki of a registered key', async (_, spki) => {
    await expect(importVerifyKey(spki)).rejects.toThrow(TypeError);
    expect(() => publicKeyPem(spki)).toThrow(TypeError);
    expect(() => publicKeyJwk(spki)).toThrow(TypeError);
  });

  test('a key that fails is not kept', async () => {
    const spki = toBase64(fromHex(off(KEY.x, KEY.y + 1n)));
    await expect(importVerifyKey(spki)).rejects.toThrow();
    await expect(importVerifyKey(spki)).rejects.toThrow();
  });

  test('past 10,000 the one unused for longest is forgotten', { timeout: 60_000 }, async () => {
    const [used, unused] = [SPKI, toBase64(fromHex(spkiHex(negate(KEY))))];
    const [usedKey, unusedKey] = [await importVerifyKey(used), await importVerifyKey(unused)];
    let point: Point | null = null;
    for (let i = 0; i < 10_020; i++) {
      point = add(point, G);
      await importVerifyKey(toBase64(fromHex(spkiHex(point ?? G))));
      if (i % 1000 === 0) await importVerifyKey(used);
    }
    expect(await importVerifyKey(used)).toBe(usedKey);
    expect(await importVerifyKey(unused)).not.toBe(unusedKey);
  });
});

function nodeTakes(key: Parameters<typeof createPublicKey>[0]): boolean {
  try {
    return createPublicKey(key).type === 'public';
  } catch {
    return false;
  }
}

function base64Url(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64url');
}

function zero(): string {
  return base64Url(hex32(0n));
}

function hybrid(wrong = 0n): string {
  return (KEY.y + wrong) & 1n ? '07' : '06';
}

function withNull(): string {
  return tlv('30', `301506072a8648ce3d020106082a8648ce3d0301070500${tlv('03', `0004${X}${Y}`)}`);
}

/** Of the four bits under `==` none may be set: the letter before has four names. */
function setPaddingBits(base64: string): string {
  return base64.replace(/.(?===)/, nextLetter);
}

/** The last letter's neighbour in the alphabet: it differs only in bits that are not read. */
function nextLetter(text: string): string {
  const last = text.at(-1) ?? '';
  return text.slice(0, -1) + String.fromCharCode(last.charCodeAt(0) + 1);
}

function smallJwk(x: string): object {
  return { ...JWK, x, y: base64Url(hex32(SMALL.y)) };
}

/** Written in base64 instead of base64url; the key is one where that makes a difference. */
function standardAlphabet(): object {
  for (let point: Point | null = G; ; point = add(point, G)) {
    const x = Buffer.from(hex32(point?.x ?? 0n), 'hex').toString('base64');
    if (/[+/]/.test(x)) return { ...JWK, x: x.slice(0, 43), y: base64Url(hex32(point?.y ?? 0n)) };
  }
}

function pkcs1(): string {
  return String(rsa.publicKey.export({ type: 'pkcs1', format: 'pem' }));
}

function twistX(): bigint {
  for (let x = KEY.x + 1n; ; x++) if (lift(x) === null) return mod(x, P);
}

function secp256k1Point(): string {
  const der = ec('secp256k1').publicKey.export({ type: 'spki', format: 'der' });
  return SPKI_PREFIX + der.subarray(-64).toString('hex');
}
