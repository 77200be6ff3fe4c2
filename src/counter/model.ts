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

/** `GET /v1/tills/me`: what a paired till is. */
export interface TillFace {
  readonly tillId: string;
  readonly issuerId: string;
  readonly issuerName: string;
  readonly storeId: string;
  readonly storeName: string;
  readonly terminalId: string;
  readonly terminalName: string;
  /** What it redeems with; null while the issuer has none. */
  readonly collectorId: string | null;
  readonly listening: boolean;
  /** That of the issuer's coupons; null while none tells. */
  readonly currency: string | null;
}

/** `POST /v1/terminals/{id}/lookup`. */
export interface LookupAnswer {
  readonly visitors: readonly VisitorName[];
  /** The coupon whose code was given. */
  readonly coupon: {
    readonly code: string;
    readonly walletId: string;
    readonly name: string;
  } | null;
}

/** `GET /v1/terminals/{id}/taps`: newest first. */
export interface RecentTaps {
  readonly items: readonly CounterEvent[];
}

/** What the customer's display shows: the body of a POST and `detail` of the event it makes. */
export type DisplayState = { readonly language: 'en' | 'zh-CN' } & (
  | { readonly state: 'idle' }
  /** Who it is comes as the event's `visitor`. */
  | { readonly state: 'recognised' }
  | {
      readonly state: 'saving' | 'paying' | 'done';
      readonly currency: string;
      readonly totalMinor: number;
      readonly discountMinor: number;
      readonly payableMinor: number;
    }
);

/** `POST /v1/terminals/{id}/display`. */
export type DisplayRequest = DisplayState & { readonly walletId?: string };

/** `event: hello`, the first that a live line says. */
export interface LineHello {
  /** The server's time, RFC 3339. */
  readonly now: string;
  /** The number of the last event told before this line goes on. */
  readonly last: number;
  readonly beatSeconds: number;
}
