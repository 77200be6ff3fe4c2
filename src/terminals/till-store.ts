import { and, asc, eq, gt, isNull } from 'drizzle-orm';
import type { TillCaller } from '../access/model.ts';
import { at, type Db, statement, type Tx } from '../platform/database.ts';
import type { Page } from '../platform/page.ts';
import type { TerminalName, Till } from './model.ts';
import { tills } from './tables.ts';

export interface NewTill extends TerminalName {
  readonly id: string;
  readonly secretSha256: string;
}

export async function insertTill(tx: Tx, till: NewTill): Promise<void> {
  await tx.query.insert(tills).values(till);
}

const bySecret = statement<{
  id: string;
  issuer_id: string;
  terminal_id: string;
  store_id: string;
}>(
  'terminals.till_by_secret',
  `select t.id, t.issuer_id, t.terminal_id, m.store_id
     from tills t
     cross join lateral (
       select store_id from terminals
        where issuer_id = t.issuer_id and id = t.terminal_id offset 0) m
    where t.secret_sha256 = $1 and t.ended_at is null`,
);

/** The paired till with that secret. */
export async function findTillBySecret(db: Db, secretSha256: string): Promise<TillCaller | null> {
  const [row] = await db.run(bySecret, [secretSha256]);
  if (row === undefined) return null;
  const { id: tillId, issuer_id: issuerId, store_id: storeId, terminal_id: terminalId } = row;
  return { kind: 'till', tillId, issuerId, storeId, terminalId };
}

/** The tills that are paired with a terminal. */
export function listTills(db: Db, name: TerminalName, page: Page): Promise<Till[]> {
  const { id, issuerId, terminalId, listening, pairedAt, seenAt } = tills;
  return db.query
    .select({ id, issuerId, terminalId, listening, pairedAt, seenAt })
    .from(tills)
    .where(
      and(
        eq(issuerId, name.issuerId),
        eq(terminalId, name.terminalId),
        isNull(tills.endedAt),
        page.after === null ? undefined : gt(id, page.after),
      ),
    )
    .orderBy(asc(id))
    .limit(page.limit);
}

// The bell lets its live line look at once whether it is still paired.
const end = statement<{ issuer_id: string; terminal_id: string; rung: string }>(
  'terminals.end_till',
  `with ended as (
     update tills set ended_at = clock_timestamp()
      where id = $1 and ended_at is null and ($2::text is null or issuer_id = $2)
     returning issuer_id, terminal_id)
   select issuer_id, terminal_id,
          pg_notify('terminal_events', issuer_id || '/' || terminal_id)::text as rung
     from ended`,
);

/** Where the till was paired that is not any more; null names any issuer. */
export async function endTill(
  tx: Tx,
  id: string,
  issuerId: string | null,
): Promise<TerminalName | null> {
  const [row] = await tx.run(end, [id, issuerId]);
  return row === undefined ? null : { issuerId: row.issuer_id, terminalId: row.terminal_id };
}

const setListening = statement<{ id: string }>(
  'terminals.set_listening',
  'update tills set listening = $2 where id = $1 and ended_at is null returning id',
);

export async function saveListening(tx: Tx, id: string, on: boolean): Promise<void> {
  await tx.run(setListening, [id, on]);
}

const seen = statement<{ seen_at: string }>(
  'terminals.till_seen',
  'update tills set seen_at = clock_timestamp() where id = $1 returning seen_at',
);

/** A till opened its live line. */
export async function markSeen(tx: Tx, id: string): Promise<Date | null> {
  const [row] = await tx.run(seen, [id]);
  return row === undefined ? null : at(row.seen_at);
}

const paired = statement<{ paired: boolean }>(
  'terminals.is_paired',
  'select exists (select 1 from tills where id = $1 and ended_at is null) as paired',
);

export async function isStillPaired(db: Db, id: string): Promise<boolean> {
  const [row] = await db.run(paired, [id]);
  return row?.paired === true;
}
