import { type Bytes, toHex } from '../platform/bytes.ts';

/** The order of P-256's group (SP 800-186 §3.2.1.3). */
const ORDER = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551';
const ZERO = '0'.repeat(64);

/**
 * True when `signature` is r ‖ s (RFC 7518 §3.4) over `signed`; anything else, a key for another
 * purpose too, is false and nothing throws. A high s is as good as a low one, so the bytes of a
 * signature are no name for what was signed: (r, n − s) verifies as well.
 */
export async function verifyEs256(
  key: CryptoKey,
  signature: Bytes,
  signed: Bytes,
): Promise<boolean> {
  if (signature.length !== 64) return false;
  if (!isScalar(signature.subarray(0, 32)) || !isScalar(signature.subarray(32))) return false;
  try {
    return await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, signature, signed);
  } catch {
    return false;
  }
}

/** In 1 … n − 1; the runtimes look too, but whom we believe shall not hang on them. */
function isScalar(bytes: Bytes): boolean {
  // Hexadecimal texts of one length have the order of their numbers.
  const hex = toHex(bytes);
  return hex !== ZERO && hex < ORDER;
}
