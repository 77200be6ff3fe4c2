import { atOrNull, type Db, statement } from '../platform/database.ts';
import type { TerminalName } from '../terminals/model.ts';
import { type VisitorJson, visitorFacts, visitorOf } from './visitor-facts-store.ts';
import type { CardFacts, VisitorFacts } from './visitor-rules.ts';

interface VisitorRow {
  readonly visitor: VisitorJson;
  readonly cards: readonly CardFacts[] | null;
  readonly last_visit: string | null;
}

// A tap is known to a till as long as its event is kept. What is touched within the hour is one
// visit.
const ofTap = statement<VisitorRow>(
  'counter.visitor_of_tap',
  `select v.visitor, c.cards,
          (select max(s.at)
             from (select id from members where wallet_id = e.wallet_id offset 0) m
             cross join lateral (
               select id from member_devices where member_id = m.id offset 0) d
             cross join lateral (
               select stand_id, at from stand_taps where device_id = d.id offset 0) s
             cross join lateral (
               select issuer_id from stands
                where id = any (array[s.stand_id]) order by id offset 0) n
            where n.issuer_id = $1 and s.at < e.at - interval '1 hour') as last_visit
     from (select wallet_id, min(at) over () as at from terminal_events
            where tap_id = $3 and issuer_id = $1 and terminal_id = $2
            order by wallet_id limit 1) e
     cross join lateral ${visitorOf('e.wallet_id', '$1')} v
     cross join lateral (
       select json_agg(json_build_object(
                'objectId', o.id, 'type', o.vertical, 'classBody', k.body, 'objectBody', o.body)
                order by p.added_at, o.id) as cards
         from wallet_passes p
         cross join lateral (
           select * from pass_objects
            where id = any (array[p.object_id]) order by id offset 0) o
         cross join lateral (
           select body from pass_classes
            where id = any (array[o.class_id]) order by id offset 0) k
        where p.wallet_id = e.wallet_id and o.issuer_id = $1 and o.state = 'ACTIVE') c`,
);

export interface TapVisitor {
  readonly facts: VisitorFacts;
  readonly cards: readonly CardFacts[];
  readonly lastVisit: Date | null;
}

/** Whose tap that was, which the terminal was told of; null for nobody's and for other terminals'. */
export async function findVisitorOfTap(
  db: Db,
  { issuerId, terminalId }: TerminalName,
  tapId: string,
): Promise<TapVisitor | null> {
  const [row] = await db.run(ofTap, [issuerId, terminalId, tapId]);
  if (row === undefined) return null;
  const lastVisit = atOrNull(row.last_visit);
  return { facts: visitorFacts(row.visitor), cards: row.cards ?? [], lastVisit };
}
