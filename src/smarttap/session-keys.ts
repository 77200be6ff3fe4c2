import { concatBytes } from './bytes.ts';
import type { Primitives } from './primitives.ts';
import { type Negotiation, signedParts } from './signature.ts';

/** The keys of one session; both seal what the handset sends (protocol §8). */
export interface SessionKeys {
  /** For AES-128-CTR, 16 bytes. */
  readonly aesKey: Uint8Array;
  /** For HMAC-SHA256, 32 bytes. */
  readonly hmacKey: Uint8Array;
}

/** What the keys hang on besides the secret: each end has to have seen the same. */
export interface KeyContext {
  readonly negotiation: Negotiation;
  /** The terminal's signature, bare DER. */
  readonly signature: Uint8Array;
  /** The handset's ephemeral key, as it was sent in `dpk`. */
  readonly handsetPublicKey: Uint8Array;
}

const AES_KEY_BYTES = 16;
const HMAC_KEY_BYTES = 32;

/** Derives the keys from the secret that both ephemeral keys have in common. */
export function deriveSessionKeys(
  primitives: Primitives,
  sharedSecret: Uint8Array,
  { negotiation, signature, handsetPublicKey }: KeyContext,
): SessionKeys {
  const info = concatBytes(...signedParts(negotiation), signature);
  const length = AES_KEY_BYTES + HMAC_KEY_BYTES;
  const okm = primitives.hkdfSha256(sharedSecret, handsetPublicKey, info, length);
  return { aesKey: okm.subarray(0, AES_KEY_BYTES), hmacKey: okm.subarray(AES_KEY_BYTES) };
}
