import type { ChainEntry } from './model.ts';

/**
 * The columns of an entry `e` that tell what happened. Times that no entry was ever given, such as
 * one before Christ, have a spelling of their own, so that no two times look alike.
 */
export const TELLING_COLUMNS = `e.action, e.subject, e.outcome, e.detail::text as detail,
  case when e.at >= '2000-01-01Z' and e.at < '10000-01-01Z'
       then to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
       else e.at::text end as at`;

/** The columns of an entry `e` as the chain covers them. */
export const CHAIN_COLUMNS = `e.seq, e.actor, ${TELLING_COLUMNS}`;

/** A row of these columns. */
export type ChainRow = Omit<ChainEntry, 'seq'> & { readonly seq: string };

export function chainEntry({ at, actor, action, subject, outcome, ...row }: ChainRow): ChainEntry {
  return { seq: Number(row.seq), at, actor, action, subject, outcome, detail: row.detail };
}

/**
 * The entries that are not sealed yet: those after the highest that is, and late ones in gaps. Read
 * in one statement with what is folded from sealed entries, the two are the whole and overlap
 * nowhere.
 */
export const UNSEALED = `(
  select e.* from audit_entries e where e.seq > coalesce((select max(entry) from audit_seals), 0)
  union all
  select e.* from audit_gaps g
   cross join lateral (
     select * from audit_entries where seq between g.first and g.last offset 0) e)`;
