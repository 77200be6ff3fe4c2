import { SmartTapError } from '../error.ts';

const BIG_ENDIAN_MARK = 0xfeff;
const LITTLE_ENDIAN_MARK = 0xfffe;

/**
 * Reads UTF-16, big-endian unless a byte order mark says otherwise (NFC Forum RTD Text 1.0 §3.4).
 * By hand, since not every runtime's TextDecoder knows it.
 */
export function utf16Text(bytes: Uint8Array, field: string): string {
  if (bytes.length % 2 !== 0) throw notUtf16(field);
  const units: number[] = [];
  for (let i = 0; i < bytes.length; i += 2) units.push(unit(bytes, i));
  const mark = units[0];
  const swapped = mark === LITTLE_ENDIAN_MARK;
  if (mark === BIG_ENDIAN_MARK || swapped) units.shift();
  let text = '';
  for (const one of units) text += String.fromCharCode(swapped ? swap(one) : one);
  if (!text.isWellFormed()) throw notUtf16(field);
  return text;
}

function unit(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
}

function swap(unit: number): number {
  return ((unit & 0xff) << 8) | (unit >> 8);
}

function notUtf16(field: string): SmartTapError {
  return new SmartTapError('not-text', field, 'is not UTF-16');
}
