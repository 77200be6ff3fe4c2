/** Who stands at the till, as much as this issuer may know. */
export interface VisitorName {
  readonly walletId: string;
  /** What the member wants to be called; null for a member of others, who has not joined here. */
  readonly name: string | null;
  /** The member's number at this issuer. */
  readonly number: string | null;
  readonly tier: string | null;
  /** Whether the member has joined this issuer. */
  readonly isMember: boolean;
  /** Coupons that this terminal could redeem now, whatever the bill. */
  readonly usableCoupons: number;
}

/** What a live line says of an event. */
export interface CounterEvent {
  readonly number: number;
  readonly kind: 'tap' | 'joined' | 'claimed' | 'stand' | 'display';
  /** RFC 3339. */
  readonly at: string;
  readonly tapId: string | null;
  /** What speaks for the tap: a signed payload, an authentic tag, a plain tag, a printed code. */
  readonly proof: 'signed' | 'sun' | 'static' | 'qr' | null;
  /** Null for a phone that is nobody's yet. */
  readonly visitor: VisitorName | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** A pass of this issuer in the visitor's wallet. */
export interface VisitorCard {
  readonly objectId: string;
  readonly type: string;
  readonly program: string;
  readonly number: string | null;
  readonly tier: string | null;
  /** As the issuer wrote it, such as `71327.42`. */
  readonly points: string | null;
  readonly balance: { readonly amountMinor: number; readonly currency: string } | null;
}

/** A coupon in hand as the cashier sees it: usable for this bill, or with the reason why not. */
export type Offer = {
  readonly couponId: string;
  readonly code: string;
  readonly classId: string;
  readonly name: string;
  readonly expiresAt: string | null;
} & (
  | {
      readonly usable: true;
      readonly discountMinor: number;
      readonly payableMinor: number;
      /** Saves most; of equals the one that ends first. */
      readonly best: boolean;
    }
  | {
      readonly usable: false;
      readonly refusal: { readonly code: string; readonly title: string; readonly detail: string };
      /** How much more must be bought, where that is the reason. */
      readonly missingMinor: number | null;
    }
);

export interface Visitor extends VisitorName {
  /** The tap that brought the visitor; null when found by search. */
  readonly tapId: string | null;
  readonly cards: readonly VisitorCard[];
  /** RFC 3339; the visit before this one. */
  readonly lastVisit: string | null;
}

/** What must be there before a till can recognise members, each with where to mend it. */
export interface PreflightCheck {
  readonly name: 'terminal' | 'stand' | 'collector' | 'key' | 'membership';
  readonly ok: boolean;
}
