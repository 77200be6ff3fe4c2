import type { LocalizedText } from './model.ts';

export const HISTORY_KINDS = ['claimed', 'returned', 'received', 'redeemed', 'given'] as const;

/**
 * What happened in a wallet: a coupon was claimed, came back for a redemption, was received from
 * someone, was redeemed or was given away.
 */
export type HistoryKind = (typeof HISTORY_KINDS)[number];

export interface HistoryEntry {
  readonly kind: HistoryKind;
  readonly at: Date;
  readonly couponId: string;
  readonly name: LocalizedText;
  readonly timeZone: string;
  /** The issuer of the coupon; of a redemption the one at whose till it was. */
  readonly issuerName: string;
  /** What a redemption saved of which order. */
  readonly saved: {
    readonly discountMinor: number;
    readonly orderTotalMinor: number;
    readonly currency: string;
    readonly storeName: string | null;
  } | null;
  /** Its place in the list. */
  readonly place: string;
}
