import type { ClaimTerms } from '../claims/model.ts';
import type { MemberPeriod } from '../claims/period-rules.ts';
import type { Discount, LocalizedText, Validity } from '../coupons/model.ts';
import { at, atOrNull, type Db, statement } from '../platform/database.ts';
import { activePassClasses } from '../wallets/member-store.ts';
import type { OfferFacts, Offering } from './session-offer-rules.ts';

interface Row {
  readonly now: string;
  readonly plus: boolean | null;
  readonly pass_classes: string[] | null;
  readonly class_id: string | null;
  readonly name: LocalizedText;
  readonly issue_type: ClaimTerms['issueType'];
  readonly claim_start: string;
  readonly claim_end: string;
  readonly time_zone: string;
  readonly claim_hours: ClaimTerms['claimHours'];
  readonly per_member_limit: number;
  readonly per_member_day_limit: number | null;
  readonly per_member_week_limit: number | null;
  readonly discount: Discount;
  readonly min_spend_minor: string;
  readonly budget_minor: string | null;
  readonly committed_minor: string;
  readonly stock: number;
  readonly class_claimed: number;
  readonly validity: Validity;
  readonly member_classes: readonly string[];
  readonly plus_only: boolean;
  readonly stores: readonly string[];
  readonly draft: boolean;
  readonly voided_at: string | null;
  readonly claimed: number | null;
  readonly periods: MemberPeriod[] | null;
  readonly handed_in: OfferFacts['handedIn'];
}

/** Who has just missed a campaign is told so for a day. */
const offering = statement<Row>(
  'stands.offering',
  `select clock_timestamp() as now, w.plus, w.pass_classes, k.id as class_id, k.name,
          k.issue_type, k.claim_start, k.claim_end, k.time_zone, k.claim_hours,
          k.per_member_limit, k.per_member_day_limit, k.per_member_week_limit, k.discount,
          k.min_spend_minor, k.budget_minor, k.committed_minor, k.stock,
          k.claimed as class_claimed, k.validity, k.member_classes, k.plus_only, k.stores,
          k.draft, k.voided_at, m.claimed, p.periods, h.status as handed_in
     from (select 1) one
     left join lateral (
       select plus, ${activePassClasses('wallets.id')} as pass_classes
         from wallets where id = $2 offset 0) w on true
     left join lateral (
       select * from coupon_classes
        where issuer_id = $1 and issue_type = 'tap_claim' and not draft and voided_at is null
          and claim_end > clock_timestamp() - interval '1 day'
        order by claim_end, id limit 40 offset 0) k on true
     left join lateral (
       select claimed from class_members
        where class_id = k.id and wallet_id = $2 offset 0) m on true
     left join lateral (
       select json_agg(json_build_object('period', period, 'start', start, 'claimed', claimed))
              as periods
         from class_member_periods
        where class_id = k.id and wallet_id = $2 and start > current_date - 9 offset 0) p on true
     left join lateral (
       select c.status
         from idempotency_keys i
         join lateral (select status from claims where id = i.claim_id offset 0) c on true
        where i.scope = $3 and i.key = $4::text || k.id offset 0) h on true
    order by k.claim_end, k.id`,
);

export async function findOffering(
  db: Db,
  issuerId: string,
  walletId: string | null,
  key: { readonly scope: string; readonly prefix: string } | null,
): Promise<Offering> {
  const values = [issuerId, walletId, key?.scope ?? null, key?.prefix ?? null];
  const rows = await db.run(offering, values);
  const [first] = rows;
  if (first === undefined) throw new Error('a statement that always gives a row gave none');
  return {
    now: at(first.now),
    member: { plus: first.plus === true, passClasses: first.pass_classes ?? [] },
    offers: rows.flatMap((row) => (row.class_id === null ? [] : [offerOf(row, row.class_id)])),
  };
}

function offerOf(row: Row, classId: string): OfferFacts {
  const { name, claimed, periods, handed_in: handedIn } = row;
  const minSpendMinor = Number(row.min_spend_minor);
  const had = { claimed: claimed ?? 0, periods: periods ?? [] };
  return { classId, name, minSpendMinor, terms: termsOf(row), ...had, handedIn };
}

function termsOf(row: Row): ClaimTerms {
  return {
    issueType: row.issue_type,
    claimStart: at(row.claim_start),
    claimEnd: at(row.claim_end),
    timeZone: row.time_zone,
    claimHours: row.claim_hours,
    perMemberLimit: row.per_member_limit,
    perMemberDayLimit: row.per_member_day_limit,
    perMemberWeekLimit: row.per_member_week_limit,
    discount: row.discount,
    budgetMinor: row.budget_minor === null ? null : Number(row.budget_minor),
    committedMinor: Number(row.committed_minor),
    stock: row.stock,
    claimed: row.class_claimed,
    validity: row.validity,
    memberClasses: row.member_classes,
    plusOnly: row.plus_only,
    stores: row.stores,
    draft: row.draft,
    voidedAt: atOrNull(row.voided_at),
  };
}
