import type { LocalizedText } from '../coupons/model.ts';
import { type Db, statement } from '../platform/database.ts';
import type { QueryMeaning } from './query-rules.ts';
import { type VisitorJson, visitorFacts, visitorOf } from './visitor-facts-store.ts';
import type { VisitorFacts } from './visitor-rules.ts';

const MOST = 10;
/** Of those with the name, who may be members of others; a longer beginning of a name finds more. */
const NAMES_LOOKED_AT = 2000;

const visitors = statement<{ visitor: VisitorJson }>(
  'counter.lookup_visitors',
  `select v.visitor
     from (select wallet_id, min(rank) as rank
             from (
               (select m.wallet_id, 1 as rank
                  from memberships s
                  cross join lateral (
                    select wallet_id from members
                     where id = s.member_id and erased_at is null offset 0) m
                 where s.issuer_id = $1 and s.number = $2::bigint)
               union all
               (select p.wallet_id, 2
                  from (select id from pass_objects
                         where issuer_id = $1 and redemption_value = $3 offset 0) o
                  cross join lateral (
                    select wallet_id from wallet_passes where object_id = o.id limit ${MOST}) p
                 limit ${MOST})
               union all
               (select w.id, 3
                  from (select id, lower(display_name) as name from wallets
                         where lower(display_name) ~>=~ $4 and lower(display_name) ~<~ $5
                         order by lower(display_name) using ~<~ limit ${NAMES_LOOKED_AT}) w
                  cross join lateral (
                    select id from members
                     where wallet_id = w.id and erased_at is null offset 0) m
                  cross join lateral (
                    select number from memberships
                     where member_id = m.id and issuer_id = $1 offset 0) s
                 order by w.name using ~<~, s.number limit ${MOST})) each
            group by wallet_id order by min(rank), wallet_id limit ${MOST}) f
     cross join lateral ${visitorOf('f.wallet_id', '$1')} v
    order by f.rank, v.visitor ->> 'name'`,
);

/** The last character there is, in the order of bytes too. */
const LAST = '\u{10ffff}';

/** Members of the issuer, and holders of its passes, that a query may mean. */
export async function findVisitors(
  db: Db,
  issuerId: string,
  { memberNumber, passValue, namePrefix }: QueryMeaning,
): Promise<VisitorFacts[]> {
  const end = namePrefix === null ? null : namePrefix + LAST;
  const rows = await db.run(visitors, [issuerId, memberNumber, passValue, namePrefix, end]);
  return rows.map(({ visitor }) => visitorFacts(visitor));
}

export interface FoundCoupon {
  readonly code: string;
  readonly walletId: string;
  readonly name: LocalizedText;
}

const coupon = statement<{ code: string; wallet_id: string; name: LocalizedText }>(
  'counter.lookup_coupon',
  `select q.code, q.wallet_id, c.name
     from (select * from coupons where code = $2 offset 0) q
     cross join lateral (
       select name, redemption_issuers from coupon_classes
        where id = any (array[q.class_id]) order by id offset 0) c
    where c.redemption_issuers ? $1`,
);

/** The coupon with that code, if this issuer is among those to redeem it. */
export async function findCouponByCode(
  db: Db,
  issuerId: string,
  code: string,
): Promise<FoundCoupon | null> {
  const [row] = await db.run(coupon, [issuerId, code]);
  return row === undefined ? null : { code: row.code, walletId: row.wallet_id, name: row.name };
}
