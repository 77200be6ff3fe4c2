import { at, atOrNull, type Db, only, statement } from '../platform/database.ts';
import type { HeldCoupon, HeldPass } from './model.ts';

/** What the database knows of a tap: who the terminal is, what the phone shows, what it holds. */
export interface TapRecordFacts {
  readonly now: Date;
  readonly key: {
    readonly id: number;
    readonly issuerId: string;
    readonly spki: string;
  } | null;
  /** The store of the terminal, when the issuer of the key has registered it. */
  readonly storeId: string | null;
  /** A till of that terminal recognises members, and is to hear of this. */
  readonly tillListens: boolean;
  readonly presentation: {
    readonly id: string;
    readonly walletId: string;
    readonly screen: 'home' | 'pass';
    readonly objectId: string | null;
    readonly live: boolean;
    readonly pairwiseSecret: string;
    readonly plus: boolean;
  } | null;
  readonly passes: readonly HeldPass[];
  readonly coupons: readonly HeldCoupon[];
}

type FactsJson = Omit<TapRecordFacts, 'now' | 'passes' | 'coupons'> & {
  readonly now: string;
  readonly passes: readonly PassJson[];
  readonly coupons: readonly CouponJson[];
};

type PassJson = Omit<HeldPass, 'validFrom' | 'validUntil'> & {
  readonly validFrom: string | null;
  readonly validUntil: string | null;
};

type CouponJson = Omit<HeldCoupon, 'availableAt' | 'expiresAt'> & {
  readonly availableAt: string;
  readonly expiresAt: string;
};

// One round trip, because a terminal waits for it, and one column, because each costs both ends.
// Each `offset 0` keeps a look by key what it is, and `order by` that key leaves no other index for
// it: a plan from when the tables were empty would read them whole.
const tapFacts = statement<{ facts: FactsJson }>(
  'taps.facts',
  `select row_to_json(facts) as facts
     from (
       select clock_timestamp() as now, k as key, p as presentation,
              (select store_id from terminals
                where issuer_id = k."issuerId" and id = $4) as "storeId",
              exists (select from tills
                       where issuer_id = k."issuerId" and terminal_id = $4
                         and listening and ended_at is null) as "tillListens",
              array(
                select held from (
                  select o.*, c.*
                    from wallet_passes h
                    cross join lateral (
                      select id as "objectId", class_id as "classId", issuer_id as "issuerId",
                             vertical as type, state, redemption_value as "redemptionValue",
                             valid_from as "validFrom", valid_until as "validUntil"
                        from pass_objects
                       where id = any (array[h.object_id]) order by id offset 0) o
                    cross join lateral (
                      select enable_smart_tap as "enableSmartTap",
                             review_status = 'APPROVED' as "classApproved",
                             redemption_issuers as "redemptionIssuers"
                        from pass_classes
                       where id = any (array[o."classId"]) order by id offset 0) c
                   where h.wallet_id = p."walletId") held) as passes,
              array(
                select held from (
                  select q.id, q.class_id as "classId", q.issuer_id as "issuerId",
                         q.code as "redemptionValue", q.available_at as "availableAt",
                         q.expires_at as "expiresAt", c.*
                    from (select id, class_id, issuer_id, code, available_at, expires_at, status
                            from coupons where wallet_id = p."walletId" offset 0) q
                    cross join lateral (
                      select redemption_issuers as "redemptionIssuers", stores, scene,
                             time_zone as "timeZone", use_hours as "useHours",
                             member_classes as "memberClasses", plus_only as "plusOnly"
                        from coupon_classes
                       where id = any (array[q.class_id]) order by id offset 0) c
                   where q.status = 'issued'
                     and c."redemptionIssuers" ? k."issuerId") held) as coupons
         from (select 1) as always
         left join (
           select id, issuer_id as "issuerId", spki from issuer_keys
            where issuer_id = (select id from issuers where collector_id = $1)
              and version = $2 and retired_at is null) k on true
         left join (
           select p.id, p.wallet_id as "walletId", p.screen, p.object_id as "objectId",
                  p.status <> 'transferred' and p.expires_at > clock_timestamp() as live,
                  w.pairwise_secret as "pairwiseSecret", w.plus
             from presentations p
             cross join lateral (
               select pairwise_secret, plus from wallets where id = p.wallet_id offset 0) w
            where p.token_sha256 = $3) p on true) facts`,
);

/** What a terminal names when it taps. */
export interface Tapped {
  readonly collectorId: string;
  readonly keyVersion: number;
  readonly tokenSha256: string;
  readonly terminalId: string | null;
}

export async function loadTapFacts(
  db: Db,
  { collectorId, keyVersion, tokenSha256, terminalId }: Tapped,
): Promise<TapRecordFacts> {
  const named = [collectorId, keyVersion, tokenSha256, terminalId];
  const { facts } = only(await db.run(tapFacts, named));
  // Sorted here: for an order in SQL a plan might read an index of all passes or coupons.
  return {
    now: at(facts.now),
    key: facts.key,
    storeId: facts.storeId,
    tillListens: facts.tillListens,
    presentation: facts.presentation,
    passes: facts.passes.map(heldPass).sort((one, other) => compare(one.objectId, other.objectId)),
    coupons: facts.coupons.map(heldCoupon).sort(firstLostFirst),
  };
}

function heldPass(pass: PassJson): HeldPass {
  return { ...pass, validFrom: atOrNull(pass.validFrom), validUntil: atOrNull(pass.validUntil) };
}

function heldCoupon(coupon: CouponJson): HeldCoupon {
  return { ...coupon, availableAt: at(coupon.availableAt), expiresAt: at(coupon.expiresAt) };
}

function firstLostFirst(one: HeldCoupon, other: HeldCoupon): number {
  return one.expiresAt.getTime() - other.expiresAt.getTime() || compare(one.id, other.id);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
