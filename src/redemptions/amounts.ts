import type { Discount, Scope } from '../coupons/model.ts';
import type { Order, OrderLine } from './model.ts';

export interface OrderSums {
  readonly orderTotalMinor: number;
  /** What the coupon is about and what it takes off; null when nothing in the order fits. */
  readonly inScope: { readonly totalMinor: number; readonly discountMinor: number } | null;
}

/** What a coupon takes off of what. */
export interface Terms {
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

/** Whether a coupon is about a line. */
export function fits({ scope, regularPriceOnly, discount }: Terms, line: OrderLine): boolean {
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

/** What comes off of goods of that sum, which may be more than the sum. */
export function discountOn(
  discount: Discount,
  fitting: readonly OrderLine[],
  totalMinor: number,
): number {
  switch (discount.kind) {
    case 'amount':
      return discount.amountMinor;
    case 'percent':
      return Math.min(
        percentOf(totalMinor, discount.percent),
        discount.maxMinor ?? Number.POSITIVE_INFINITY,
      );
    // One piece of the goods is free: one unit of the dearest fitting line.
    case 'exchange':
      return Math.max(0, ...fitting.map(pieceMinor));
  }
}

/** One unit of a line, or what there is of it. */
export function pieceMinor({ quantity, unitPriceMinor }: OrderLine): number {
  return lineMinor(Math.min(quantity, 1), unitPriceMinor);
}

/** The sum of lines, each rounded to the minor unit as tills do. */
export function totalOf(lines: readonly OrderLine[]): number {
  return lines.reduce((sum, line) => sum + lineTotalMinor(line), 0);
}

export function lineTotalMinor({ quantity, unitPriceMinor }: OrderLine): number {
  return lineMinor(quantity, unitPriceMinor);
}

/** What an order comes to before anything is off. */
export function orderTotalOf({ totalMinor, lines }: Order): number {
  return totalMinor ?? totalOf(lines ?? []);
}

/** Half a minor unit counts as one. */
function lineMinor(quantity: number, unitPriceMinor: number): number {
  if (Number.isInteger(quantity)) return quantity * unitPriceMinor;
  const { digits, scale } = decimalOf(quantity);
  return Number((2n * digits * BigInt(unitPriceMinor) + scale) / (2n * scale));
}

/** What is left of a minor unit stays with the merchant. */
function percentOf(totalMinor: number, percent: number): number {
  const { digits, scale } = decimalOf(percent);
  return Number((BigInt(totalMinor) * digits) / (100n * scale));
}

/**
 * A positive number as the decimal fraction that people wrote: in doubles 0.57 % of 10000 would be
 * 56, and 1.005 of 100 no half.
 */
function decimalOf(value: number): { readonly digits: bigint; readonly scale: bigint } {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const scale = 10n ** BigInt(Math.max(0, fraction.length - Number(exponent)));
  return { digits: BigInt(whole + fraction), scale };
}
