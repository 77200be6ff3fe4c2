/**
 * API keys: `tk_<live|test>_<id>_<secret>`. The secret is 43 random characters of base 62, 256
 * bits, and 6 characters of CRC-32 over all before them, so that a mistyped key is told from a
 * wrong one, and a leaked one is found by a scanner, without a look into the database.
 */
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const KEY = /^tk_(live|test)_([0-9A-Za-z]{16})_([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/;

export interface KeyParts {
  readonly mode: 'live' | 'test';
  readonly id: string;
  readonly secret: string;
}

export function newApiKey(mode: 'live' | 'test'): KeyParts & { readonly key: string } {
  const id = randomBase62(16);
  const secret = randomBase62(43);
  const body = `tk_${mode}_${id}_${secret}`;
  return { mode, id, secret, key: body + checksum(body) };
}

/** Null for anything that cannot be a key, a mistyped one included. */
export function parseApiKey(key: string): KeyParts | null {
  const [, mode, id, secret, sum] = KEY.exec(key) ?? [];
  if (!mode || !id || !secret || sum !== checksum(key.slice(0, -6))) return null;
  return { mode: mode as KeyParts['mode'], id, secret };
}

function randomBase62(length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length))) {
      // 248 is the largest multiple of 62 in a byte; taking more would favour some characters.
      if (byte < 248 && text.length < length) text += ALPHABET[byte % 62];
    }
  }
  return text;
}

function checksum(text: string): string {
  let rest = crc32(text);
  let digits = '';
  for (let i = 0; i < 6; i++) {
    digits = ALPHABET[rest % 62] + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

/** CRC-32 as in ISO 3309, the polynomial reflected. */
function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let i = 0; i < text.length; i++) {
    crc ^= text.charCodeAt(i);
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
