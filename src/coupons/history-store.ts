import { at, type Db, statement } from '../platform/database.ts';
import type { Page } from '../platform/page.ts';
import type { HistoryEntry } from './history-model.ts';

type HistoryRow = Omit<HistoryEntry, 'at'> & { readonly at: string };

/** Sorts as text as it does by time; a coupon has one entry of a kind at an instant. */
const PLACE = `to_char(at at time zone 'UTC', 'YYYYMMDDHH24MISSUS') || coupon_id || kind`;

// A redemption that was taken back is none, and so is what it brought.
const history = statement<HistoryRow>(
  'coupons.history',
  `with mine as materialized (
     select * from coupons where wallet_id = $1 order by wallet_id offset 0),
   happened as (
     select case when transferred_from is not null then 'received'
                 when generation > 0 then 'returned' else 'claimed' end as kind,
            issued_at as at, id as coupon_id, class_id, issuer_id as at_issuer,
            null::json as redemption
       from mine where voided_by is distinct from 'reversal'
     union all
     select 'redeemed', r.redeemed_at, q.id, q.class_id, r.redemption_issuer_id,
            json_build_object('discountMinor', r.discount_minor,
                              'orderTotalMinor', r.order_total_minor,
                              'currency', r."order" ->> 'currency',
                              'issuerId', r.redemption_issuer_id, 'storeId', r.store_id)
       from mine q
       cross join lateral (
         select * from redemptions
          where coupon_id = q.id and reversed_at is null and state <> 'released' offset 0) r
      where r.state = 'confirmed'
     union all
     select 'given', g.issued_at, q.id, q.class_id, q.issuer_id, null
       from mine q
       cross join lateral (
         select issued_at from coupons where transferred_from = q.id offset 0) g
      where q.status = 'transferred'),
   page as (
     select *, ${PLACE} collate "C" as place from happened
      where at > clock_timestamp() - interval '1000 days'
        and ($2::text is null or ${PLACE} collate "C" < $2)
      order by place desc limit $3)
   select p.kind, p.at, p.coupon_id as "couponId", c.name, c.time_zone as "timeZone",
          i.name as "issuerName", p.place,
          case when p.redemption is not null then json_build_object(
            'discountMinor', p.redemption -> 'discountMinor',
            'orderTotalMinor', p.redemption -> 'orderTotalMinor',
            'currency', p.redemption -> 'currency', 'storeName', s.name) end as saved
     from page p
     cross join lateral (select name, time_zone from coupon_classes
                          where id = any (array[p.class_id]) order by id offset 0) c
     cross join lateral (select name from issuers
                          where id = any (array[p.at_issuer]) order by id offset 0) i
     left join lateral (select name from stores
                         where issuer_id = p.redemption ->> 'issuerId'
                           and id = p.redemption ->> 'storeId' offset 0) s on true
    order by p.place desc`,
);

/** What happened to the coupons of a wallet in the last 1000 days, latest first. */
export async function listHistory(db: Db, walletId: string, page: Page): Promise<HistoryEntry[]> {
  const rows = await db.run(history, [walletId, page.after, page.limit]);
  return rows.map((row) => ({ ...row, at: at(row.at) }));
}
