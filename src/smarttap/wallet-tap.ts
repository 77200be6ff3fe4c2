import type { KeyPair, Primitives } from './primitives.ts';
import { NONCE_BYTES } from './records/negotiate.ts';
import type { SessionKeys } from './session-keys.ts';
import type { Negotiation } from './signature.ts';

const CUSTOMER_TAP_ID_BYTES = 16;

/** Whether the handset's own nonce is signed, or the terminal signed before it met the handset. */
export type Authentication = 'live' | 'pre-signed';

/** A terminal that has proved who it is. */
export interface WalletSession {
  /** 8 bytes, chosen by the terminal. */
  readonly sessionId: Uint8Array;
  readonly negotiation: Negotiation;
  readonly signature: Uint8Array;
  readonly keyVersion: number;
  readonly authentication: Authentication;
  readonly keys: SessionKeys;
}

/** The last number that the commands after one negotiation have had, or those before any. */
export interface Counter {
  readonly sessionId: Uint8Array;
  /** Of the negotiation that began it; null before any. */
  readonly message: Uint8Array | null;
  readonly sequence: number;
}

/** An answer in parts: what is still to be fetched, and how it ends. */
export interface Outgoing {
  readonly rest: Uint8Array;
  readonly sw: number;
}

/**
 * All that a wallet remembers of one tap, as plain data that may be kept between two commands. It
 * holds secrets: the ephemeral key, and the session's keys.
 */
export interface WalletTap {
  /** The same for the whole tap: terminals sign over the one and derive with the other (§4). */
  readonly handsetNonce: Uint8Array;
  readonly keyPair: KeyPair;
  /** `cut`, which tells this tap of a customer from the next. */
  readonly customerTapId: Uint8Array;
  /** How often a terminal has tried to prove who it is, in vain or not. */
  readonly negotiations: number;
  /** The collector that did: no other is heard until the phone leaves the field (§9.3). */
  readonly collectorId: number | null;
  readonly session: WalletSession | null;
  /** The one that goes on comes last; those of earlier negotiations are kept for their replays. */
  readonly counters: readonly Counter[];
  readonly outgoing: Outgoing | null;
}

/** A phone enters the field. With the same nonce and key twice, a recording could be replayed. */
export function openTap(primitives: Primitives): WalletTap {
  return {
    handsetNonce: primitives.randomBytes(NONCE_BYTES),
    keyPair: primitives.generateKeyPair(),
    customerTapId: primitives.randomBytes(CUSTOMER_TAP_ID_BYTES),
    negotiations: 0,
    collectorId: null,
    session: null,
    counters: [],
    outgoing: null,
  };
}
