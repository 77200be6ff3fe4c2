import { at, type Db, only, statement } from '../platform/database.ts';
import type { AuditEntry } from './store.ts';

/** An entry as it is told, with its seal once it has one. */
export interface ToldEntry extends AuditEntry {
  readonly seq: number;
  readonly at: Date;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly position: number | null;
  readonly hash: string | null;
}

export interface EntryFilter {
  /** Only entries about this issuer's own; null: of all. */
  readonly issuerId: string | null;
  readonly subject: string | null;
  readonly action: string | null;
}

export interface EntryPage {
  readonly entries: readonly ToldEntry[];
  /** How far was looked before the page was full; null when there are no more. */
  readonly reached: number | null;
}

interface PageRow {
  looked: number;
  reached: string | null;
  found: (Omit<ToldEntry, 'at'> & { readonly at: string })[] | null;
}

/** How many entries one call looks at: without this a rare one would be looked for without end. */
const LOOKS = 10_000;

/** An entry is about an issuer by its class, or by a subject of its own such as 1990.x or 1990/x. */
const ABOUT_ISSUER = `$2::text in (
  split_part(detail ->> 'classId', '.', 1),
  split_part(split_part(subject, '/', 1), '.', 1))`;

const pageOf = (name: string, where: string) =>
  statement<PageRow>(
    name,
    `with looked as materialized (
       select * from audit_entries where seq > $1 ${where} order by seq limit ${LOOKS})
     select (select count(*)::int from looked) as looked,
            (select max(seq) from looked) as reached,
            (select json_agg(f order by f.seq) from (
               select e.*, s.position, s.hash
                 from (select * from looked
                        where ($2::text is null or ${ABOUT_ISSUER})
                          and ($3::text is null or action = $3)
                        order by seq limit $4) e
                 left join lateral (
                   select position, hash from audit_seals where entry = e.seq offset 0) s
                   on true) f) as found`,
  );

const ofAll = pageOf('audit.entries', '');
const ofSubject = pageOf('audit.entries_of_subject', 'and subject = $5');

/** At most `limit` entries after that number, in order. */
export async function listEntries(
  db: Db,
  { issuerId, subject, action }: EntryFilter,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<EntryPage> {
  const values = [after, issuerId, action, limit];
  const rows = await (subject === null
    ? db.run(ofAll, values)
    : db.run(ofSubject, [...values, subject]));
  const { looked, reached, found } = only(rows);
  const entries = (found ?? []).map((row) => ({ ...row, at: at(row.at) }));
  return { entries, reached: looked < LOOKS ? null : Number(reached) };
}
