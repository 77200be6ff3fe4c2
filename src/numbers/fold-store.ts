import { statement, type Tx } from '../platform/database.ts';
import type { Cell } from './model.ts';

/** Where sums stop, so that bills beyond any bill cannot make them fail. */
const capped = (sum: string) => `least(${sum}, ${Number.MAX_SAFE_INTEGER})`;
const sums = (table: string) =>
  ['count', 'order_total_minor', 'discount_minor']
    .map((column) => `${column} = ${capped(`${table}.${column} + excluded.${column}`)}`)
    .join(', ');

const CELLS = `json_to_recordset($1::json) as c(
  "classId" text, "hour" timestamptz, "measure" text, "reason" text, "storeId" text,
  "redemptionIssuerId" text, "count" bigint, "orderTotalMinor" bigint, "discountMinor" bigint)`;

const addToHours = statement<never>(
  'numbers.add_to_hours',
  `insert into coupon_numbers (class_id, hour, measure, reason, store_id, redemption_issuer_id,
                               count, order_total_minor, discount_minor)
   select "classId", "hour", "measure", "reason", "storeId", "redemptionIssuerId",
          "count", "orderTotalMinor", "discountMinor" from ${CELLS}
   on conflict (class_id, hour, measure, reason, store_id, redemption_issuer_id)
   do update set ${sums('coupon_numbers')}`,
);
const addToTotals = statement<never>(
  'numbers.add_to_totals',
  `insert into coupon_totals (class_id, measure, reason, count, order_total_minor, discount_minor)
   select "classId", "measure", "reason", ${capped('sum("count")')},
          ${capped('sum("orderTotalMinor")')}, ${capped('sum("discountMinor")')} from ${CELLS}
    group by "classId", "measure", "reason"
   on conflict (class_id, measure, reason) do update set ${sums('coupon_totals')}`,
);

/** Adds cells, of which no two are of one place. */
export async function addCells(tx: Tx, cells: readonly Cell[]): Promise<void> {
  if (cells.length === 0) return;
  const values = [JSON.stringify(cells)];
  await tx.run(addToHours, values);
  await tx.run(addToTotals, values);
}

/** What is known of a redemption or a coupon that an entry of an earlier release only names. */
export interface KnownOf {
  readonly classId: string;
  readonly storeId: string | null;
  readonly redemptionIssuerId: string | null;
  readonly orderTotalMinor: number;
  readonly discountMinor: number;
  /** The class of the clone that its reversal took back; null when there was none. */
  readonly cloneClassId: string | null;
}

interface KnownRow {
  id: string;
  class_id: string;
  store_id: string | null;
  redemption_issuer_id: string | null;
  order_total_minor: string;
  discount_minor: string;
  clone_class_id: string | null;
}

const known = statement<KnownRow>(
  'numbers.known_of',
  `select r.id, r.class_id, r.store_id, r.redemption_issuer_id, r.order_total_minor,
          r.discount_minor, k.class_id as clone_class_id
     from redemptions r
     left join lateral (
       select class_id from coupons
        where cloned_by = r.id and transferred_from is null and voided_by = 'reversal'
       offset 0) k on true
    where r.id = any (array(select json_array_elements_text($1::json)))
   union all
   select id, class_id, null, null, 0, 0, null from coupons
    where id = any (array(select json_array_elements_text($1::json)))`,
);

/** By the id of the redemption or coupon. */
export async function findKnown(
  tx: Tx,
  ids: readonly string[],
): Promise<ReadonlyMap<string, KnownOf>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.run(known, [JSON.stringify(ids)]);
  return new Map(rows.map((row) => [row.id, knownOf(row)]));
}

function knownOf(row: KnownRow): KnownOf {
  return {
    classId: row.class_id,
    storeId: row.store_id,
    redemptionIssuerId: row.redemption_issuer_id,
    orderTotalMinor: Number(row.order_total_minor),
    discountMinor: Number(row.discount_minor),
    cloneClassId: row.clone_class_id,
  };
}
