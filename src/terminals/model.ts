/** A place where an issuer's terminals stand. */
export interface Store {
  readonly id: string;
  readonly issuerId: string;
  readonly name: string;
}

/** A till; its taps and redemptions count for its store. */
export interface Terminal extends Store {
  readonly storeId: string;
}

/** A store's own id is unique only among those of its issuer. */
export interface StoreName {
  readonly issuerId: string;
  readonly storeId: string;
}

/** A terminal's own id is unique only among those of its issuer. */
export interface TerminalName {
  readonly issuerId: string;
  readonly terminalId: string;
}

export const TERMINAL_EVENT_KINDS = [
  /** Somebody touched the stand: a member, or a phone that is nobody's yet (no wallet). */
  'tap',
  /** The phone of an earlier tap joined: the same tap, now with its wallet. */
  'joined',
  /** The member of a tap claimed a coupon; `detail.couponId`. */
  'claimed',
  /** A tag of this terminal was written or tried; `detail.standId`, `detail.state`. */
  'stand',
  /** What the customer's display is to show; `detail` is the display's state. */
  'display',
] as const;

export type TerminalEventKind = (typeof TERMINAL_EVENT_KINDS)[number];

/** An event names rows; what they say is read when it is told, so that erased data is not kept. */
export interface NewTerminalEvent {
  readonly kind: TerminalEventKind;
  readonly tapId: string | null;
  readonly walletId: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface TerminalEvent extends NewTerminalEvent {
  /** 1, 2, 3, … for each terminal, in the order of their commits and without a gap. */
  readonly number: number;
  readonly at: Date;
}

/** A browser that is paired with a terminal. */
export interface Till {
  readonly id: string;
  readonly issuerId: string;
  readonly terminalId: string;
  readonly listening: boolean;
  readonly pairedAt: Date;
  readonly seenAt: Date;
}

/** A code that pairs one browser with one terminal, once. */
export interface PairingCode {
  readonly code: string;
  readonly expiresAt: Date;
}

/** Why a browser is not paired. */
export type PairingRefusal = 'pairing-code-wrong' | 'too-many-pairing-guesses';
