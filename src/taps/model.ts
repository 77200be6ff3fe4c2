import type { Coupon } from '../coupons/model.ts';
import type { Vertical } from '../passes/model.ts';
import type { RedemptionTerms } from '../redemptions/decide.ts';
import { REDEMPTION_REFUSALS } from '../redemptions/model.ts';

/** A pass the wallet may pick from the carousel. */
export interface PassChoice {
  readonly objectId: string;
  readonly classId: string;
}

export type TapOutcome = 'transferred' | 'choose' | 'nothing';

/** Why a pass was or was not sent, in the order in which the decision asks. */
export const PASS_STEPS = [
  'smart-tap-disabled',
  'collector-not-listed',
  'class-not-approved',
  'type-not-asked',
  'not-active',
  'not-yet-valid',
  'no-longer-valid',
  'no-redemption-value',
  'not-on-screen',
  'several-match',
  'sent',
] as const;

export type PassStep = (typeof PASS_STEPS)[number];

export interface PassVerdict {
  readonly objectId: string;
  readonly classId: string;
  readonly issuerId: string;
  readonly step: PassStep;
}

/** Why a coupon was or was not sent; between the steps of a tap the refusal of a redemption there. */
export const COUPON_STEPS = [
  'type-not-asked',
  ...REDEMPTION_REFUSALS,
  'not-on-screen',
  'several-match',
  'sent',
] as const;

export type CouponStep = (typeof COUPON_STEPS)[number];

export interface CouponVerdict {
  readonly couponId: string;
  readonly classId: string;
  readonly issuerId: string;
  readonly step: CouponStep;
}

export type Verdict = PassVerdict | CouponVerdict;

/** What the member's phone shows. */
export type Screen =
  | { readonly kind: 'home' }
  | { readonly kind: 'pass'; readonly objectId: string };

/** One pass of the wallet with all that the decision needs of it and of its class. */
export interface HeldPass {
  readonly objectId: string;
  readonly classId: string;
  readonly issuerId: string;
  readonly type: Vertical;
  readonly state: string;
  readonly redemptionValue: string | null;
  readonly validFrom: Date | null;
  readonly validUntil: Date | null;
  readonly enableSmartTap: boolean;
  readonly classApproved: boolean;
  readonly redemptionIssuers: readonly string[];
}

/** The terms of a coupon that say who may redeem it where and when. */
export type CounterTerms = Pick<
  RedemptionTerms,
  'redemptionIssuers' | 'stores' | 'scene' | 'timeZone' | 'useHours' | 'memberClasses' | 'plusOnly'
>;

/** One unused coupon of the wallet. */
export interface HeldCoupon
  extends Pick<Coupon, 'id' | 'classId' | 'issuerId' | 'availableAt' | 'expiresAt'>,
    CounterTerms {
  readonly redemptionValue: string;
}

export interface SentPass {
  readonly objectId: string;
  readonly classId: string;
  readonly issuerId: string;
  readonly type: Vertical;
  readonly redemptionValue: string;
}

export interface SentCoupon {
  readonly id: string;
  readonly classId: string;
  readonly issuerId: string;
  readonly redemptionValue: string;
}

/** How far a presentation is. */
export interface PresentationState {
  readonly id: string;
  readonly walletId: string;
  readonly status: 'open' | 'choose' | 'transferred';
  readonly choices: readonly PassChoice[];
  readonly expiresAt: Date;
  readonly expired: boolean;
}

/** A tap as it was recorded. */
export interface RecordedTap {
  readonly id: string;
  readonly issuerId: string;
  readonly kid: string;
  /** The stand that was touched; null for a tap that a terminal signed. */
  readonly stand: string | null;
  readonly terminalId: string | null;
  readonly outcome: string;
  readonly verdicts: readonly Verdict[];
  readonly tappedAt: Date;
}
