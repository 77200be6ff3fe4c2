import type { ClaimRefusal } from '../claims/model.ts';
import type { Discount, LocalizedText } from '../coupons/model.ts';
import type { Device } from '../members/model.ts';
import type { PassBody } from '../passes/model.ts';
import type { TouchProof, TouchRefusal } from './model.ts';

/** Why there is no session after a touch. */
export type NoSession = TouchRefusal | 'too-many-touches';

/** Why a session gives nothing. */
export type SessionRefusal =
  | 'touch-unknown'
  | 'touch-over'
  | 'join-first'
  | 'membership-not-offered';

/** Why a coupon on offer at a stand is not claimed there. */
export type SessionClaimRefusal = SessionRefusal | ClaimRefusal | 'not-found' | 'too-many-touches';

/** What a touch opened: for one device, until its tap counts no more. */
export interface StandSession {
  readonly tapId: string;
  readonly standId: string;
  readonly deviceId: string;
  readonly issuerId: string;
  readonly issuerName: string;
  readonly terminalId: string;
  readonly terminalName: string;
  readonly storeId: string;
  readonly storeName: string;
  /** Whose tap it is; null while the phone is nobody's. */
  readonly walletId: string | null;
  readonly proof: TouchProof;
  readonly tappedAt: Date;
  /** By the database's clock. */
  readonly isLive: boolean;
  /** Whether some paired till of the terminal listens. */
  readonly isHeard: boolean;
  /** Whether there is a membership to join. */
  readonly isJoinable: boolean;
}

/** What the session is to the device that asks. */
export type SessionStanding = 'own' | 'over' | 'elsewhere';

/**
 * Only the device that touched has the session, only while the tap counts, and only as the member
 * whose tap it is.
 */
export function standingOf(
  session: Pick<StandSession, 'deviceId' | 'isLive' | 'walletId'>,
  device: Device | null,
): SessionStanding {
  if (session.deviceId !== device?.id) return 'elsewhere';
  const isMembers = session.walletId === null || session.walletId === device.member?.walletId;
  return session.isLive && isMembers ? 'own' : 'over';
}

/** A coupon that the member could use at the stand's till. */
export interface OwnedCoupon {
  readonly id: string;
  readonly classId: string;
  readonly name: LocalizedText;
  readonly discount: Discount;
  readonly minSpendMinor: number;
  readonly availableAt: Date;
  readonly expiresAt: Date;
  readonly isAvailable: boolean;
  readonly timeZone: string;
}

/** The member's card at an issuer as the issuer wrote it. */
export interface CardFacts {
  /** The member's number there; null for one who did not join, but was given a card. */
  readonly number: string | null;
  readonly classBody: PassBody;
  readonly objectBody: PassBody;
  readonly redemptionValue: string | null;
}
