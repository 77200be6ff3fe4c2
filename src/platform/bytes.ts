/** Text and byte conversions that run the same on Node, at the edge and in browsers. */

const utf8Encoder = new TextEncoder();
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes over an ordinary buffer, as WebCrypto wants them. */
export type Bytes = Uint8Array<ArrayBuffer>;

export function utf8(text: string): Bytes {
  return utf8Encoder.encode(text) as Bytes;
}

/** Decodes UTF-8 and throws a TypeError on an invalid sequence instead of replacing it. */
export function decodeUtf8(bytes: Uint8Array): string {
  return strictUtf8.decode(bytes);
}

export function toHex(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += HEX[byte];
  return hex;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

export function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Decodes standard base64 with its padding; null unless the text is the canonical form. */
export function fromBase64(text: string): Bytes | null {
  if (text.length % 4 !== 0) return null;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return decode(text, text.length - padding, BASE64);
}

/** Decodes unpadded base64url; null unless canonical, so one value has one spelling (RFC 7515 §2). */
export function fromBase64Url(text: string): Bytes | null {
  return decode(text, text.length, BASE64URL);
}

const BASE64 = sextets('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const BASE64URL = sextets('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');

function sextets(alphabet: string): Int8Array {
  const table = new Int8Array(128).fill(-1);
  for (let value = 0; value < 64; value++) table[alphabet.charCodeAt(value)] = value;
  return table;
}

/** Every tap decodes some, so this is a loop and not a chain of strings. */
function decode(text: string, length: number, table: Int8Array): Bytes | null {
  if (length % 4 === 1) return null;
  const bytes = new Uint8Array((length * 3) >> 2);
  let bits = 0;
  let pending = 0;
  let written = 0;
  for (let i = 0; i < length; i++) {
    const sextet = table[text.charCodeAt(i)] ?? -1;
    if (sextet < 0) return null;
    bits = (bits << 6) | sextet;
    pending += 6;
    if (pending < 8) continue;
    pending -= 8;
    bytes[written++] = bits >> pending;
    bits &= (1 << pending) - 1;
  }
  // Bits left over that are not zero would be a second spelling of the same bytes.
  return bits === 0 ? bytes : null;
}

/** Compares without telling by its time where two texts of one length differ. */
export function equalInConstantTime(left: string, right: string): boolean {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let i = 0; i < left.length; i++) difference |= left.charCodeAt(i) ^ right.charCodeAt(i);
  return difference === 0;
}
