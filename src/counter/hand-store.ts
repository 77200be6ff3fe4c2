import type { LocalizedText } from '../coupons/model.ts';
import { at, type Db, statement } from '../platform/database.ts';
import type { TerminalName } from '../terminals/model.ts';
import type { CouponInHand } from './offer-rules.ts';

const MOST_COUPONS = 100;
/** Among so many last events a visitor's own is looked for. */
const EVENTS_LOOKED_AT = 500;

interface CouponJson {
  readonly couponId: string;
  readonly code: string;
  readonly classId: string;
  readonly name: LocalizedText;
  readonly expiresAt: string;
}

interface HandRow {
  readonly collector_id: string | null;
  readonly is_member: boolean;
  readonly was_here: boolean;
  readonly coupons: readonly CouponJson[] | null;
}

const hand = statement<HandRow>(
  'counter.hand',
  `select (select collector_id from issuers where id = $1) as collector_id,
          exists (
            select 1 from (select id from members
                            where wallet_id = $3 and erased_at is null offset 0) m
              cross join lateral (
                select 1 from memberships
                 where member_id = m.id and issuer_id = $1 offset 0) s) as is_member,
          exists (
            select 1 from (select wallet_id, kind, at from terminal_events
                            where issuer_id = $1 and terminal_id = $2
                            order by number desc limit ${EVENTS_LOOKED_AT}) e
             where e.wallet_id = $3 and e.kind in ('tap', 'joined')
               and e.at > clock_timestamp() - interval '1 day') as was_here,
          (select json_agg(json_build_object(
                    'couponId', held.id, 'code', held.code, 'classId', held.class_id,
                    'name', held.name, 'expiresAt', held.expires_at))
             from (select q.id, q.code, q.class_id, c.name, q.expires_at
                     from (select * from coupons where wallet_id = $3 offset 0) q
                     cross join lateral (
                       select name, redemption_issuers from coupon_classes
                        where id = any (array[q.class_id]) order by id offset 0) c
                    where q.status = 'issued' and q.expires_at > clock_timestamp()
                      and c.redemption_issuers ? $1
                    order by q.expires_at limit ${MOST_COUPONS}) held) as coupons`,
);

/** What a wallet has for an issuer, and why the issuer's till may ask. */
export interface Hand {
  readonly collectorId: string | null;
  readonly isMember: boolean;
  /** Tapped at this terminal within a day. */
  readonly wasHere: boolean;
  readonly coupons: readonly CouponInHand[];
}

/** The coupons of a wallet that this issuer may redeem, at most a hundred, those first that end first. */
export async function readHand(
  db: Db,
  { issuerId, terminalId }: TerminalName,
  walletId: string,
): Promise<Hand | null> {
  const [row] = await db.run(hand, [issuerId, terminalId, walletId]);
  if (row === undefined) return null;
  return {
    collectorId: row.collector_id,
    isMember: row.is_member,
    wasHere: row.was_here,
    coupons: (row.coupons ?? []).map((coupon) => ({ ...coupon, expiresAt: at(coupon.expiresAt) })),
  };
}
