import type { SmartTapError } from './error.ts';
import type { I } from './records/bundle.ts';
import type { ObjectType, ServiceObject } from './records/service-object.ts';
import { type StatusClass, SW, statusClass } from './status-words.ts';
import type { Exchange } from './terminal-link.ts';

/** What became of a tap. */
export type TapStatus =
  | 'passes'
  | 'no-pass'
  /** Several passes match: the user picks one, and taps again. */
  | 'choose'
  | 'locked'
  /** Something else that the user has to do. */
  | 'user-action'
  /** Trouble on the handset's side, after all retries. */
  | 'try-again'
  /** The handset knows none of the keys for this collector, or does not know the session. */
  | 'not-authenticated'
  | 'version-unsupported'
  | 'terminal-error'
  | 'refused'
  | 'no-smart-tap'
  | 'not-default-wallet'
  /** A status word of no known class. */
  | 'not-understood'
  /** An answer that is not in the protocol's form, or not sealed for this session. */
  | 'malformed'
  | 'field-lost';

/** One pass, as the handset sent it. */
export interface TerminalPass {
  readonly issuer: I;
  readonly type: ObjectType;
  readonly objectId: Uint8Array;
  /** The service number as text; null if it is bytes that are no text. */
  readonly value: string | null;
  /** The whole record, with its further fields. */
  readonly object: ServiceObject;
}

export interface TerminalCustomer {
  readonly issuer: I;
  /** Stable for this customer and this collector. */
  readonly id: Uint8Array;
  readonly language: string | null;
  /** New for every tap. */
  readonly tapId: Uint8Array | null;
  readonly deviceId: Uint8Array | null;
}

/** How the terminal was authenticated. */
export interface TerminalSession {
  readonly keyVersion: number;
  /** How the terminal signed. */
  readonly signed: 'live' | 'pre-signed';
  /** What the handset takes it for: by 9002 a live signature too is told to be pre-signed. */
  readonly authentication: 'live' | 'pre-signed';
}

/** What was read of a handset. */
export interface ReadResult {
  readonly status: TapStatus;
  /** Of the answer that settled it; null if there was none. */
  readonly statusWord: number | null;
  /** The wallet is not ready to pay: the terminal is not to go on to payment (protocol §9.3). */
  readonly mustNotPay: boolean;
  readonly passes: readonly TerminalPass[];
  readonly customer: TerminalCustomer | null;
  /** Null before the handset has accepted a key. */
  readonly session: TerminalSession | null;
  /** What was sealed, for an explanation; null if there was nothing. */
  readonly bundle: Uint8Array | null;
  /** What is wrong with those objects of the bundle that could not be read. */
  readonly unreadable: readonly SmartTapError[];
  /** Of `malformed` a SmartTapError, of `field-lost` what the link threw; else null. */
  readonly fault: unknown;
}

export interface PushResult {
  readonly acknowledged: boolean;
  readonly statusWord: number | null;
  readonly fault: unknown;
}

export interface TapResult extends ReadResult {
  /** Null if nothing was pushed. */
  readonly push: PushResult | null;
  /** Every command with its answer, in their order. */
  readonly exchanges: readonly Exchange[];
}

const NOTHING_READ = {
  statusWord: null,
  mustNotPay: false,
  passes: [],
  customer: null,
  session: null,
  bundle: null,
  unreadable: [],
  fault: null,
};

/** Says what was read, with what is left out as nothing. */
export function readResult(read: Pick<ReadResult, 'status'> & Partial<ReadResult>): ReadResult {
  return { ...NOTHING_READ, ...read };
}

/** A tap that is over before anything could be read. */
export interface Ended {
  readonly ok: false;
  readonly result: ReadResult;
}

export function ended(read: Pick<ReadResult, 'status'> & Partial<ReadResult>): Ended {
  return { ok: false, result: readResult(read) };
}

/** By a status word that is no success. */
export function endedBy(statusWord: number, session: TerminalSession | null = null): Ended {
  return ended({ status: failureStatus(statusWord), statusWord, session });
}

const STATUS_OF_WORD: Readonly<Partial<Record<number, TapStatus>>> = {
  [SW.deviceLocked]: 'locked',
  [SW.choosePass]: 'choose',
  [SW.authenticationFailed]: 'not-authenticated',
  [SW.versionNotSupported]: 'version-unsupported',
  [SW.notFound]: 'no-smart-tap',
  [SW.notDefaultWallet]: 'not-default-wallet',
};

/** The first byte decides what to do, whatever the second says (§9.3). */
const STATUS_OF_CLASS: Readonly<Partial<Record<StatusClass, TapStatus>>> = {
  transient: 'try-again',
  'user-action': 'user-action',
  'terminal-error': 'terminal-error',
  'permanent-error': 'refused',
};

function failureStatus(statusWord: number): TapStatus {
  return STATUS_OF_WORD[statusWord] ?? STATUS_OF_CLASS[statusClass(statusWord)] ?? 'not-understood';
}

/** Whether an answer has what was asked for; what it says of payment is another matter. */
export function isSuccess(statusWord: number): boolean {
  const found = statusClass(statusWord);
  return found === 'success' || found === 'success-not-final';
}
