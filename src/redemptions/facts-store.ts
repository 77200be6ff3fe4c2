import { STANDING_HOLD } from '../coupons/coupon-in-hand-store.ts';
import type { Coupon } from '../coupons/model.ts';
import { at, type Db, only, statement } from '../platform/database.ts';
import { activePassClasses } from '../wallets/member-store.ts';
import type { Stacking } from './basket-rules.ts';
import type { RedemptionFacts, RedemptionTerms } from './decide.ts';

/** What a till names when it asks. */
export interface Named {
  readonly code: string;
  readonly collectorId: string;
  readonly terminalId: string | null;
}

/** The issuer behind a collector ID, and the store of its terminal when that is registered. */
export interface Till {
  readonly issuerId: string;
  readonly storeId: string | null;
}

/** A coupon to be redeemed with all that the decision needs of it, of its class and its member. */
export interface RedeemableCoupon {
  readonly now: Date;
  readonly coupon: Pick<
    Coupon,
    'id' | 'issuerId' | 'classId' | 'status' | 'availableAt' | 'expiresAt'
  >;
  readonly terms: RedemptionTerms;
  readonly maxClones: number | null;
  /** The version of the class's rules. */
  readonly version: number;
  /** How the class goes with others on one order. */
  readonly stacking: Stacking;
  /** The hold of a till on it that nobody has ended; `over` when its time is. */
  readonly hold: { readonly over: boolean } | null;
  readonly member: RedemptionFacts['member'];
}

/** What the database knows of a redemption that a till asks for; null where there is none. */
export interface CounterFacts {
  readonly till: Till | null;
  readonly found: RedeemableCoupon | null;
}

interface FactsRow {
  now: string;
  till_issuer_id: string | null;
  store_id: string | null;
  id: string | null;
  issuer_id: string;
  class_id: string;
  status: Coupon['status'];
  available_at: string;
  expires_at: string;
  max_clones: number | null;
  version: number;
  stacking: Stacking;
  hold_over: boolean | null;
  terms: RedemptionTerms;
  plus: boolean;
  pass_classes: string[] | null;
}

// One round trip, because the till waits. Each `offset 0` keeps a look by key what it is: a plan from
// when the tables were empty would read them whole.
const factsOf = (asked: string, code: string) =>
  `select clock_timestamp() as now, i.id as till_issuer_id, t.store_id,
          q.id, q.issuer_id, q.class_id, q.status, q.available_at, q.expires_at, c.max_clones,
          c.version, h.over as hold_over,
          json_build_object('classId', c.id, 'group', c.stacking_group,
                            'exclusive', c.exclusive) as stacking,
          json_build_object(
            'scene', c.scene, 'timeZone', c.time_zone, 'useHours', c.use_hours,
            'discount', c.discount, 'minSpendMinor', c.min_spend_minor, 'scope', c.scope, 'regularPriceOnly', c.regular_price_only,
            'memberClasses', c.member_classes, 'plusOnly', c.plus_only, 'stores', c.stores,
            'redemptionIssuers', c.redemption_issuers) as terms,
          w.plus,
          case when c.member_classes <> '[]' then ${activePassClasses('q.wallet_id')} end
            as pass_classes
     from ${asked}
     left join lateral (select id from issuers where collector_id = $2 offset 0) i on true
     left join lateral (
       select store_id from terminals where issuer_id = i.id and id = $3 offset 0) t on true
     left join lateral (select * from coupons where code = ${code} offset 0) q on true
     left join lateral (
       select held_until <= clock_timestamp() as over from redemptions
        where coupon_id = q.id and ${STANDING_HOLD} offset 0) h on true
     left join lateral (
       select * from coupon_classes
        where issuer_id = q.issuer_id and id = q.class_id offset 0) c on true
     left join lateral (select plus from wallets where id = q.wallet_id offset 0) w on true`;

const read = statement<FactsRow>('redemptions.facts', factsOf('(select 1) as always', '$1'));
const readSome = statement<FactsRow>(
  'redemptions.facts_of_some',
  `${factsOf('json_array_elements_text($1::json) with ordinality as asked(code, place)', 'asked.code')}
    order by asked.place`,
);

export async function readFacts(
  db: Db,
  { code, collectorId, terminalId }: Named,
): Promise<CounterFacts> {
  const row = only(await db.run(read, [code, collectorId, terminalId]));
  return { till: tillIn(row), found: redeemable(row) };
}

/** The same for several codes at one till, all as of one time. */
export interface SomeFacts extends Pick<CounterFacts, 'till'> {
  readonly now: Date;
  /** What each code names, in their order. */
  readonly found: readonly CounterFacts['found'][];
}

/** At least one code must be asked for. */
export async function readSomeFacts(
  db: Db,
  codes: readonly string[],
  { collectorId, terminalId }: Omit<Named, 'code'>,
): Promise<SomeFacts> {
  const rows = await db.run(readSome, [JSON.stringify(codes), collectorId, terminalId]);
  const [first] = rows;
  if (first === undefined) throw new Error('no code was asked for');
  return { now: at(first.now), till: tillIn(first), found: rows.map(redeemable) };
}

function tillIn({ till_issuer_id: issuerId, store_id: storeId }: FactsRow): Till | null {
  return issuerId === null ? null : { issuerId, storeId };
}

function redeemable(row: FactsRow): RedeemableCoupon | null {
  if (row.id === null) return null;
  return {
    now: at(row.now),
    coupon: {
      id: row.id,
      issuerId: row.issuer_id,
      classId: row.class_id,
      status: row.status,
      availableAt: at(row.available_at),
      expiresAt: at(row.expires_at),
    },
    terms: row.terms,
    maxClones: row.max_clones,
    version: row.version,
    stacking: row.stacking,
    hold: row.hold_over === null ? null : { over: row.hold_over },
    member: { plus: row.plus, passClasses: row.pass_classes ?? [] },
  };
}
