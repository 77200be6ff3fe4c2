/** What a cashier may have meant by what was typed or scanned. */
export type Reading =
  | { readonly kind: 'amount'; readonly totalMinor: number; readonly odd: boolean }
  /** A member's number or name, or what a pass says. */
  | { readonly kind: 'search' | 'coupon'; readonly query: string };

/** A bill beyond this is asked about, because a digit too many is easily typed. */
const ODD_MINOR = 1_000_000;
/** More digits than these, without a point, are a number of something else. */
const MOST_DIGITS = 6;
/** What an order may come to (src/http/schemas.ts). */
const MOST_MINOR = 10_000_000_000_000;

const COUPON = /^[0-9A-Z]{20,100}$/;
const MONEY_SIGNS = /^[¥￥]\s*|\s*(?:元|块|yuan|rmb|cny)$/i;
const CENTS = /^([0-9]+)\s*分$/;
const NUMBER = /^(?:#|no\.?|№|号)\s*([0-9A-Za-z-]{1,40})$/i;
const TAIL = /^(?:\*|…|\.{2,3})\s*([0-9]{3,6})$/;

/**
 * Every reading, the likeliest first. Digits alone are an amount at a sale, until there are too
 * many for one; where members are looked up they are never.
 */
export function readingsOf(typed: string, lookup: boolean): Reading[] {
  const text = typed.normalize('NFKC').trim().replace(/\s+/g, ' ');
  if (text === '') return [];
  const plain = text.replaceAll(/[\s-]/g, '').toUpperCase();
  if (COUPON.test(plain) && /[0-9]/.test(plain) && /[A-Z]/.test(plain)) {
    return [{ kind: 'coupon', query: plain }];
  }
  const [, number] = NUMBER.exec(text) ?? [];
  if (number !== undefined) return [{ kind: 'search', query: number }];
  const [, tail] = TAIL.exec(text) ?? [];
  if (tail !== undefined) return [{ kind: 'search', query: tail }];
  if (/^[0-9]+$/.test(plain) && plain.length === text.length) return digits(plain, lookup);
  const amount = amountOf(text);
  if (amount !== null) return [amount];
  const isPhone = /^\+?[0-9 -]{7,20}$/.test(text);
  return [{ kind: 'search', query: isPhone ? plain : text }];
}

function digits(text: string, lookup: boolean): Reading[] {
  const search: Reading = { kind: 'search', query: text };
  const amount = text.length <= MOST_DIGITS ? amountOf(text) : null;
  return lookup || amount === null ? [search] : [amount, search];
}

/** 86, 86.5, 12,50, 1,286.00, ¥12.5, 12.5元, 1250分; null for what is no amount. */
export function amountOf(typed: string): Reading | null {
  const text = typed.normalize('NFKC').trim();
  const [, cents] = CENTS.exec(text) ?? [];
  if (cents !== undefined) return amount(Number(cents));
  const bare = text.replace(MONEY_SIGNS, '').replace(MONEY_SIGNS, '');
  const grouped = /^[0-9]{1,3}(?:[, ][0-9]{3})+(?:\.[0-9]{1,2})?$/.test(bare);
  const figures = grouped ? bare.replaceAll(/[, ]/g, '') : bare.replace(',', '.');
  const [, whole, part = ''] = /^([0-9]{1,11})(?:\.([0-9]{1,2}))?$/.exec(figures) ?? [];
  if (whole === undefined) return null;
  return amount(Number(whole) * 100 + Number(part.padEnd(2, '0')));
}

function amount(totalMinor: number): Reading | null {
  if (totalMinor === 0 || totalMinor > MOST_MINOR) return null;
  return { kind: 'amount', totalMinor, odd: totalMinor >= ODD_MINOR };
}
