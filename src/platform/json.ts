/** Reading JSON from outside without losing digits and without strings PostgreSQL cannot hold. */

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

export type JsonFlaw = 'malformed' | 'too-deep' | 'unstorable-text';

const MAX_DEPTH = 32;
/**
 * Strings and numbers, each as a whole. A string that never ends is taken to the end of the text:
 * looking for another beginning inside it would cost the square of its length.
 */
const STRINGS_AND_NUMBERS = /"[^"\\]*(?:\\.[^"\\]*)*"?|-?\d[\d.eE+-]*/gs;
/** An integer with more digits than a double holds. */
const LONG_INTEGER = /^-?[1-9]\d{15,}$/;

/**
 * Puts quotes around integers too long for a double, such as 19-digit issuer ids sent as bare
 * numbers, so that they arrive as strings with every digit.
 */
export function quoteLongIntegers(text: string): string {
  return text.replace(STRINGS_AND_NUMBERS, (token) =>
    LONG_INTEGER.test(token) ? `"${token}"` : token,
  );
}

/** Parses one JSON document strictly; never throws. */
export function parseJson(
  text: string,
):
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly flaw: JsonFlaw } {
  let value: JsonValue;
  try {
    const quoted = quoteLongIntegers(text);
    // Quotes must not mend a text that is no JSON, such as a bare number for a name.
    if (quoted !== text) JSON.parse(text);
    value = JSON.parse(quoted) as JsonValue;
  } catch {
    return { ok: false, flaw: 'malformed' };
  }
  const flaw = flawIn(value, 0);
  return flaw === null ? { ok: true, value } : { ok: false, flaw };
}

function flawIn(value: JsonValue, depth: number): JsonFlaw | null {
  if (typeof value === 'string') return isStorable(value) ? null : 'unstorable-text';
  if (typeof value !== 'object' || value === null) return null;
  if (depth >= MAX_DEPTH) return 'too-deep';
  for (const [name, member] of Object.entries(value)) {
    const flaw = isStorable(name) ? flawIn(member, depth + 1) : 'unstorable-text';
    if (flaw !== null) return flaw;
  }
  return null;
}

/** PostgreSQL text holds no NUL, and UTF-8 no lone surrogate. */
function isStorable(text: string): boolean {
  return !text.includes('\u0000') && !/[\ud800-\udfff]/u.test(text);
}
