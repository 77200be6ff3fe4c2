import { at, type Db, only, rareStatement, statement, type Tx } from '../platform/database.ts';
import type { NewTerminalEvent, TerminalEvent, TerminalName } from './model.ts';

// The terminal's row is locked from here to the commit, so numbers follow each other as commits do
// and who has read up to one number has missed nothing before it.
const insertEvent = statement<{ number: string }>(
  'terminals.tell',
  `with numbered as (
     update terminals set last_event = last_event + 1
      where issuer_id = $1 and id = $2 returning last_event)
   insert into terminal_events (issuer_id, terminal_id, number, kind, tap_id, wallet_id, detail)
   select $1, $2, last_event, $3, $4, $5, $6::jsonb from numbered returning number`,
);

const ring = statement<{ rung: string }>(
  'terminals.ring',
  "select pg_notify('terminal_events', $1)::text as rung",
);

/** Tells a terminal something: its live lines hear it when the transaction commits. */
export async function tellTerminal(
  tx: Tx,
  { issuerId, terminalId }: TerminalName,
  { kind, tapId, walletId, detail }: NewTerminalEvent,
): Promise<number> {
  const values = [issuerId, terminalId, kind, tapId, walletId, JSON.stringify(detail)];
  const { number } = only(await tx.run(insertEvent, values));
  await tx.run(ring, [`${issuerId}/${terminalId}`]);
  return Number(number);
}

interface EventRow {
  readonly number: string;
  readonly kind: TerminalEvent['kind'];
  readonly tap_id: string | null;
  readonly wallet_id: string | null;
  readonly detail: TerminalEvent['detail'];
  readonly at: string;
}

const eventsAfter = statement<EventRow>(
  'terminals.events_after',
  `select number, kind, tap_id, wallet_id, detail, at from terminal_events
    where issuer_id = $1 and terminal_id = $2 and number > $3 order by number limit $4`,
);

/** The events after one number, oldest first. */
export async function readEventsAfter(
  db: Db,
  { issuerId, terminalId }: TerminalName,
  after: number,
  limit: number,
): Promise<TerminalEvent[]> {
  const rows = await db.run(eventsAfter, [issuerId, terminalId, after, limit]);
  return rows.map((row) => ({
    number: Number(row.number),
    kind: row.kind,
    tapId: row.tap_id,
    walletId: row.wallet_id,
    detail: row.detail,
    at: at(row.at),
  }));
}

const forget = rareStatement<{ number: string }>(
  `delete from terminal_events where ctid = any (array(
     select ctid from terminal_events
      where at < clock_timestamp() - interval '7 days' limit 5000))
   returning number`,
);

/** Deletes some events that no till will ask for any more; gives how many. */
export async function forgetOldEvents(tx: Tx): Promise<number> {
  return (await tx.run(forget, [])).length;
}
