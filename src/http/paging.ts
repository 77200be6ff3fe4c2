import { decodeUtf8, fromBase64Url, toBase64Url, utf8 } from '../platform/bytes.ts';
import type { Page } from '../platform/page.ts';
import { invalidInput } from '../problems/answer.ts';

/** @throws ProblemError when the cursor is none of this list's */
export function pageRequest(
  { limit, cursor }: { limit: number; cursor?: string | undefined },
  list: string,
): Page {
  if (cursor === undefined) return { after: null, limit };
  const after = keyIn(cursor, list);
  if (after !== null) return { after, limit };
  throw invalidInput('/query/cursor', 'must be a cursor from an earlier page of this list');
}

/** A page out of rows that were read one further than the limit. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  sortKey: (row: Row) => string,
  show: (row: Row) => Item,
  list: string,
): { items: Item[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { items: shown.map(show), nextCursor: more ? cursorOf(sortKey(last), list) : null };
}

/** A cursor names its list, so that no other list takes it for a place of its own. */
export function cursorOf(key: string, list: string): string {
  return toBase64Url(utf8(`${list}:${key}`));
}

/** The key in a cursor of that list; null in anything else. */
export function keyIn(cursor: string, list: string): string | null {
  const bytes = fromBase64Url(cursor);
  const text = bytes === null ? null : textOf(bytes);
  if (text === null || text.includes('\u0000') || !text.startsWith(`${list}:`)) return null;
  return text.slice(list.length + 1) || null;
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return decodeUtf8(bytes);
  } catch {
    return null;
  }
}
