import {
  discountOn,
  fits,
  lineTotalMinor,
  orderTotalOf,
  pieceMinor,
  type Terms,
} from './amounts.ts';
import type { BasketRefusal, Order, RedemptionRefusal } from './model.ts';

/** How the coupons of a class go with others on one order. */
export interface Stacking {
  readonly classId: string;
  /** Of the coupons of one group an order takes one; null: of no group. */
  readonly group: string | null;
  /** An order with this coupon takes no other. */
  readonly exclusive: boolean;
}

/** A coupon that a till was handed together with others. */
export interface BasketCoupon {
  readonly id: string;
  readonly stacking: Stacking;
  readonly terms: Terms;
  /** Why it could not be used though it were alone, on the whole order; null when it could. */
  readonly refusal: RedemptionRefusal | null;
}

export interface Basket {
  /** In the order in which they were handed over. */
  readonly applied: readonly { readonly id: string; readonly discountMinor: number }[];
  readonly notApplied: readonly { readonly id: string; readonly refusal: BasketRefusal }[];
}

/**
 * The coupons that take the most off an order together: an exclusive one alone, of a group and of a
 * class one. Each takes off what is left of the lines it is about, so their sum never exceeds the
 * order; what it asks of the order it asks of the whole. Which order of them takes off the most is
 * tried. Among equals the fewest coupons are used up, and then those with the earlier ids, so that
 * the order of the codes does not matter.
 */
export function bestBasket(coupons: readonly BasketCoupon[], order: Order): Basket {
  const lefts = order.lines?.map(lineTotalMinor) ?? [orderTotalOf(order)];
  const usable = coupons
    .filter(({ refusal }) => refusal === null)
    .map((one) => placed(one, order, lefts))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  let best: readonly Use[] = [];
  const anyOrder = usable.length <= TRIED_IN_EVERY_ORDER;
  for (const inTurn of anyOrder ? [usable] : turnsOf(usable, lefts)) {
    best = bestFrom({ inTurn, anyOrder }, lefts, [], best);
  }
  const used = new Map(best.map(({ coupon, discountMinor }) => [coupon.id, discountMinor]));
  return {
    applied: coupons.flatMap(({ id }) => {
      const discountMinor = used.get(id);
      return discountMinor === undefined ? [] : [{ id, discountMinor }];
    }),
    notApplied: coupons
      .filter(({ id }) => !used.has(id))
      .map(({ id, refusal }) => ({ id, refusal: refusal ?? 'not-combinable' })),
  };
}

/** Whether one order takes both. */
export function mayCombine(one: Stacking, other: Stacking): boolean {
  if (one.exclusive || other.exclusive || one.classId === other.classId) return false;
  return one.group === null || one.group !== other.group;
}

/** A coupon with the places of the order that it is about and the piece there that it may free. */
interface Placed extends BasketCoupon {
  readonly places: readonly { readonly index: number; readonly pieceMinor: number }[];
  /** What it takes off alone; after others it is never more. */
  readonly mostMinor: number;
}

interface Use {
  readonly coupon: Placed;
  readonly discountMinor: number;
}

function placed(coupon: BasketCoupon, { lines }: Order, lefts: readonly number[]): Placed {
  // Without lines there is one place, and only coupons for everything came so far.
  const places = lines?.flatMap((line, index) =>
    fits(coupon.terms, line) ? [{ index, pieceMinor: pieceMinor(line) }] : [],
  ) ?? [{ index: 0, pieceMinor: 0 }];
  const alone = { ...coupon, places, mostMinor: 0 };
  return { ...alone, mostMinor: take(alone, lefts).discountMinor };
}

const kindOf = ({ terms }: BasketCoupon) => terms.discount.kind;

/** So many are tried in every order. */
const TRIED_IN_EVERY_ORDER = 5;

/**
 * The orders in which many coupons are tried: every order of their kinds, and of a kind those first
 * that are about less.
 */
function turnsOf(sorted: readonly Placed[], lefts: readonly number[]): readonly Placed[][] {
  const about = new Map(sorted.map(({ id, places }) => [id, sumAt(places, lefts)]));
  const narrowFirst = sorted.toSorted((a, b) => (about.get(a.id) ?? 0) - (about.get(b.id) ?? 0));
  return ordersOf([...new Set(sorted.map(kindOf))].sort()).map((kinds) =>
    narrowFirst.toSorted((a, b) => kinds.indexOf(kindOf(a)) - kinds.indexOf(kindOf(b))),
  );
}

