import { SmartTapError } from './error.ts';
import { noblePrimitives, type Primitives } from './primitives.ts';
import type { I } from './records/bundle.ts';
import type { Pcr } from './records/capabilities.ts';
import type { Mer } from './records/merchant.ts';
import type { Nsr } from './records/new-service.ts';
import type { Bpr } from './records/push.ts';
import type { ObjectType, ServiceObject } from './records/service-object.ts';
import type { Ssr } from './records/service-status.ts';
import { TRANSACTION_MODE } from './select.ts';
import type { Negotiation } from './signature.ts';
import type { Authentication } from './wallet-tap.ts';

type Awaitable<T> = T | Promise<T>;

/** What a terminal asks for, once it has proved who it is. */
export interface PassRequest {
  /** As a number of four bytes. */
  readonly collectorId: number;
  readonly keyVersion: number;
  readonly authentication: Authentication;
  /** At least one, of `SERVICE_TYPE` or one that is not listed. */
  readonly serviceTypes: readonly number[];
  readonly merchant: Mer;
  readonly capabilities: Pcr | null;
  /** What was signed, with the signature: evidence, and the two nonces name the tap. */
  readonly negotiation: Negotiation;
  readonly signature: Uint8Array;
}

/** One pass to be sent. */
export interface WalletPass {
  readonly issuer: I;
  readonly type: ObjectType;
  /** 1 byte or more, 8 in the field; opaque to the terminal. */
  readonly objectId: Uint8Array;
  /** The pass's `smartTapRedemptionValue`. */
  readonly value: string;
  readonly fields?: ServiceObject['fields'];
}

/** Who holds the phone, as far as this collector may know. */
export interface WalletCustomer {
  readonly issuer: I;
  /** `cid`, pairwise: stable for one customer and collector, another for another collector. */
  readonly id: Uint8Array;
  /** The preferred language, such as `en`. */
  readonly language: string | null;
}

export type PassDecision =
  | {
      readonly outcome: 'send';
      readonly passes: readonly [WalletPass, ...WalletPass[]];
      readonly customer: WalletCustomer | null;
    }
  /** Nothing matches; the terminal may know the customer all the same. */
  | { readonly outcome: 'none'; readonly customer: WalletCustomer | null }
  /** Several match: the user picks one on the screen, then taps again. */
  | { readonly outcome: 'choose' }
  /** It cannot be said now; the terminal is to ask again. */
  | { readonly outcome: 'retry' };

/** What a terminal pushes. Nothing proves who it is: PUSH DATA needs no session (§10). */
export interface WalletPush {
  /** The collector that has proved itself in this tap; null if none has. */
  readonly collectorId: number | null;
  readonly bpr: Bpr | null;
  readonly nsr: readonly Nsr[];
  readonly ssr: readonly Ssr[];
}

export interface WalletOptions {
  /** A collector's public key, 33 or 65 bytes; null where the collector or version is unknown. */
  readonly collectorKey: (collectorId: number, keyVersion: number) => Awaitable<Uint8Array | null>;
  /** Asked at every GET DATA that is in order; a terminal may send several in one tap. */
  readonly decide: (request: PassRequest) => Awaitable<PassDecision>;
  readonly onPush?: (push: WalletPush) => Awaitable<void>;
  /** Hears what one of these functions threw; the terminal is told to try again. */
  readonly onFault?: (fault: unknown) => void;
  /** True while the phone has to be unlocked first. */
  readonly locked?: () => boolean;
  /** False while the phone has no means of payment ready: the terminal is not to go on to it. */
  readonly readyToPay?: () => boolean;
  /** Whether a terminal that did not sign this phone's nonce may have passes: else it has none. */
  readonly trustPreSigned?: boolean;
  /** Whether a terminal may leave out SELECT Smart Tap 2. */
  readonly secondSelectMayBeSkipped?: boolean;
  /** Bits of `TRANSACTION_MODE`. */
  readonly transactionMode?: number;
  /** How much of an answer to GET DATA one response carries: 249 bytes, or fewer. */
  readonly maxResponseBytes?: number;
  readonly primitives?: Primitives;
}

/** The options, with those that were left out. */
export type WalletSettings = Required<WalletOptions>;

/** Handsets send 251 bytes at most, and it is open whether that counts the status word (§9.1). */
export const MAX_RESPONSE_BYTES = 249;

/** What every phone says: pay and pass are both there and both wanted (§3). */
const PAYMENT_AND_PASS =
  TRANSACTION_MODE.paymentEnabled |
  TRANSACTION_MODE.paymentRequested |
  TRANSACTION_MODE.passEnabled |
  TRANSACTION_MODE.passRequested;

/** @throws SmartTapError when no handset's response is that long */
export function settingsOf(options: WalletOptions): WalletSettings {
  const { maxResponseBytes = MAX_RESPONSE_BYTES } = options;
  const isWhole = Number.isInteger(maxResponseBytes) && maxResponseBytes >= 1;
  if (!isWhole || maxResponseBytes > MAX_RESPONSE_BYTES) {
    const reason = `is not 1 to ${MAX_RESPONSE_BYTES}`;
    throw new SmartTapError('wrong-value', 'wallet/maxResponseBytes', reason);
  }
  return {
    onPush: () => undefined,
    onFault: () => undefined,
    locked: () => false,
    readyToPay: () => true,
    trustPreSigned: false,
    secondSelectMayBeSkipped: true,
    transactionMode: PAYMENT_AND_PASS,
    maxResponseBytes: MAX_RESPONSE_BYTES,
    primitives: noblePrimitives,
    ...options,
  };
}
