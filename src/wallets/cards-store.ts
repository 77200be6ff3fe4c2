import type { PassBody, PassState, Vertical } from '../passes/model.ts';
import { at, atOrNull, type Db, statement } from '../platform/database.ts';
import type { Page } from '../platform/page.ts';
import type { Card } from './cards-model.ts';

interface CardRow {
  readonly object_id: string;
  readonly class_id: string;
  readonly issuer_name: string;
  readonly vertical: string;
  readonly state: string;
  readonly body: PassBody;
  readonly class_body: PassBody;
  readonly redemption_value: string | null;
  readonly valid_until: string | null;
  readonly usable_at: readonly string[];
  readonly tap_ready: boolean;
  readonly now: string;
  readonly place: string;
}

/** SQL for the cards of the rows `held` (object_id, place), each thing reached by its key. */
const cardsOf = (held: string) => `
  select o.id as object_id, o.class_id, i.name as issuer_name, o.vertical, o.state, o.body,
         c.body as class_body, o.redemption_value, o.valid_until, held.place,
         clock_timestamp() as now,
         coalesce(tills.names, '[]'::json) as usable_at,
         o.state = 'ACTIVE' and o.redemption_value is not null and c.enable_smart_tap
           and c.review_status = 'APPROVED' and coalesce(tills.with_key, false)
           and (o.valid_from is null or o.valid_from <= clock_timestamp())
           and (o.valid_until is null or o.valid_until > clock_timestamp()) as tap_ready
    from (${held}) held
    cross join lateral (select * from pass_objects
                         where id = any (array[held.object_id]) order by id offset 0) o
    cross join lateral (select * from pass_classes
                         where id = any (array[o.class_id]) order by id offset 0) c
    cross join lateral (select name from issuers
                         where id = any (array[o.issuer_id]) order by id offset 0) i
    left join lateral (
      select json_agg(r.name order by r.name) as names,
             bool_or(r.collector_id is not null
                     and exists (select from issuer_keys
                                  where issuer_id = r.id and retired_at is null)) as with_key
        from unnest(c.redemption_issuers) listed (id)
        cross join lateral (select * from issuers where id = listed.id offset 0) r
      ) tills on true
   order by held.place desc`;

/** Sorts as text as it does by time. */
const PLACE = `to_char(added_at at time zone 'UTC', 'YYYYMMDDHH24MISSUS') || object_id`;

const ofWallet = statement<CardRow>(
  'wallets.cards',
  cardsOf(`select object_id, ${PLACE} collate "C" as place from wallet_passes
            where wallet_id = $1 and ($2::text is null or ${PLACE} collate "C" < $2)
            order by place desc limit $3`),
);

/** The cards of a wallet, that which was added last first. */
export async function listCards(db: Db, walletId: string, page: Page): Promise<Card[]> {
  return (await db.run(ofWallet, [walletId, page.after, page.limit])).map(asCard);
}

const one = statement<CardRow>(
  'wallets.card',
  cardsOf(`select object_id, '' as place from wallet_passes
            where wallet_id = $1 and object_id = $2`),
);

export async function findCard(db: Db, walletId: string, objectId: string): Promise<Card | null> {
  const [row] = await db.run(one, [walletId, objectId]);
  return row === undefined ? null : asCard(row);
}

function asCard(row: CardRow): Card {
  return {
    objectId: row.object_id,
    classId: row.class_id,
    issuerName: row.issuer_name,
    vertical: row.vertical as Vertical,
    state: row.state as PassState,
    body: row.body,
    classBody: row.class_body,
    redemptionValue: row.redemption_value,
    validUntil: atOrNull(row.valid_until),
    usableAt: row.usable_at,
    tapReady: row.tap_ready,
    now: at(row.now),
    place: row.place,
  };
}
