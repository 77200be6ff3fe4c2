import type { Coupon, CouponClass, CouponStatus } from './model.ts';

/** Where a coupon lies in its holder's wallet. */
export const SHELVES = ['usable', 'used', 'expired'] as const;

export type Shelf = (typeof SHELVES)[number];

/** What lies where; a coupon that was taken away lies with what can not be used any more. */
export const SHELF_OF: Readonly<Record<CouponStatus, Shelf>> = {
  issued: 'usable',
  redeemed: 'used',
  transferred: 'used',
  expired: 'expired',
  voided: 'expired',
};

/** A coupon as its holder sees it: what it is worth, where and when. */
export interface Holding
  extends Pick<Coupon, 'id' | 'classId' | 'code' | 'status' | 'availableAt' | 'expiresAt'>,
    Pick<
      CouponClass,
      | 'name'
      | 'description'
      | 'discount'
      | 'minSpendMinor'
      | 'scope'
      | 'regularPriceOnly'
      | 'plusOnly'
      | 'scene'
      | 'timeZone'
      | 'useHours'
      | 'exclusive'
      | 'transferable'
    > {
  readonly issuerName: string;
  /** For holders of certain passes only. */
  readonly membersOnly: boolean;
  /** The names of its stores; none: every store. */
  readonly stores: readonly string[];
  /** The names of the issuers that redeem it. */
  readonly usableAt: readonly string[];
  /** Until when a link gives it away; null when none does. */
  readonly givenUntil: Date | null;
  /** The database's time. */
  readonly now: Date;
  /** Its place in the list of coupons. */
  readonly place: string;
}

export type ShelfCounts = Readonly<Record<Shelf, number>>;

/** What a class promises, as it is told to whoever is offered one of its coupons. */
export interface Promised
  extends Pick<CouponClass, 'name' | 'description' | 'discount' | 'minSpendMinor' | 'timeZone'> {
  readonly issuerName: string;
}
