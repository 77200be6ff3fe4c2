import { cursorOf, keyIn } from '../http/paging.ts';
import { fault, WalletApiError } from './envelope.ts';

/** One of the tables that a list is read from, in order of its ids. */
export type Source<Item> = (range: {
  readonly after: string | null;
  readonly limit: number;
}) => Promise<readonly Keyed<Item>[]>;

export interface Keyed<Item> {
  readonly id: string;
  readonly item: Item;
}

export interface ListPage<Item> {
  readonly items: readonly Item[];
  readonly nextPageToken: string | null;
}

export interface PageAsked {
  /** The collection, to which its tokens are bound. */
  readonly list: string;
  readonly limit: number;
  readonly token: string | undefined;
}

/** Where a page begins: behind an id of one of the sources. */
interface Position {
  readonly source: number;
  readonly after: string | null;
}

/**
 * A list without `maxResults` is given whole, as Google does, up to this many; a longer one goes on
 * with a token, so that no answer is cut short in silence.
 */
const LONGEST_PAGE = 10_000;

export function pageLimit(maxResults: number | undefined): number {
  return maxResults ? Math.min(maxResults, LONGEST_PAGE) : LONGEST_PAGE;
}

/**
 * One page of several sources, one behind the other. Every page is read by key, so a late page
 * costs what the first one does and rows that come in between shift nothing.
 */
export async function readPage<Item>(
  sources: readonly Source<Item>[],
  { list, limit, token }: PageAsked,
): Promise<ListPage<Item>> {
  const start = token === undefined ? { source: 0, after: null } : positionOf(token, list);
  const found: { source: number; id: string; item: Item }[] = [];
  for (const [index, source] of sources.entries()) {
    if (index < start.source || found.length > limit) continue;
    const after = index === start.source ? start.after : null;
    const rows = await source({ after, limit: limit + 1 - found.length });
    found.push(...rows.map((row) => ({ ...row, source: index })));
  }
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  const more = found.length > limit && last !== undefined;
  const nextPageToken = more ? cursorOf(`${last.source}:${last.id}`, list) : null;
  return { items: shown.map(({ item }) => item), nextPageToken };
}

const POSITION = /^([0-9]):([\x21-\x7e]{1,300})$/;

function positionOf(token: string, list: string): Position {
  const [, source, after] = POSITION.exec(keyIn(token, list) ?? '') ?? [];
  if (source !== undefined && after !== undefined) return { source: Number(source), after };
  throw new WalletApiError(
    fault(400, 'invalid', "Invalid value at 'token': must be a nextPageToken of an earlier page"),
  );
}
