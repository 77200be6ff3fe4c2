import { statement, type Tx } from '../platform/database.ts';
import { CHAIN_COLUMNS, type ChainRow, chainEntry } from './entry-store.ts';
import type { Gap } from './gap-rules.ts';
import { type ChainEnd, type ChainEntry, GENESIS } from './model.ts';

/** Beside the locks of migrations (…, 2) and of a data folder's owner (…, 1). */
const lock = statement<{ locked: boolean }>(
  'audit.lock_sealer',
  'select pg_try_advisory_xact_lock(1952542828, 3) as locked',
);

/** Makes this transaction the one sealer until it ends; false when another is. */
export async function becomeSealer(tx: Tx): Promise<boolean> {
  const [row] = await tx.run(lock, []);
  return row?.locked === true;
}

const end = statement<{ position: string; hash: string; highest: string }>(
  'audit.chain_end',
  `select position, hash, (select max(entry) from audit_seals) as highest
     from audit_seals order by position desc limit 1`,
);

/** Where the chain ends, and the highest number of an entry in it. */
export async function chainEnd(tx: Tx): Promise<{ end: ChainEnd; highest: number }> {
  const [row] = await tx.run(end, []);
  if (row === undefined) return { end: GENESIS, highest: 0 };
  return { end: { position: Number(row.position), hash: row.hash }, highest: Number(row.highest) };
}

/**
 * Whether the transactions of that time have all ended. A statement of ours ends after 20 seconds
 * and an idle transaction after 30, so that none is older than a minute or so; ten leave room for
 * one that an operator runs by hand.
 */
const allOver = (time: string) => `${time} < clock_timestamp() - interval '10 minutes'`;

/** An entry after all that are sealed. */
export interface FreshEntry extends ChainEntry {
  /** Every transaction that took a lower number has ended. */
  readonly isOld: boolean;
}

const fresh = statement<ChainRow & { is_old: boolean }>(
  'audit.fresh_entries',
  `select ${CHAIN_COLUMNS}, ${allOver('e.at')} as is_old
     from audit_entries e where e.seq > $1 order by e.seq limit $2`,
);

/** The next entries after that number. */
export async function freshEntries(tx: Tx, after: number, limit: number): Promise<FreshEntry[]> {
  const rows = await tx.run(fresh, [after, limit]);
  return rows.map((row) => ({ ...chainEntry(row), isOld: row.is_old }));
}

/** A gap with what has appeared in it since. */
export interface OpenGap extends Gap {
  readonly seenAt: string;
  /** Every transaction that could have filled it has ended. */
  readonly isOver: boolean;
  readonly late: readonly ChainEntry[];
}

interface GapRow {
  first: string;
  last: string;
  seen_at: string;
  is_over: boolean;
}

const late = statement<GapRow & (ChainRow | { seq: null })>(
  'audit.late_entries',
  `select g.first, g.last, g.seen_at, e.*,
          ${allOver('g.seen_at')} as is_over
     from audit_gaps g
     left join lateral (
       select ${CHAIN_COLUMNS} from audit_entries e
        where e.seq between g.first and g.last order by e.seq limit $1 offset 0) e on true
    order by g.first, e.seq`,
);

/** The open gaps, each with at most so many of the entries that came late. */
export async function openGaps(tx: Tx, limit: number): Promise<OpenGap[]> {
  const gaps = new Map<string, OpenGap & { late: ChainEntry[] }>();
  for (const row of await tx.run(late, [limit])) {
    const gap = gaps.get(row.first) ?? { ...openGap(row), late: [] };
    gaps.set(row.first, gap);
    if (row.seq !== null) gap.late.push(chainEntry(row));
  }
  return [...gaps.values()];
}

function openGap({ first, last, seen_at: seenAt, is_over: isOver }: GapRow) {
  return { first: Number(first), last: Number(last), seenAt, isOver };
}

/** A seal as it is written. */
export interface NewSeal extends ChainEnd {
  readonly entry: number;
}

const insertSeals = statement<never>(
  'audit.insert_seals',
  `insert into audit_seals (position, entry, hash)
   select "position", "entry", "hash"
     from json_to_recordset($1::json) as s("position" bigint, "entry" bigint, "hash" text)`,
);

export async function saveSeals(tx: Tx, seals: readonly NewSeal[]): Promise<void> {
  await tx.run(insertSeals, [JSON.stringify(seals)]);
}

const deleteGaps = statement<never>(
  'audit.delete_gaps',
  `delete from audit_gaps
    where first = any (array(select json_array_elements_text($1::json)::bigint))`,
);
const insertGaps = statement<never>(
  'audit.insert_gaps',
  `insert into audit_gaps (first, last, seen_at)
   select "first", "last", coalesce("seenAt", clock_timestamp())
     from json_to_recordset($1::json) as g("first" bigint, "last" bigint, "seenAt" timestamptz)`,
);

/** Puts gaps in the place of others; without a time they are seen now. */
export async function replaceGaps(
  tx: Tx,
  old: readonly Gap[],
  gaps: readonly (Gap & { readonly seenAt?: string })[],
): Promise<void> {
  if (old.length > 0) await tx.run(deleteGaps, [JSON.stringify(old.map(({ first }) => first))]);
  if (gaps.length > 0) await tx.run(insertGaps, [JSON.stringify(gaps)]);
}
