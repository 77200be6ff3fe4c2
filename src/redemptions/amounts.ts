import type { Discount, Scope } from '../coupons/model.ts';
import type { Order, OrderLine } from './model.ts';

export interface OrderSums {
  readonly orderTotalMinor: number;
  /** What the coupon is about and what it takes off; null when nothing in the order fits. */
  readonly inScope: { readonly totalMinor: number; readonly discountMinor: number } | null;
}

interface Terms {
  readonly discount: Discount;
  readonly scope: Scope;
  readonly regularPriceOnly: boolean;
}

/** Sums an order by what a coupon is about. Amounts are integers in the minor unit. */
export function sumsOf(terms: Terms, order: Order): OrderSums {
  if (order.lines === undefined) return sumsOfTotal(terms, order.totalMinor ?? 0);
  const orderTotalMinor = order.totalMinor ?? totalOf(order.lines);
  const fitting = order.lines.filter((line) => fits(terms, line));
  if (fitting.length === 0) return { orderTotalMinor, inScope: null };
  const totalMinor = Math.min(totalOf(fitting), orderTotalMinor);
  const discountMinor = Math.min(discountOn(terms.discount, fitting, totalMinor), totalMinor);
  return { orderTotalMinor, inScope: { totalMinor, discountMinor } };
}

/** Without lines nobody can tell which goods there are, so only an unlimited coupon fits. */
function sumsOfTotal({ scope, regularPriceOnly, discount }: Terms, totalMinor: number): OrderSums {
  const unlimited = scope.kind === 'all' && !regularPriceOnly && discount.kind !== 'exchange';
  if (!unlimited) return { orderTotalMinor: totalMinor, inScope: null };
  const discountMinor = Math.min(discountOn(discount, [], totalMinor), totalMinor);
  return { orderTotalMinor: totalMinor, inScope: { totalMinor, discountMinor } };
}

function fits({ scope, regularPriceOnly, discount }: Terms, line: OrderLine): boolean {
  if (regularPriceOnly && line.onPromotion === true) return false;
  if (discount.kind === 'exchange' && line.sku !== discount.sku) return false;
  if (scope.kind === 'all') return true;
  const name = scope.kind === 'items' ? line.sku : line.category;
  const excluded = scope.exclude.includes(line.sku) || isListed(scope.exclude, line.category);
  return isListed(scope.include, name) && !excluded;
}

function isListed(names: readonly string[], name: string | undefined): boolean {
  return name !== undefined && names.includes(name);
}

function discountOn(discount: Discount, fitting: readonly OrderLine[], totalMinor: number): number {
  switch (discount.kind) {
    case 'amount':
      return discount.amountMinor;
    case 'percent':
      return Math.min(
        Math.floor((totalMinor * discount.percent) / 100),
        discount.maxMinor ?? Number.POSITIVE_INFINITY,
      );
    // One piece of the goods is free: one unit of the dearest fitting line.
    case 'exchange':
      return Math.max(0, ...fitting.map(pieceMinor));
  }
}

function pieceMinor({ quantity, unitPriceMinor }: OrderLine): number {
  return Math.round(Math.min(quantity, 1) * unitPriceMinor);
}

/** The sum of lines, each rounded to the minor unit as tills do. */
export function totalOf(lines: readonly OrderLine[]): number {
  return lines.reduce((sum, line) => sum + Math.round(line.quantity * line.unitPriceMinor), 0);
}
