import { at } from '../platform/database.ts';
import type { HeldCoupon } from '../taps/model.ts';
import { activePassClasses } from '../wallets/member-store.ts';
import type { VisitorFacts } from './visitor-rules.ts';

/** As a statement gives it. */
export type VisitorJson = Omit<VisitorFacts, 'coupons' | 'passClasses'> & {
  readonly passClasses: readonly string[] | null;
  readonly coupons: readonly CouponJson[] | null;
};

type CouponJson = Omit<HeldCoupon, 'availableAt' | 'expiresAt'> & {
  readonly availableAt: string;
  readonly expiresAt: string;
};

/**
 * SQL for one row `visitor`, what an issuer may know of a wallet: a name only where its owner has
 * joined the issuer, or the wallet is the issuer's own. Each `offset 0` keeps a look by key what it
 * is, and `order by` that key leaves no other index for it.
 */
export function visitorOf(walletId: string, issuerId: string): string {
  return `(
    select json_build_object(
             'walletId', w.id, 'plus', w.plus, 'isMember', s.number is not null,
             'name', case when s.number is not null or w.issuer_id = ${issuerId}
                          then w.display_name end,
             'number', s.number::text, 'tier', k.tier,
             'passClasses', ${activePassClasses('w.id')},
             'coupons', (
               select json_agg(json_build_object(
                        'id', q.id, 'classId', q.class_id, 'issuerId', q.issuer_id,
                        'redemptionValue', q.code, 'availableAt', q.available_at,
                        'expiresAt', q.expires_at, 'redemptionIssuers', c.redemption_issuers,
                        'stores', c.stores, 'scene', c.scene, 'timeZone', c.time_zone,
                        'useHours', c.use_hours, 'memberClasses', c.member_classes,
                        'plusOnly', c.plus_only))
                 from (select * from coupons where wallet_id = w.id offset 0) q
                 cross join lateral (
                   select * from coupon_classes
                    where id = any (array[q.class_id]) order by id offset 0) c
                where q.status = 'issued' and c.redemption_issuers ? ${issuerId})) as visitor
      from (select * from wallets where id = ${walletId} offset 0) w
      left join lateral (
        select id from members where wallet_id = w.id and erased_at is null offset 0) m on true
      left join lateral (
        select number, object_id from memberships
         where member_id = m.id and issuer_id = ${issuerId} offset 0) s on true
      left join lateral (
        select l.tier
          from wallet_passes p
          cross join lateral (
            select * from pass_objects
             where id = any (array[p.object_id]) order by id offset 0) o
          cross join lateral (
            select body ->> 'rewardsTier' as tier from pass_classes
             where id = any (array[o.class_id]) order by id offset 0) l
         where p.wallet_id = w.id and o.issuer_id = ${issuerId}
           and o.vertical = 'loyalty' and o.state = 'ACTIVE'
         order by o.id is distinct from s.object_id, p.added_at limit 1) k on true)`;
}

export function visitorFacts(json: VisitorJson): VisitorFacts {
  return {
    ...json,
    passClasses: json.passClasses ?? [],
    coupons: (json.coupons ?? []).map((coupon) => ({
      ...coupon,
      availableAt: at(coupon.availableAt),
      expiresAt: at(coupon.expiresAt),
    })),
  };
}
