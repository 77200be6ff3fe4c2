import type { Bytes } from '../src/platform/bytes.ts';

/**
 * Turns SEQUENCE { INTEGER r, INTEGER s } into the 64 bytes r ‖ s; null unless it is the DER of
 * two numbers that are not negative and fit in 32 bytes (X.690 §8.3 and §10.1). Taps never carry
 * DER: this serves the test vectors alone.
 */
export function derToP1363(der: Uint8Array): Bytes | null {
  const sequence = readElement(der, 0x30);
  if (!sequence || sequence.rest.length > 0) return null;
  const r = readInteger(sequence.content);
  const s = r && readInteger(r.rest);
  if (!s || s.rest.length > 0) return null;
  const signature = new Uint8Array(64);
  signature.set(r.number, 32 - r.number.length);
  signature.set(s.number, 64 - s.number.length);
  return signature;
}

/** No element of a P-256 signature is longer than 127 bytes, so a length is one byte. */
function readElement(
  bytes: Uint8Array,
  tag: number,
): { content: Uint8Array; rest: Uint8Array } | null {
  const [actualTag, length] = bytes;
  if (actualTag !== tag || length === undefined || length > 127) return null;
  if (bytes.length < 2 + length) return null;
  return { content: bytes.subarray(2, 2 + length), rest: bytes.subarray(2 + length) };
}

function readInteger(bytes: Uint8Array): { number: Uint8Array; rest: Uint8Array } | null {
  const element = readElement(bytes, 0x02);
  if (!element) return null;
  const [first, second] = element.content;
  if (first === undefined || first > 127) return null;
  // A leading zero byte belongs only before a byte that would else mean a negative number.
  if (first === 0 && second !== undefined && second < 128) return null;
  const number = element.content.subarray(first === 0 ? 1 : 0);
  return number.length <= 32 ? { number, rest: element.rest } : null;
}
