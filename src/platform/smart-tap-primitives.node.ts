import {
  createCipheriv,
  createECDH,
  createHmac,
  createPrivateKey,
  createPublicKey,
  type ECDH,
  hkdfSync,
  type KeyObject,
  randomFillSync,
  sign,
  verify,
} from 'node:crypto';
import { deflateSync, inflateSync, type Zlib } from 'node:zlib';

/**
 * The primitives of src/smarttap over OpenSSL. They import nothing of that library, as the platform
 * stands on nothing; where they are handed over, the compiler sees that they fit.
 */
export const nodeSmartTapPrimitives = {
  randomBytes,
  generateKeyPair,
  sign: (message: Uint8Array, privateKey: Uint8Array): Uint8Array =>
    plain(sign('sha256', message, signingKey(privateKey))),
  verify: (signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean => {
    const key = verifyingKey(publicKey);
    return key !== null && verify('sha256', message, key, signature);
  },
  sharedSecret,
  hkdfSha256: (
    secret: Uint8Array,
    salt: Uint8Array,
    info: Uint8Array,
    length: number,
  ): Uint8Array => new Uint8Array(hkdfSync('sha256', secret, salt, info, length)),
  aes128Ctr: (key: Uint8Array, counter: Uint8Array, data: Uint8Array): Uint8Array =>
    plain(createCipheriv('aes-128-ctr', key, counter).update(data)),
  hmacSha256: (key: Uint8Array, data: Uint8Array): Uint8Array =>
    plain(createHmac('sha256', key).update(data).digest()),
  deflate: (bytes: Uint8Array): Uint8Array => plain(deflateSync(bytes)),
  inflate,
};

const CURVE = 'prime256v1';

/** To import a key costs more than to use it: so one that comes again is remembered. */
const exchanges = new WeakMap<Uint8Array, ECDH>();
const signingKeys = new WeakMap<Uint8Array, KeyObject>();
const verifyingKeys = new Map<string, KeyObject>();
const MAX_VERIFYING_KEYS = 1000;

/** A tap needs some bytes five times, and to ask OpenSSL costs the same for one as for many. */
const POOL_BYTES = 1024;
const pool = new Uint8Array(POOL_BYTES);
let taken = POOL_BYTES;

/** Bytes that nobody else has had or can still find here. */
function randomBytes(length: number): Uint8Array {
  if (length > POOL_BYTES) return randomFillSync(new Uint8Array(length));
  if (taken + length > POOL_BYTES) {
    randomFillSync(pool);
    taken = 0;
  }
  const bytes = pool.slice(taken, taken + length);
  pool.fill(0, taken, taken + length);
  taken += length;
  return bytes;
}

function generateKeyPair(): { privateKey: Uint8Array; publicKey: Uint8Array } {
  const exchange = createECDH(CURVE);
  const publicKey = compressed(exchange.generateKeys());
  const privateKey = new Uint8Array(32);
  const scalar = exchange.getPrivateKey();
  privateKey.set(scalar, 32 - scalar.length);
  exchanges.set(privateKey, exchange);
  return { privateKey, publicKey };
}

/** SEC 1 §2.3.3: the x-coordinate, and whether y is odd. */
function compressed(point: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(point.subarray(0, 33));
  bytes[0] = 2 + ((point[64] ?? 0) & 1);
  return bytes;
}

function sharedSecret(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array | null {
  if (!isPointForm(publicKey)) return null;
  return orNull(() => plain(exchangeOf(privateKey).computeSecret(publicKey)));
}

function exchangeOf(privateKey: Uint8Array): ECDH {
  const known = exchanges.get(privateKey);
  if (known) return known;
  if (privateKey.length !== 32) throw new RangeError('a private key of P-256 has 32 bytes');
  const exchange = createECDH(CURVE);
  exchange.setPrivateKey(privateKey);
  exchanges.set(privateKey, exchange);
  return exchange;
}

function signingKey(privateKey: Uint8Array): KeyObject {
  const known = signingKeys.get(privateKey);
  if (known) return known;
  // OpenSSL signs with 0 as well, as anybody can; before an exchange it looks.
  exchangeOf(privateKey);
  const der = Buffer.concat([SEC1_HEAD, privateKey, SEC1_TAIL]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'sec1' });
  signingKeys.set(privateKey, key);
  return key;
}

/** ECPrivateKey of RFC 5915 §3, around the 32 bytes of the key. */
const SEC1_HEAD = Buffer.from('30310201010420', 'hex');
const SEC1_TAIL = Buffer.from('a00a06082a8648ce3d030107', 'hex');

function verifyingKey(publicKey: Uint8Array): KeyObject | null {
  if (!isPointForm(publicKey)) return null;
  const name = Buffer.from(publicKey).toString('latin1');
  const known = verifyingKeys.get(name);
  if (known) return known;
  const head = publicKey.length === 33 ? SPKI_HEAD_COMPRESSED : SPKI_HEAD;
  const der = Buffer.concat([head, publicKey]);
  const key = orNull(() => createPublicKey({ key: der, format: 'der', type: 'spki' }));
  if (key) remember(name, key);
  return key;
}

/** SubjectPublicKeyInfo of RFC 5480 §2, up to the point. */
const SPKI_HEAD = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex');
const SPKI_HEAD_COMPRESSED = Buffer.from(
  '3039301306072a8648ce3d020106082a8648ce3d030107032200',
  'hex',
);

/** The collectors of a service are few; one that is forgotten is imported again. */
function remember(name: string, key: KeyObject): void {
  if (verifyingKeys.size >= MAX_VERIFYING_KEYS) verifyingKeys.clear();
  verifyingKeys.set(name, key);
}

/** Compressed or whole (SEC 1 §2.3.3); OpenSSL would take the hybrid form as well. */
function isPointForm({ length, 0: first }: Uint8Array): boolean {
  return length === 33 ? first === 2 || first === 3 : length === 65 && first === 4;
}

function inflate(bytes: Uint8Array, maxBytes: number): Uint8Array | null {
  const inflated = orNull(() => inflateSync(bytes, { maxOutputLength: maxBytes, info: true }));
  if (inflated === null) return null;
  // Declared as a Buffer, but with `info` it is what was read and who read it.
  const { buffer, engine } = inflated as unknown as { buffer: Buffer; engine: Zlib };
  return engine.bytesWritten === bytes.length ? plain(buffer) : null;
}

/** A Buffer is a Uint8Array whose `slice` does something else. */
function plain({ buffer, byteOffset, length }: Buffer): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length);
}

function orNull<T>(compute: () => T): T | null {
  try {
    return compute();
  } catch {
    return null;
  }
}
