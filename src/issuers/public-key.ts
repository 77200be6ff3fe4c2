import {
  type Bytes,
  fromBase64,
  fromBase64Url,
  toBase64,
  toBase64Url,
  toHex,
} from '../platform/bytes.ts';

/**
 * Why a text is not a key that an issuer may register. One spelling of a P-256 public key is taken
 * and nothing else, so that a key has one name and no runtime's leniency decides who may sign.
 */
export type KeyFlaw =
  /** Not exactly one `PUBLIC KEY` block (RFC 7468 §13), or something around it. */
  | 'not-pem'
  /** Not an object with the members of an elliptic curve key (RFC 7518 §6.2.1). */
  | 'not-jwk'
  /** A private key, or one beside the public key: it is no longer secret. */
  | 'private-key'
  | 'certificate'
  /** RSA, another curve, or no key at all. */
  | 'not-p256'
  | 'compressed'
  /** The curve is written out instead of named, so its parameters can be forged. */
  | 'explicit-curve'
  | 'not-on-curve'
  /** A P-256 key in another spelling: BER, left-over bytes, padding, hybrid point, infinity. */
  | 'not-canonical';

/** `spki` is the canonical base64 of the 91 bytes of the SubjectPublicKeyInfo. */
export type ParsedKey =
  | { readonly ok: true; readonly spki: string }
  | { readonly ok: false; readonly reason: KeyFlaw };

export interface PublicKeyJwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
}

/** The 27 bytes in base64 that name P-256 and announce an uncompressed point (RFC 5480 §2). */
const SPKI_PREFIX = 'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE';
const SPKI_LENGTH = 91;
const POINT_START = 27;

/** Longer than any public key in use, and short enough that a refused text costs little. */
const MAX_PEM_LENGTH = 8192;
const PEM_BLOCK =
  /^-----BEGIN PUBLIC KEY-----\r?\n((?:[A-Za-z0-9+/=]+\r?\n)+)-----END PUBLIC KEY-----(?:\r?\n)?$/;

/** Reads one PEM block; lines may be of any length, end in LF or CRLF, and the last end may lack. */
export function parsePublicKeyPem(pem: string): ParsedKey {
  if (pem.length > MAX_PEM_LENGTH) return flawed('not-pem');
  const body = PEM_BLOCK.exec(pem)?.[1];
  if (body === undefined) return flawed(flawOfText(pem));
  const der = fromBase64(body.replaceAll(/\r?\n/g, ''));
  if (!der) return flawed('not-canonical');
  if (!isCanonicalSpki(der)) return flawed(flawOfDer(toHex(der)));
  return parsePoint(der.subarray(POINT_START));
}

/** Reads a public JWK; as in RFC 7517 §4, members beside `kty`, `crv`, `x`, `y` are ignored. */
export function parsePublicKeyJwk(jwk: unknown): ParsedKey {
  if (typeof jwk !== 'object' || jwk === null || Array.isArray(jwk)) return flawed('not-jwk');
  if ('d' in jwk) return flawed('private-key');
  const { kty, crv, x, y } = jwk as Record<string, unknown>;
  if (typeof kty !== 'string') return flawed('not-jwk');
  if (kty !== 'EC' || crv !== 'P-256') return flawed('not-p256');
  if (typeof x !== 'string' || typeof y !== 'string') return flawed('not-jwk');
  const [xBytes, yBytes] = [parseCoordinate(x), parseCoordinate(y)];
  if (!xBytes || !yBytes) return flawed('not-canonical');
  return parsePoint(Uint8Array.of(...xBytes, ...yBytes));
}

/** The PEM block of a registered key, in OpenSSL's layout; throws a TypeError on any other text. */
export function publicKeyPem(spki: string): string {
  const body = toBase64(registeredKey(spki)).replaceAll(/.{64}/g, '$&\n');
  return `-----BEGIN PUBLIC KEY-----\n${body}\n-----END PUBLIC KEY-----\n`;
}

/** The point of a registered key, uncompressed; throws a TypeError on any other text. */
export function publicKeyPoint(spki: string): Bytes {
  return registeredKey(spki).subarray(POINT_START - 1);
}

