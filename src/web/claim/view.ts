import type { Locale } from '../../problems/model.ts';
import type {
  CardFacts,
  OwnedCoupon,
  SessionStanding,
  StandSession,
} from '../../stands/session-model.ts';
import type { Offer } from '../../stands/session-offer-rules.ts';

/** What happened and what to do, in the page's language. */
export interface Words {
  readonly title: string;
  readonly detail: string;
}

/** What one sentence of the page says of the last step: good, or why not. */
export interface Notice extends Words {
  readonly isGood: boolean;
}

/** An offer with what is to be said of it. */
export interface ShownOffer extends Offer {
  readonly why: Words | null;
  /** What came of the claim of this session; null where nothing did, or it was used up since. */
  readonly coupon: OwnedCoupon | null;
}

/** Whom the page greets. */
export interface ShownMember {
  readonly name: string | null;
  readonly card: CardFacts | null;
  readonly isMemberHere: boolean;
  readonly owned: readonly OwnedCoupon[];
}

/** All that the claim page shows. */
export interface ClaimView {
  readonly locale: Locale;
  /** `/s/…` */
  readonly path: string;
  readonly session: StandSession;
  readonly standing: SessionStanding;
  readonly now: Date;
  /** Null for a phone that is nobody's, and for who only looks. */
  readonly member: ShownMember | null;
  readonly offers: readonly ShownOffer[];
  readonly notice: Notice | null;
  /** Why nothing can be claimed; null for who touched. */
  readonly lookOnly: Words | null;
  readonly isIphone: boolean;
  /** Whether an OpenID provider is there to sign in at. */
  readonly signIn: boolean;
}
