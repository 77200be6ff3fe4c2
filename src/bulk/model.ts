import type { Caller } from '../access/model.ts';
import type { ClaimRefusal } from '../claims/model.ts';

/** The most wallets that one job takes. */
export const MAX_WALLETS = 1_000_000;

/**
 * How many claims of a job wait at once: enough to keep the workers busy, and so few that a claim
 * behind them waits for a blink.
 */
export const CHUNK = 500;

export const BULK_STATUSES = ['running', 'done', 'cancelled'] as const;

export type BulkStatus = (typeof BULK_STATUSES)[number];

/** One coupon class given to many wallets. */
export interface BulkIssue {
  readonly id: string;
  readonly issuerId: string;
  readonly classId: string;
  readonly status: BulkStatus;
  /** How many wallets, each counted once. */
  readonly total: number;
  readonly issued: number;
  readonly refused: number;
  readonly createdAt: Date;
  /** When nothing was left to do; a cancelled job first lets what was handed in be decided. */
  readonly finishedAt: Date | null;
}

/** Why a class is not issued to many. */
export type BulkRefusal = 'bulk-needs-manual-class' | 'coupon-class-voided';

/** Which of the issuer's wallets are meant; all that is said must hold. */
export interface WalletQuery {
  /** Holds an active pass of this class. */
  readonly passClass: string | null;
  readonly plus: boolean;
  /** Holds a usable coupon of this class. */
  readonly holdsCouponOf: string | null;
  readonly createdBefore: Date | null;
}

/** Whose wallets an external id is looked up among. */
export interface Keeper {
  readonly issuerId: string;
  /** Also among the wallets of the platform, after the issuer's own. */
  readonly platformToo: boolean;
}

export function keeperFor(caller: Caller, issuerId: string): Keeper {
  return { issuerId, platformToo: caller.kind === 'root' };
}

/** What a list names its wallets by. */
export const WALLET_NAMES = ['walletId', 'externalId'] as const;

export type WalletName = (typeof WALLET_NAMES)[number];

/** A wallet that got no coupon; of the two names those that are known. */
export interface RefusedItem {
  readonly position: number;
  readonly walletId: string | null;
  readonly externalId: string | null;
  readonly claimId: string | null;
  readonly reason: ClaimRefusal;
}

/** Stands before an external id that nobody has, where a wallet's id would stand. */
export const UNKNOWN_EXTERNAL = 'external:';

/** The external id that nobody has; null for a wallet's id, which has no colon. */
export function unknownExternalId(walletId: string): string | null {
  return walletId.startsWith(UNKNOWN_EXTERNAL) ? walletId.slice(UNKNOWN_EXTERNAL.length) : null;
}

export const DECIDED_STATUSES = ['issued', 'refused'] as const;

export type DecidedStatus = (typeof DECIDED_STATUSES)[number];
