import { decodeUtf8, fromBase64Url, toBase64Url, utf8 } from '../platform/bytes.ts';
import type { Page } from '../platform/page.ts';
import { ProblemError } from '../problems/answer.ts';

/** @throws ProblemError when the cursor is none of ours */
export function pageRequest(query: { limit: number; cursor?: string | undefined }): Page {
  if (query.cursor === undefined) return { after: null, limit: query.limit };
  const bytes = fromBase64Url(query.cursor);
  const after = bytes === null || bytes.length === 0 ? null : textOf(bytes);
  if (after === null) {
    throw new ProblemError('invalid-request', {
      errors: [{ pointer: '/query/cursor', message: 'must be a cursor from an earlier answer' }],
    });
  }
  return { after, limit: query.limit };
}

/** A page out of rows that were read one further than the limit. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  sortKey: (row: Row) => string,
  show: (row: Row) => Item,
): { items: Item[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { items: shown.map(show), nextCursor: more ? toBase64Url(utf8(sortKey(last))) : null };
}

function textOf(bytes: Uint8Array): string | null {
  try {
    const text = decodeUtf8(bytes);
    return text.includes('\u0000') ? null : text;
  } catch {
    return null;
  }
}
