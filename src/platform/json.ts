/** Reads JSON from outside: every digit of an int64, and no text that PostgreSQL cannot hold. */

export type JsonValue =
  | null
  | boolean
  | number
  | bigint
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
/** An integer with more digits than a double holds and no more than an int64 has. */
const LONG_INTEGER = /^-?[1-9]\d{15,18}$/;

/** Parses one JSON document strictly; an integer too long for a double comes as bigint. */
export function parseJson(
  text: string,
):
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly flaw: JsonFlaw } {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    return { ok: false, flaw: 'malformed' };
  }
  const flaw = flawIn(value, 0);
  return flaw === null ? { ok: true, value: exactly(text) ?? value } : { ok: false, flaw };
}

/** Read with every digit; null for a text whose integers are all short enough. */
function exactly(text: string): JsonValue | null {
  const marked = text.replace(STRINGS_AND_NUMBERS, (token) =>
    LONG_INTEGER.test(token) ? `"\\u0000${token}"` : token,
  );
  if (marked === text) return null;
  // A document whose texts hold a NUL was refused before, so what begins with one is a mark.
  return JSON.parse(marked, (_name, member: JsonValue) =>
    typeof member === 'string' && member.startsWith('\u0000') ? BigInt(member.slice(1)) : member,
  ) as JsonValue;
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
