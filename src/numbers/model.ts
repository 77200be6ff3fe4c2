import type { ChainEntry } from '../audit/model.ts';

/** What is counted of a class. Each is how often it happened; nothing is ever taken off. */
export type Measure =
  | 'claimed'
  | 'refused'
  | 'redeemed'
  | 'reversed'
  | 'cloned'
  /** Clones that the reversal of their redemption took back. */
  | 'unmade'
  | 'expired'
  | 'voided'
  | 'transferred';

export interface Counts {
  readonly count: number;
  readonly orderTotalMinor: number;
  readonly discountMinor: number;
}

/** What one entry adds, or many of them together. */
export interface Cell extends Counts {
  readonly classId: string;
  /** The beginning of the UTC hour, RFC 3339. */
  readonly hour: string;
  readonly measure: Measure;
  /** A refusal's code, or empty. */
  readonly reason: string;
  /** Empty where none is known. */
  readonly storeId: string;
  /** Empty where none is known. */
  readonly redemptionIssuerId: string;
}

/** What the numbers take from an audit entry. */
export type Entry = Omit<ChainEntry, 'seq' | 'actor'>;

/** The same with its detail read. */
export interface Audited extends Omit<Entry, 'detail'> {
  readonly detail: Readonly<Record<string, unknown>>;
}

/** The numbers of a class, or of a part of it: what stands, after reversals. */
export interface Numbers {
  readonly claimed: number;
  readonly redeemed: number;
  readonly reversed: number;
  readonly cloned: number;
  readonly expired: number;
  readonly voided: number;
  readonly transferred: number;
  /** How often each code was the reason. */
  readonly refused: Readonly<Record<string, number>>;
  readonly orderTotalMinor: number;
  readonly discountMinor: number;
}

/** By what a class's numbers are told apart; `day` is one of the class's own time zone. */
export type Division = 'total' | 'hour' | 'day' | 'store' | 'redemptionIssuer';

/** UTC hours by their beginnings, the end not included; null is no bound. */
export interface Range {
  readonly from: Date | null;
  readonly to: Date | null;
}
