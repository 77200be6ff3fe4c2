import { at, type Db, only, statement, type Tx } from '../platform/database.ts';
import { UNSEALED } from './entry-store.ts';
import { type ChainEnd, GENESIS } from './model.ts';

const publish = statement<{ position: string; hash: string }>(
  'audit.publish_head',
  `insert into audit_heads (position, hash)
   select position, hash from (select * from audit_seals order by position desc limit 1) s
    where not exists (
      select from (select published_at from audit_heads order by position desc limit 1) h
       where published_at > clock_timestamp() - make_interval(secs => $1))
   on conflict do nothing
   returning position, hash`,
);

/** Publishes the end of the chain unless one was published within those seconds, or this one. */
export async function publishHead(tx: Tx, seconds: number): Promise<ChainEnd | null> {
  const [row] = await tx.run(publish, [seconds]);
  return row ? { position: Number(row.position), hash: row.hash } : null;
}

/** The head that was published last, and how many entries no seal covers yet. */
export interface Head extends ChainEnd {
  /** Null before the first. */
  readonly publishedAt: Date | null;
  readonly unsealed: number;
}

const latest = statement<{
  position: string | null;
  hash: string | null;
  published_at: string;
  unsealed: number;
}>(
  'audit.latest_head',
  `select h.*, u.unsealed
     from (select count(*)::int as unsealed from ${UNSEALED} e) u
     left join (select * from audit_heads order by position desc limit 1) h on true`,
);

export async function findHead(db: Db): Promise<Head> {
  const { position, hash, published_at: publishedAt, unsealed } = only(await db.run(latest, []));
  if (position === null || hash === null) return { ...GENESIS, publishedAt: null, unsealed };
  return { position: Number(position), hash, publishedAt: at(publishedAt), unsealed };
}
