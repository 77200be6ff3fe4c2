import { concatBytes } from './bytes.ts';
import { SmartTapError } from './error.ts';
import type { Primitives } from './primitives.ts';
import type { Reb } from './records/record-bundle.ts';
import type { SessionKeys } from './session-keys.ts';

/** No bundle of passes comes near it; other terminals have the same limit (protocol §8). */
export const MAX_BUNDLE_BYTES = 256 * 1024;

const IV_BYTES = 12;
/** The rest of the first counter block (protocol §8). */
const COUNTER_START: Uint8Array = new Uint8Array(4);

/** Compresses if asked, then encrypts, then authenticates. */
export async function sealBundle(
  primitives: Primitives,
  { aesKey, hmacKey }: SessionKeys,
  bundle: Uint8Array,
  compressed: boolean,
): Promise<Reb> {
  const plaintext = compressed ? await primitives.deflate(bundle) : bundle;
  const iv = primitives.randomBytes(IV_BYTES);
  const ciphertext = primitives.aes128Ctr(aesKey, concatBytes(iv, COUNTER_START), plaintext);
  const mac = primitives.hmacSha256(hmacKey, concatBytes(iv, ciphertext));
  return { encrypted: true, compressed, iv, ciphertext, mac };
}

/**
 * Checks first, then decrypts, then inflates, with that one of `possible` keys that fits. Without
 * encryption there is nothing to check: whether such a bundle is welcome is for the caller to say.
 * @throws SmartTapError `bad-mac` or `bad-compression`
 */
export async function openBundle(
  primitives: Primitives,
  possible: readonly SessionKeys[],
  reb: Reb,
): Promise<Uint8Array> {
  if (!reb.encrypted) return expand(primitives, reb.content, reb.compressed);
  const { iv, ciphertext, mac } = reb;
  const authenticated = concatBytes(iv, ciphertext);
  const keys = possible.find(({ hmacKey }) =>
    equalInConstantTime(mac, primitives.hmacSha256(hmacKey, authenticated)),
  );
  if (!keys) {
    throw new SmartTapError('bad-mac', 'reb/mac', 'is not of these keys and this ciphertext');
  }
  const counter = concatBytes(iv, COUNTER_START);
  return expand(primitives, primitives.aes128Ctr(keys.aesKey, counter, ciphertext), reb.compressed);
}

async function expand(
  primitives: Primitives,
  bytes: Uint8Array,
  compressed: boolean,
): Promise<Uint8Array> {
  if (!compressed) return bytes;
  const inflated = await primitives.inflate(bytes, MAX_BUNDLE_BYTES);
  if (inflated) return inflated;
  const reason = `is not zlib of at most ${MAX_BUNDLE_BYTES} bytes`;
  throw new SmartTapError('bad-compression', 'reb', reason);
}

function equalInConstantTime(left: Uint8Array, right: Uint8Array): boolean {
  let difference = left.length ^ right.length;
  for (let i = 0; i < left.length; i++) difference |= (left[i] ?? 0) ^ (right[i] ?? 0);
  return difference === 0;
}
