import { type Db, statement } from '../platform/database.ts';
import { CHAIN_COLUMNS, type ChainRow, chainEntry } from './entry-store.ts';
import type { ChainEnd, ChainEntry } from './model.ts';

/** A seal with what it seals. */
export interface SealRow extends ChainEnd {
  /** The number of its entry. */
  readonly entry: number;
  /** Null when there is no such entry. */
  readonly sealed: ChainEntry | null;
  /** The hash that was published for this position; null when none was. */
  readonly publishedHash: string | null;
}

interface PlainSealRow {
  position: string;
  entry: string;
  hash: string;
  published_hash: string | null;
}

// By position and entry, so that a second seal of one position is seen too.
const seals = statement<PlainSealRow & (ChainRow | { seq: null })>(
  'audit.seal_page',
  `select s.position, s.entry, s.hash, h.hash as published_hash, e.*
     from audit_seals s
     left join lateral (
       select ${CHAIN_COLUMNS} from audit_entries e where e.seq = s.entry offset 0) e on true
     left join lateral (select hash from audit_heads where position = s.position offset 0) h on true
    where (s.position, s.entry) > ($1, $2)
    order by s.position, s.entry limit $3`,
);

/** The next seals of the chain. */
export async function sealPage(
  db: Db,
  after: { readonly position: number; readonly entry: number },
  limit: number,
): Promise<SealRow[]> {
  const rows = await db.run(seals, [after.position, after.entry, limit]);
  return rows.map((row) => ({
    position: Number(row.position),
    entry: Number(row.entry),
    hash: row.hash,
    publishedHash: row.published_hash,
    sealed: row.seq === null ? null : chainEntry(row),
  }));
}

const lastHead = statement<{ position: string; hash: string }>(
  'audit.last_head',
  'select position, hash from audit_heads order by position desc limit 1',
);

/** The head that was published last, as the database still tells it. */
export async function publishedHead(db: Db): Promise<ChainEnd | null> {
  const [row] = await db.run(lastHead, []);
  return row ? { position: Number(row.position), hash: row.hash } : null;
}

const unsealed = statement<{ reached: string | null; intruder: string | null }>(
  'audit.intruders',
  `select max(e.seq) as reached, min(e.seq) filter (where not e.known) as intruder
     from (select seq,
                  exists (select from audit_seals where entry = seq offset 0)
                  or exists (select from audit_gaps
                              where first <= seq and last >= seq
                              order by first desc limit 1) as known
             from audit_entries
            where seq > $1 and seq <= (select max(entry) from audit_seals)
            order by seq limit $2) e`,
);

/**
 * Looks through the next entries below the highest sealed one for one that is neither sealed nor
 * late; `reached` is null when there are no more.
 */
export async function findIntruder(
  db: Db,
  after: number,
  limit: number,
): Promise<{ readonly reached: number | null; readonly intruder: number | null }> {
  const [row] = await db.run(unsealed, [after, limit]);
  const number = (text: string | null | undefined) => (text == null ? null : Number(text));
  return { reached: number(row?.reached), intruder: number(row?.intruder) };
}
