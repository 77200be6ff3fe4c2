import type { PassBody, PassState, Vertical } from '../passes/model.ts';

/** A pass as its holder sees it, with where it can be used. */
export interface Card {
  readonly objectId: string;
  readonly classId: string;
  readonly issuerName: string;
  readonly vertical: Vertical;
  readonly state: PassState;
  /** The object and its class as Google spells them. */
  readonly body: PassBody;
  readonly classBody: PassBody;
  /** What a till scans or is handed; null for a pass that is only looked at. */
  readonly redemptionValue: string | null;
  readonly validUntil: Date | null;
  /** The names of the issuers that redeem it. */
  readonly usableAt: readonly string[];
  /** A tap would really hand it over somewhere. */
  readonly tapReady: boolean;
  /** The database's time. */
  readonly now: Date;
  /** Its place in the list of cards. */
  readonly place: string;
}
