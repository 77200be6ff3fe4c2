import { SmartTapError } from './error.ts';
import { SW } from './status-words.ts';
import type { WalletSettings } from './wallet-options.ts';
import type { WalletTap } from './wallet-tap.ts';

/** What one command leads to. */
export interface Step {
  readonly tap: WalletTap;
  readonly data: Uint8Array;
  readonly sw: number;
  /** Whether data that is too long for one response may be fetched in parts. */
  readonly inParts: boolean;
}

/** Why a command is refused, and how a terminal is told (protocol §9.3, §13). */
export const REFUSALS = {
  'application-unknown': SW.notFound,
  'command-unknown': SW.unknownCommand,
  'request-malformed': SW.unparseable,
  'crypto-malformed': SW.badCryptoInput,
  'version-unsupported': SW.versionNotSupported,
  'merchant-missing': SW.noMerchant,
  'push-uri-invalid': SW.badPushUri,
  /** Unknown collector, unknown key version and bad signature alike: none tells which it was. */
  'terminal-not-authenticated': SW.authenticationFailed,
  'session-foreign': SW.authenticationFailed,
  'sequence-not-rising': SW.unparseable,
  /** What was proved does not hold any more: a new negotiation, or a new tap, helps. */
  'session-over': SW.executionFailure,
  'other-collector': SW.tooManyRequests,
  'too-many-negotiations': SW.tooManyRequests,
  'nothing-to-continue': SW.noChunks,
  'everything-sent': SW.chunksExhausted,
  'device-locked': SW.deviceLocked,
  'user-has-to-choose': SW.choosePass,
  'try-again': SW.transient,
  fault: SW.executionFailure,
} as const;

export type Refusal = keyof typeof REFUSALS;

const NO_DATA = new Uint8Array();

export function answer(tap: WalletTap, data: Uint8Array, sw: number = SW.ok): Step {
  return { tap, data, sw, inParts: false };
}

/** Data comes with few refusals: terminals do not read it (§13, point 4). */
export function refuse(tap: WalletTap, refusal: Refusal, data: Uint8Array = NO_DATA): Step {
  return answer(tap, data, REFUSALS[refusal]);
}

/** Reads a message; an error that is not of the message goes on. */
export function readOrError<T>(decode: () => T): T | SmartTapError {
  try {
    return decode();
  } catch (error) {
    if (error instanceof SmartTapError) return error;
    throw error;
  }
}

/** Something failed that is no fault of the terminal: it is told to try again, and no more. */
export function fail({ onFault }: WalletSettings, tap: WalletTap, fault: unknown): Step {
  try {
    onFault(fault);
  } catch {
    // Whoever listens badly must not cost the terminal its answer.
  }
  return refuse(tap, 'fault');
}
