import { at, atOrNull, type Db, only, statement } from '../platform/database.ts';
import type { Page } from '../platform/page.ts';
import type { Holding, Promised, Shelf, ShelfCounts } from './holdings-model.ts';

type HoldingRow = Omit<Holding, 'availableAt' | 'expiresAt' | 'givenUntil' | 'now'> & {
  readonly availableAt: string;
  readonly expiresAt: string;
  readonly givenUntil: string | null;
  readonly now: string;
};

/** The shelves by the same rule as SHELF_OF, with the time a coupon runs out told by the clock. */
const SHELF = `case when status in ('redeemed', 'transferred') then 'used'
                    when status = 'issued' and expires_at > clock_timestamp() then 'usable'
                    else 'expired' end`;

/** SQL for the holdings of the coupons `held` (id, place), each thing reached by its key. */
const holdingsOf = (held: string) => `
  select q.id, q.class_id as "classId", q.code,
         case when q.status = 'issued' and q.expires_at <= clock_timestamp()
              then 'expired' else q.status end as status,
         q.available_at as "availableAt", q.expires_at as "expiresAt",
         c.name, c.description, c.discount, c.min_spend_minor::float8 as "minSpendMinor", c.scope,
         c.regular_price_only as "regularPriceOnly", c.plus_only as "plusOnly", c.scene,
         c.time_zone as "timeZone", c.use_hours as "useHours", c.exclusive, c.transferable,
         i.name as "issuerName", c.member_classes <> '[]' as "membersOnly",
         coalesce(s.names, '[]'::json) as stores, coalesce(r.names, '[]'::json) as "usableAt",
         t.expires_at as "givenUntil", clock_timestamp() as now, held.place
    from (${held}) held
    cross join lateral (select * from coupons
                         where id = any (array[held.id]) order by id offset 0) q
    cross join lateral (select * from coupon_classes
                         where id = any (array[q.class_id]) order by id offset 0) c
    cross join lateral (select name from issuers
                         where id = any (array[q.issuer_id]) order by id offset 0) i
    left join lateral (
      select json_agg(found.name order by found.name) as names
        from jsonb_array_elements_text(c.stores) listed (id)
        cross join lateral (select name from stores
                             where issuer_id = q.issuer_id and id = listed.id offset 0) found
      ) s on true
    left join lateral (
      select json_agg(found.name order by found.name) as names
        from jsonb_array_elements_text(c.redemption_issuers) listed (id)
        cross join lateral (select name from issuers where id = listed.id offset 0) found
      ) r on true
    left join lateral (
      select expires_at from transfers
       where coupon_id = q.id and accepted_at is null and revoked_at is null
         and expires_at > clock_timestamp() offset 0) t on true
   order by held.place`;

/** Sorts as text as it does by time. */
const PLACE = `to_char(expires_at at time zone 'UTC', 'YYYYMMDDHH24MISSUS') || id`;

const soonest = statement<HoldingRow>(
  'coupons.holdings_usable',
  holdingsOf(`select id, ${PLACE} collate "C" as place from coupons
               where wallet_id = $1 and ${SHELF} = 'usable'
                 and ($2::text is null or ${PLACE} collate "C" > $2)
               order by place limit $3`),
);

const latest = statement<HoldingRow>(
  'coupons.holdings_past',
  `${holdingsOf(`select id, ${PLACE} collate "C" as place from coupons
                  where wallet_id = $1 and ${SHELF} = $4
                    and ($2::text is null or ${PLACE} collate "C" < $2)
                  order by place desc limit $3`)} desc`,
);

/** The coupons on one shelf: usable ones by when they end, soonest first, others latest first. */
export async function listHoldings(
  db: Db,
  walletId: string,
  shelf: Shelf,
  { after, limit }: Page,
): Promise<Holding[]> {
  const rows =
    shelf === 'usable'
      ? await db.run(soonest, [walletId, after, limit])
      : await db.run(latest, [walletId, after, limit, shelf]);
  return rows.map(asHolding);
}

const one = statement<HoldingRow>(
  'coupons.holding',
  holdingsOf(`select id, '' as place from coupons where id = $2 and wallet_id = $1`),
);

export async function findHolding(db: Db, walletId: string, id: string): Promise<Holding | null> {
  const [row] = await db.run(one, [walletId, id]);
  return row === undefined ? null : asHolding(row);
}

const counts = statement<ShelfCounts>(
  'coupons.holdings_counts',
  `select count(*) filter (where shelf = 'usable')::int as usable,
          count(*) filter (where shelf = 'used')::int as used,
          count(*) filter (where shelf = 'expired')::int as expired
     from (select ${SHELF} as shelf from coupons where wallet_id = $1) shelved`,
);

export async function countHoldings(db: Db, walletId: string): Promise<ShelfCounts> {
  return only(await db.run(counts, [walletId]));
}

const promised = statement<Promised>(
  'coupons.promised',
  `select c.name, c.description, c.discount, c.min_spend_minor::float8 as "minSpendMinor",
          c.time_zone as "timeZone", i.name as "issuerName"
     from (select * from coupon_classes
            where id = any (array[$1::text]) order by id offset 0) c
     cross join lateral (select name from issuers
                          where id = any (array[c.issuer_id]) order by id offset 0) i`,
);

export async function findPromised(db: Db, classId: string): Promise<Promised> {
  return only(await db.run(promised, [classId]));
}

function asHolding(row: HoldingRow): Holding {
  return {
    ...row,
    availableAt: at(row.availableAt),
    expiresAt: at(row.expiresAt),
    givenUntil: atOrNull(row.givenUntil),
    now: at(row.now),
  };
}
