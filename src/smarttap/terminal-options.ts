import { uint32 } from './bytes.ts';
import { encodeSmartTapCommand } from './commands.ts';
import { SmartTapError } from './error.ts';
import { noblePrimitives, type Primitives } from './primitives.ts';
import { PCR_SYSTEM, PCR_TAP_MODE, type Pcr } from './records/capabilities.ts';
import type { Mer } from './records/merchant.ts';
import { NONCE_BYTES, PUBLIC_KEY_BYTES, VERSION } from './records/negotiate.ts';
import type { Nsr } from './records/new-service.ts';
import { textPrimitive } from './records/primitive.ts';
import type { Bpr } from './records/push.ts';
import { encodeSrq, SERVICE_TYPE } from './records/service-request.ts';
import type { Ssr } from './records/service-status.ts';
import { SES_STATUS, type Ses } from './records/session.ts';
import { plainText } from './records/value.ts';
import { signNegotiation } from './signature.ts';
import type { ReadResult } from './terminal-result.ts';
import { type CommandStream, SESSION_ID_BYTES } from './terminal-sequence.ts';

/** One of a collector's long-term keys. */
export interface TerminalKey {
  readonly version: number;
  /** 32 bytes, which nobody may change. */
  readonly privateKey: Uint8Array;
}

export interface TerminalMerchant {
  /** The store. */
  readonly locationId?: string;
  readonly terminalId?: string;
  readonly name?: string;
  /** Four digits. */
  readonly categoryCode?: string;
}

/** What goes to the phone after its passes were read. */
export interface TerminalPush {
  readonly bpr?: Bpr;
  readonly nsr?: readonly Nsr[];
  readonly ssr?: readonly Ssr[];
}

export interface TerminalOptions {
  /** As a number of four bytes. */
  readonly collectorId: number;
  /** Tried one after the other in one tap, until the handset knows one. */
  readonly keys: readonly TerminalKey[];
  /** False signs without the handset's nonce, which real handsets trust less (§7.1). */
  readonly live?: boolean;
  /** Of `SERVICE_TYPE`. */
  readonly serviceTypes?: readonly number[];
  /** Whether the handset may compress. */
  readonly zlib?: boolean;
  readonly tapMode?: keyof typeof PCR_TAP_MODE;
  /** What else the terminal can do; the rest is 0. */
  readonly capabilities?: Partial<Omit<Pcr, 'tapMode'>>;
  readonly merchant?: TerminalMerchant;
  readonly commandStream?: CommandStream;
  /** Google wants the second select when a handset asks for it; its own sample always sends it. */
  readonly secondSelect?: 'when-needed' | 'always';
  /** Whether to read a bundle that the handset did not encrypt (§8). */
  readonly acceptUnencrypted?: boolean;
  /** Asked once what was read is known; null pushes nothing. */
  readonly push?: (read: ReadResult) => TerminalPush | null;
  readonly primitives?: Primitives;
}

type Translated = 'keys' | 'zlib' | 'tapMode' | 'capabilities' | 'merchant';

/** The options as commands need them, with those that were left out. */
export interface TerminalSettings extends Required<Omit<TerminalOptions, Translated>> {
  readonly keys: readonly [TerminalKey, ...TerminalKey[]];
  readonly mer: Mer;
  readonly pcr: Pcr | null;
}

/** @throws SmartTapError for options that no command can be made of: no tap fails of them */
export function settingsOf(options: TerminalOptions): TerminalSettings {
  const [first, ...others] = options.keys;
  if (!first) throw new SmartTapError('missing', 'terminal/keys', 'has no key');
  const settings: TerminalSettings = {
    live: true,
    serviceTypes: [SERVICE_TYPE.all],
    commandStream: 'S',
    secondSelect: 'when-needed',
    acceptUnencrypted: false,
    push: () => null,
    primitives: noblePrimitives,
    ...options,
    keys: [first, ...others],
    mer: merOf(options),
    pcr: pcrOf(options),
  };
  checkKeys(settings);
  encodeSmartTapCommand({ name: 'get-data', message: dataRequest(settings, EXAMPLE_SES) });
  return settings;
}

/** The message of GET DATA (§9). */
export function dataRequest({ mer, serviceTypes, pcr }: TerminalSettings, ses: Ses): Uint8Array {
  return encodeSrq({ version: VERSION, ses, mer, slr: serviceTypes, pcr });
}

function merOf({ collectorId, merchant = {} }: TerminalOptions): Mer {
  const { locationId, terminalId, name, categoryCode } = merchant;
  const primitive = (text: string | undefined) => (text === undefined ? null : textPrimitive(text));
  return {
    cld: collectorId,
    lid: primitive(locationId),
    tid: primitive(terminalId),
    mnr: name === undefined ? null : plainText(name),
    mcr: primitive(categoryCode),
  };
}

/** Null says that nothing may be compressed, as Google's sample says it (§9). */
function pcrOf({ zlib = true, tapMode, capabilities }: TerminalOptions): Pcr | null {
  if (!zlib && tapMode === undefined && capabilities === undefined) return null;
  return {
    userInterface: 0,
    checkout: 0,
    cardholderVerification: 0,
    ...capabilities,
    system: (capabilities?.system ?? 0) | (zlib ? PCR_SYSTEM.zlib : 0),
    tapMode: PCR_TAP_MODE[tapMode ?? 'passOnly'],
  };
}

/** Signs once with each, for nothing: a key that is none shows here and not at the counter. */
function checkKeys({ keys, collectorId, primitives }: TerminalSettings): void {
  const nonce = new Uint8Array(NONCE_BYTES);
  const terminalPublicKey = new Uint8Array(PUBLIC_KEY_BYTES);
  const example = { terminalNonce: nonce, handsetNonce: nonce, collectorId, terminalPublicKey };
  for (const { version, privateKey } of keys) {
    uint32(version, 'terminal/keys/version');
    signNegotiation(primitives, privateKey, example, true);
  }
}

const EXAMPLE_SES: Ses = {
  sessionId: new Uint8Array(SESSION_ID_BYTES),
  sequence: 0,
  status: SES_STATUS.ok,
};