/** The JWK of a registered key with its four members; throws a TypeError on any other text. */
export function publicKeyJwk(spki: string): PublicKeyJwk {
  const point = registeredKey(spki).subarray(POINT_START);
  const [x, y] = [toBase64Url(point.subarray(0, 32)), toBase64Url(point.subarray(32))];
  return { kty: 'EC', crv: 'P-256', x, y };
}

const MAX_CACHED_KEYS = 10_000;
const importedKeys = new Map<string, CryptoKey>();

/**
 * The key for WebCrypto, kept for the next call because an spki never changes its meaning; whether
 * the key may still sign is not asked here. Rejects with a TypeError unless `spki` is of a
 * registered key.
 */
export async function importVerifyKey(spki: string): Promise<CryptoKey> {
  // Not the promise is kept but the key: at the edge a promise belongs to the request that made it.
  const key = importedKeys.get(spki) ?? (await importSpki(registeredKey(spki)));
  keepAsNewest(spki, key);
  return key;
}

function importSpki(der: Bytes): Promise<CryptoKey> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  return crypto.subtle.importKey('spki', der, algorithm, false, ['verify']);
}

/** A Map keeps the order of insertion, so its first key is the one unused for longest. */
function keepAsNewest(spki: string, key: CryptoKey): void {
  importedKeys.delete(spki);
  importedKeys.set(spki, key);
  if (importedKeys.size <= MAX_CACHED_KEYS) return;
  for (const oldest of importedKeys.keys()) return void importedKeys.delete(oldest);
}

function registeredKey(spki: string): Bytes {
  const der = fromBase64(spki);
  if (!der || !isCanonicalSpki(der)) throw new TypeError('not the spki of a registered key');
  return der;
}

function isCanonicalSpki(der: Bytes): boolean {
  return der.length === SPKI_LENGTH && toBase64(der).startsWith(SPKI_PREFIX);
}

/** 32 bytes have one spelling of 43 characters; runtimes also take 33 bytes with a leading zero. */
function parseCoordinate(text: string): Bytes | null {
  return text.length === 43 ? fromBase64Url(text) : null;
}

function parsePoint(point: Bytes): ParsedKey {
  const [x, y] = [toInteger(point.subarray(0, 32)), toInteger(point.subarray(32))];
  if (!isOnCurve(x, y)) return flawed('not-on-curve');
  return { ok: true, spki: SPKI_PREFIX + toBase64(point) };
}

/** The field's prime and the curve's `b` (SP 800-186 §3.2.1.3); `a` is −3. */
const P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

function isOnCurve(x: bigint, y: bigint): boolean {
  return x < P && y < P && (y * y - (x * x * x - 3n * x + B)) % P === 0n;
}

function toInteger(bytes: Bytes): bigint {
  return BigInt(`0x${toHex(bytes)}`);
}

function flawed(reason: KeyFlaw): ParsedKey {
  return { ok: false, reason };
}

function flawOfText(pem: string): KeyFlaw {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem)) return 'private-key';
  return pem.startsWith('-----BEGIN CERTIFICATE-----') ? 'certificate' : 'not-pem';
}

const SEQUENCE = '30(?:[0-7].|81..|82....)';
/** SEQUENCE, then the version number with which PKCS #8, PKCS #1 and SEC 1 private keys begin. */
const PRIVATE_KEY = new RegExp(`^${SEQUENCE}02010[01]`);
/** id-ecPublicKey followed by a SEQUENCE, where the name of a curve should stand. */
const EXPLICIT_CURVE = new RegExp(`^${SEQUENCE}${SEQUENCE}06072a8648ce3d020130`);
const COMPRESSED = /^3039301306072a8648ce3d020106082a8648ce3d0301070322000[23]/;
const NAMES_P256 = /^.{8,40}06082a8648ce3d030107/;

/** Only says what is wrong: that something is wrong was decided by its bytes being others. */
function flawOfDer(hex: string): KeyFlaw {
  if (PRIVATE_KEY.test(hex)) return 'private-key';
  if (COMPRESSED.test(hex)) return 'compressed';
  if (EXPLICIT_CURVE.test(hex)) return 'explicit-curve';
  return NAMES_P256.test(hex) ? 'not-canonical' : 'not-p256';
}