function ordersOf<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((first) =>
    ordersOf(items.filter((item) => item !== first)).map((rest) => [first, ...rest]),
  );
}

/** Coupons that may still be used, one after the other or in any order. */
interface Choice {
  readonly inTurn: readonly Placed[];
  readonly anyOrder: boolean;
}

/** The best of what was found before and of these uses, as they are or with more coupons. */
function bestFrom(
  { inTurn, anyOrder }: Choice,
  lefts: readonly number[],
  uses: readonly Use[],
  before: readonly Use[],
): readonly Use[] {
  let best = isBetter(uses, before) ? uses : before;
  for (const [n, coupon] of inTurn.entries()) {
    const others = anyOrder ? inTurn.filter((other) => other !== coupon) : inTurn.slice(n + 1);
    if (sumOf(uses) + coupon.mostMinor + mostOf(others) < sumOf(best)) continue;
    if (!uses.every((use) => mayCombine(use.coupon.stacking, coupon.stacking))) continue;
    const { discountMinor, lefts: after } = take(coupon, lefts);
    // A coupon is not used up for nothing.
    if (discountMinor === 0) continue;
    const more = [...uses, { coupon, discountMinor }];
    best = bestFrom({ inTurn: others, anyOrder }, after, more, best);
  }
  return best;
}

/** More than this coupons never take off. */
function mostOf(coupons: readonly Placed[]): number {
  return coupons.reduce((sum, { mostMinor }) => sum + mostMinor, 0);
}

function isBetter(uses: readonly Use[], best: readonly Use[]): boolean {
  const more = sumOf(uses) - sumOf(best) || best.length - uses.length;
  return more > 0 || (more === 0 && idsOf(uses) < idsOf(best));
}

const sumOf = (uses: readonly Use[]) => uses.reduce((sum, use) => sum + use.discountMinor, 0);

const idsOf = (uses: readonly Use[]) =>
  uses
    .map(({ coupon }) => coupon.id)
    .sort()
    .join();

/** What a coupon takes off of what is left, and what is left then. */
function take(
  { terms: { discount }, places }: Placed,
  lefts: readonly number[],
): { readonly discountMinor: number; readonly lefts: readonly number[] } {
  const left = (index: number) => lefts[index] ?? 0;
  if (discount.kind === 'exchange') {
    const pieces = places.map(({ index, pieceMinor: minor }) => Math.min(minor, left(index)));
    const discountMinor = Math.max(0, ...pieces);
    const index = places[pieces.indexOf(discountMinor)]?.index ?? 0;
    return { discountMinor, lefts: lefts.with(index, left(index) - discountMinor) };
  }
  const totalMinor = sumAt(places, lefts);
  const discountMinor = Math.min(discountOn(discount, [], totalMinor), totalMinor);
  const spread = spreadOver(
    discountMinor,
    places.map(({ index }) => left(index)),
  );
  const after = [...lefts];
  places.forEach(({ index }, n) => {
    after[index] = left(index) - (spread[n] ?? 0);
  });
  return { discountMinor, lefts: after };
}

function sumAt(places: Placed['places'], lefts: readonly number[]): number {
  return places.reduce((sum, { index }) => sum + (lefts[index] ?? 0), 0);
}

/** Shares a sum out in proportion to the amounts; what does not divide goes to the first of them. */
function spreadOver(sum: number, amounts: readonly number[]): number[] {
  const total = amounts.reduce((whole, amount) => whole + amount, 0);
  const shares = amounts.map((amount) => (total === 0 ? 0 : partOf(amount, sum, total)));
  let rest = shares.reduce((left, share) => left - share, sum);
  return shares.map((share, n) => {
    const more = Math.min(rest, (amounts[n] ?? 0) - share);
    rest -= more;
    return share + more;
  });
}

/** `amount * sum / total`, rounded down; exact also where the product is beyond a double. */
function partOf(amount: number, sum: number, total: number): number {
  const product = amount * sum;
  if (Number.isSafeInteger(product)) return Math.floor(product / total);
  return Number((BigInt(amount) * BigInt(sum)) / BigInt(total));
}
