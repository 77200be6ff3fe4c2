import { at, type Db, statement } from '../platform/database.ts';
import type { TerminalName } from '../terminals/model.ts';
import type { CounterEvent } from './model.ts';
import { type VisitorJson, visitorFacts, visitorOf } from './visitor-facts-store.ts';
import type { EventFacts, Place } from './visitor-rules.ts';

interface EventRow {
  readonly now: string;
  readonly store_id: string;
  readonly number: string;
  readonly kind: CounterEvent['kind'];
  readonly tap_id: string | null;
  readonly detail: CounterEvent['detail'];
  readonly at: string;
  readonly proof: CounterEvent['proof'];
  readonly visitor: VisitorJson | null;
}

/** Events with all that a till is told of them: `events` names those meant, `wallet_id` with them. */
const told = (events: string) =>
  `select clock_timestamp() as now, t.store_id, e.number, e.kind, e.tap_id, e.detail, e.at,
          p.proof, v.visitor
     from (${events}) e
     cross join lateral (
       select store_id from terminals where issuer_id = $1 and id = $2 offset 0) t
     left join lateral (
       select case when x.key_id is null then s.proof else 'signed' end as proof
         from (select id, key_id from taps where id = e.tap_id offset 0) x
         left join lateral (
           select proof from stand_taps where tap_id = x.id offset 0) s on true) p on true
     left join lateral ${visitorOf('e.wallet_id', '$1')} v on true`;

const after = statement<EventRow>(
  'counter.events_after',
  `${told(`select number, kind, tap_id, wallet_id, detail, at from terminal_events
            where issuer_id = $1 and terminal_id = $2 and number > $3 order by number limit $4`)}
    order by e.number`,
);

// A phone that was nobody's at its tap may have joined: then the tap is its member's.
const lastTaps = statement<EventRow>(
  'counter.last_taps',
  `${told(`select x.number, x.kind, x.tap_id, x.detail, x.at,
                  coalesce(x.wallet_id, (
                    select j.wallet_id from terminal_events j
                     where j.tap_id = x.tap_id and j.issuer_id = $1 and j.terminal_id = $2
                       and j.kind = 'joined' limit 1)) as wallet_id
             from terminal_events x
            where x.issuer_id = $1 and x.terminal_id = $2 and x.kind = 'tap'
            order by x.number desc limit $3`)}
    order by e.number desc`,
);

/** Events, and where and when they are told; no place where there are none. */
export interface ToldEvents {
  readonly place: Place | null;
  readonly events: readonly EventFacts[];
}

/** The events after one number, oldest first. */
export async function readToldAfter(
  db: Db,
  { issuerId, terminalId }: TerminalName,
  number: number,
  limit: number,
): Promise<ToldEvents> {
  return toldBy(await db.run(after, [issuerId, terminalId, number, limit]), issuerId);
}

/** The last taps at a terminal, newest first. */
export async function readLastTaps(
  db: Db,
  { issuerId, terminalId }: TerminalName,
  limit: number,
): Promise<ToldEvents> {
  return toldBy(await db.run(lastTaps, [issuerId, terminalId, limit]), issuerId);
}

function toldBy(rows: readonly EventRow[], issuerId: string): ToldEvents {
  const [first] = rows;
  if (first === undefined) return { place: null, events: [] };
  const place = { issuerId, storeId: first.store_id, now: at(first.now) };
  return { place, events: rows.map(factsOf) };
}

function factsOf(row: EventRow): EventFacts {
  return {
    number: Number(row.number),
    kind: row.kind,
    at: at(row.at),
    tapId: row.tap_id,
    proof: row.proof,
    visitor: row.visitor === null ? null : visitorFacts(row.visitor),
    detail: row.detail,
  };
}

const start = statement<{ now: string; last_event: string; store_id: string }>(
  'counter.line_start',
  `select clock_timestamp() as now, last_event, store_id from terminals
    where issuer_id = $1 and id = $2`,
);

/** Where a line begins that is to tell only what is new; null without such a terminal. */
export async function findLineStart(
  db: Db,
  { issuerId, terminalId }: TerminalName,
): Promise<{ readonly place: Place; readonly last: number } | null> {
  const [row] = await db.run(start, [issuerId, terminalId]);
  if (row === undefined) return null;
  const place = { issuerId, storeId: row.store_id, now: at(row.now) };
  return { place, last: Number(row.last_event) };
}
