import type { Discount } from './model.ts';

/** The most that one coupon can cost its merchant, in minor units; null when nobody can tell. */
export function worstCostMinor(discount: Discount): number | null {
  switch (discount.kind) {
    case 'amount':
      return discount.amountMinor;
    case 'percent':
      return discount.maxMinor ?? null;
    case 'exchange':
      return null;
  }
}

export interface Budgeted {
  /** The most that the discounts of a class may cost, in minor units; null: no cap. */
  readonly budgetMinor: number | null;
  /** What its coupons have cost, and those in hand may still cost. */
  readonly committedMinor: number;
  readonly discount: Discount;
}

/**
 * What a coupon of this class sets aside of its budget while it is in a member's hands; null
 * without a budget. So a coupon that was given out is always paid for.
 */
export function reservationOf({
  budgetMinor,
  discount,
}: Omit<Budgeted, 'committedMinor'>): number | null {
  return budgetMinor === null ? null : worstCostMinor(discount);
}

/** Whether the budget pays for one more coupon. */
export function budgetAllowsOneMore(terms: Budgeted): boolean {
  const { budgetMinor, committedMinor } = terms;
  return budgetMinor === null || committedMinor + (reservationOf(terms) ?? 0) <= budgetMinor;
}
