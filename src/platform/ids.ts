import { toBase64Url } from './bytes.ts';

/**
 * Identifiers: a prefix that names the kind, then 26 characters of Crockford's base 32 that hold
 * 48 bits of milliseconds and 80 random bits, so that ids made later sort later and indexes grow
 * at one end.
 */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

export type IdPrefix =
  | 'wal'
  | 'prs'
  | 'tap'
  | 'clm'
  | 'blk'
  | 'cpn'
  | 'red'
  | 'bsk'
  | 'rev'
  | 'trf'
  | 'key'
  | 'req'
  | 'wrk'
  | 'mem'
  | 'dev'
  | 'jcd'
  | 'till'
  | 'std'
  | 'sto'
  | 'trm'
  | 'whk'
  | 'ntc';

export function newId(prefix: IdPrefix): string {
  return `${prefix}_${base32Time(Date.now())}${randomBase32(16)}`;
}

/** A pattern for ids of one kind; a text that does not match cannot name a row. */
export function idPattern(prefix: IdPrefix): RegExp {
  return new RegExp(`^${prefix}_[0-9a-hjkmnp-tv-z]{26}$`);
}

/** `length` characters of base 32, five random bits each. */
export function randomBase32(length: number): string {
  let text = '';
  for (let i = 0; i < length; i++) text += ALPHABET[randomByte() & 31];
  return text;
}

/** That many decimal digits, each as likely as the others. */
export function randomDigits(length: number): string {
  let text = '';
  while (text.length < length) {
    const byte = randomByte();
    // 250 is the largest multiple of 10 in a byte; taking more would favour some digits.
    if (byte < 250) text += byte % 10;
  }
  return text;
}

const pool = new Uint8Array(4096);
let unused = 0;

/** From a pool that is filled at once: a call to the runtime a byte would cost more than the id. */
function randomByte(): number {
  if (unused === 0) {
    crypto.getRandomValues(pool);
    unused = pool.length;
  }
  unused -= 1;
  return pool[unused] ?? 0;
}

/** A token, the secret of a cookie or the like: 256 random bits. */
export function newSecret(): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
}

/** A code a till scans or a cashier types: upper case, 130 random bits. */
export function newCouponCode(): string {
  return randomBase32(26).toUpperCase();
}

function base32Time(milliseconds: number): string {
  let text = '';
  let rest = milliseconds;
  for (let i = 0; i < 10; i++) {
    text = ALPHABET[rest % 32] + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}
