import { ctr } from '@noble/ciphers/aes.js';
import { p256 } from '@noble/curves/nist.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { randomBytes } from '@noble/hashes/utils.js';
import { deflate, inflate } from './zlib.ts';

/** A key of P-256. Nobody may change the bytes: implementations remember what they imported. */
export interface KeyPair {
  /** 32 bytes, big-endian. */
  readonly privateKey: Uint8Array;
  /** 33 bytes, compressed (SEC 1 §2.3.3). */
  readonly publicKey: Uint8Array;
}

/**
 * What Smart Tap needs of a runtime: cryptography, and zlib, which goes with the sealing. A public
 * key that comes in has 33 bytes or 65; anything else, and what is no point of the curve, is an
 * ordinary refusal.
 */
export interface Primitives {
  randomBytes(length: number): Uint8Array;
  generateKeyPair(): KeyPair;
  /** ECDSA with SHA-256, in DER. Throws when the private key is none. */
  sign(message: Uint8Array, privateKey: Uint8Array): Uint8Array;
  /**
   * False for whatever is not the strict DER of a signature by that key. A high s is as good as a
   * low one, since real terminals send either (protocol §7.1).
   */
  verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
  /** The x-coordinate, 32 bytes (SP 800-56A §5.7.1.2); null when the public key is no point. */
  sharedSecret(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array | null;
  /** RFC 5869. */
  hkdfSha256(secret: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array;
  /** Encrypts as it decrypts. `counter` is the first block, 16 bytes, and counts big-endian. */
  aes128Ctr(key: Uint8Array, counter: Uint8Array, data: Uint8Array): Uint8Array;
  hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array;
  /** To the zlib format (RFC 1950). */
  deflate(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>;
  /**
   * Of the zlib format; null if it is another, goes on after its end, or is more than `maxBytes`,
   * which must cost no more memory than they do.
   */
  inflate(bytes: Uint8Array, maxBytes: number): Uint8Array | null | Promise<Uint8Array | null>;
}

/** Noble's default is the compact form and a low s, which half of all terminals do not send. */
const DER_OF_ANY_S = { format: 'der', lowS: false } as const;

/** The primitives that run everywhere: @noble, and the streams of the web. */
export const noblePrimitives: Primitives = {
  randomBytes: (length) => randomBytes(length),
  generateKeyPair: () => {
    const { secretKey, publicKey } = p256.keygen();
    return { privateKey: secretKey, publicKey };
  },
  sign: (message, privateKey) => p256.sign(message, privateKey, DER_OF_ANY_S),
  verify: (signature, message, publicKey) =>
    orNull(() => p256.verify(signature, message, publicKey, DER_OF_ANY_S)) ?? false,
  // What comes back is the whole point, compressed.
  sharedSecret: (privateKey, publicKey) =>
    orNull(() => p256.getSharedSecret(privateKey, publicKey).subarray(1)),
  hkdfSha256: (secret, salt, info, length) => hkdf(sha256, secret, salt, info, length),
  aes128Ctr: (key, counter, data) => ctr(key, counter).encrypt(data),
  hmacSha256: (key, data) => hmac(sha256, key, data),
  deflate,
  inflate,
};

/** Noble throws for some keys and signatures where others say no. */
function orNull<T>(compute: () => T): T | null {
  try {
    return compute();
  } catch {
    return null;
  }
}
