import type { Discount, LocalizedText } from '../coupons/model.ts';
import type { PassBody } from '../passes/model.ts';
import { at, type Db, statement } from '../platform/database.ts';
import type { CardFacts, OwnedCoupon } from './session-model.ts';

interface CouponRow {
  readonly id: string;
  readonly class_id: string;
  readonly name: LocalizedText;
  readonly discount: Discount;
  readonly min_spend_minor: string;
  readonly available_at: string;
  readonly expires_at: string;
  readonly is_available: boolean;
  readonly time_zone: string;
}

// For `any`, `order by` and `offset 0` see wallets/member-store.ts: each row is found by its key.
const usable = statement<CouponRow>(
  'stands.usable_coupons',
  `select q.id, q.class_id, k.name, k.discount, k.min_spend_minor, q.available_at, q.expires_at,
          q.available_at <= clock_timestamp() as is_available, k.time_zone
     from (select * from coupons where wallet_id = $1 order by id offset 0) q
     cross join lateral (
       select * from coupon_classes
        where id = any (array[q.class_id]) order by id offset 0) k
    where q.status = 'issued' and q.expires_at > clock_timestamp()
      and k.redemption_issuers ? $2
      and (q.issuer_id <> $2 or k.stores = '[]' or k.stores ? $3)
    order by q.expires_at, q.id limit 20`,
);

/** The unused coupons of a wallet that this store of an issuer takes, those first that end first. */
export async function findUsableCoupons(
  db: Db,
  walletId: string,
  { issuerId, storeId }: { readonly issuerId: string; readonly storeId: string | null },
): Promise<OwnedCoupon[]> {
  const rows = await db.run(usable, [walletId, issuerId, storeId]);
  return rows.map((row) => ({
    id: row.id,
    classId: row.class_id,
    name: row.name,
    discount: row.discount,
    minSpendMinor: Number(row.min_spend_minor),
    availableAt: at(row.available_at),
    expiresAt: at(row.expires_at),
    isAvailable: row.is_available,
    timeZone: row.time_zone,
  }));
}

interface CardRow {
  readonly number: string | null;
  readonly class_body: PassBody;
  readonly object_body: PassBody;
  readonly redemption_value: string | null;
}

const card = statement<CardRow>(
  'stands.card',
  `select m.number, k.body as class_body, o.body as object_body, o.redemption_value
     from wallet_passes p
     cross join lateral (
       select * from pass_objects
        where id = any (array[p.object_id]) order by id offset 0) o
     cross join lateral (
       select body from pass_classes
        where id = any (array[o.class_id]) order by id offset 0) k
     left join lateral (
       select number, object_id from memberships
        where member_id = $2 and issuer_id = $3 offset 0) m on true
    where p.wallet_id = $1 and o.issuer_id = $3 and o.vertical = 'loyalty' and o.state = 'ACTIVE'
    order by o.id is distinct from m.object_id, p.added_at limit 1`,
);

/** The loyalty card of an issuer in a wallet: the one that joining gave, if there are several. */
export async function findCard(
  db: Db,
  { walletId, memberId }: { readonly walletId: string; readonly memberId: string },
  issuerId: string,
): Promise<CardFacts | null> {
  const [row] = await db.run(card, [walletId, memberId, issuerId]);
  if (row === undefined) return null;
  const { number, class_body: classBody, object_body: objectBody } = row;
  return { number, classBody, objectBody, redemptionValue: row.redemption_value };
}
