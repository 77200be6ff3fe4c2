import { TELLING_COLUMNS, UNSEALED } from '../audit/entry-store.ts';
import { type Db, statement } from '../platform/database.ts';
import type { Cell, Counts, Division, Entry, Range } from './model.ts';

/** Cells that were added up by the part that they belong to. */
export interface PartialSum extends Counts, Pick<Cell, 'measure' | 'reason' | 'classId'> {
  /** The beginning of an hour, a store's id, an issuer's id, or empty. */
  readonly part: string;
}

/** A class's numbers: what is folded, and the entries that are not yet; nothing is in both. */
export interface Gathered {
  readonly issuerId: string;
  readonly timeZone: string;
  readonly folded: readonly PartialSum[];
  readonly unsealed: readonly Entry[];
}

interface GatheredRow {
  issuer_id: string;
  time_zone: string;
  folded: PartialSum[] | null;
  unsealed: Entry[] | null;
}

const unsealedOf = (classIds: string) => `(
  select json_agg(u) from (
    select ${TELLING_COLUMNS} from ${UNSEALED} e
     where e.detail ->> 'classId' = ${classIds}
        or e.detail ->> 'cloneClassId' = ${classIds}
        or e.subject = ${classIds}) u)`;

const SUMS = `sum(n.count) as count, sum(n.order_total_minor) as "orderTotalMinor",
  sum(n.discount_minor) as "discountMinor"`;

/** One statement, so that an entry is in the one part or in the other whatever the sealer does. */
const gathered = (name: string, folded: string) =>
  statement<GatheredRow>(
    `numbers.${name}`,
    `select c.issuer_id, c.time_zone,
            (select json_agg(f) from (${folded}) f) as folded, ${unsealedOf('$1')} as unsealed
       from coupon_classes c where c.id = $1`,
  );

const byPart = (name: string, column: string, part = column) =>
  gathered(
    name,
    `select $1 as "classId", measure, reason, ${part} as part, count, "orderTotalMinor",
            "discountMinor"
       from (select ${column}, n.measure, n.reason, ${SUMS}
               from coupon_numbers n
              where n.class_id = $1 and n.hour >= coalesce($2::timestamptz, '-infinity')
                and n.hour < coalesce($3::timestamptz, 'infinity')
              group by 1, 2, 3) n`,
  );

const whole = gathered(
  'whole',
  `select class_id as "classId", measure, reason, '' as part, count,
          order_total_minor as "orderTotalMinor", discount_minor as "discountMinor"
     from coupon_totals where class_id = $1`,
);

const byHour = byPart(
  'by_hour',
  'n.hour',
  `to_char(n.hour at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
);
const parts = {
  total: byPart('in_range', `'' as nothing`, `''`),
  hour: byHour,
  day: byHour,
  store: byPart('by_store', 'n.store_id'),
  redemptionIssuer: byPart('by_redemption_issuer', 'n.redemption_issuer_id'),
} satisfies Record<Division, unknown>;

/** Null when there is no such class. */
export async function gatherNumbers(
  db: Db,
  classId: string,
  by: Division,
  { from, to }: Range,
): Promise<Gathered | null> {
  const unbounded = from === null && to === null;
  const rows = await (by === 'total' && unbounded
    ? db.run(whole, [classId])
    : db.run(parts[by], [classId, from?.toISOString() ?? null, to?.toISOString() ?? null]));
  const [row] = rows;
  if (row === undefined) return null;
  const { issuer_id: issuerId, time_zone: timeZone, folded, unsealed } = row;
  return { issuerId, timeZone, folded: folded ?? [], unsealed: unsealed ?? [] };
}

const wholes = statement<Pick<GatheredRow, 'folded' | 'unsealed'>>(
  'numbers.wholes',
  `select (select json_agg(f) from (
             select class_id as "classId", measure, reason, '' as part, count,
                    order_total_minor as "orderTotalMinor", discount_minor as "discountMinor"
               from coupon_totals
              where class_id = any (array(select json_array_elements_text($1::json)))) f) as folded,
          ${unsealedOf('any (array(select json_array_elements_text($1::json)))')} as unsealed`,
);

/** The same of several classes, over their whole lives. */
export async function gatherTotals(
  db: Db,
  classIds: readonly string[],
): Promise<Pick<Gathered, 'folded' | 'unsealed'>> {
  const [row] = await db.run(wholes, [JSON.stringify(classIds)]);
  return { folded: row?.folded ?? [], unsealed: row?.unsealed ?? [] };
}
