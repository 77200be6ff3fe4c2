import { decodeTlvs, encodeTlv, TlvSet } from './ber-tlv.ts';
import {
  ascii,
  ByteReader,
  concatBytes,
  equalBytes,
  fromHex,
  ofLength,
  toHex,
  uint8,
  uint16,
} from './bytes.ts';
import { SMART_TAP_2_AID } from './commands.ts';
import { SmartTapError } from './error.ts';
import { encodeNdef, TNF } from './ndef.ts';
import { NONCE_BYTES, PUBLIC_KEY_BYTES } from './records/negotiate.ts';
import { binaryPayload, readBinary } from './records/primitive.ts';
import { RecordSet } from './records/record.ts';

/** Bits of the transaction mode (protocol §3). */
export const TRANSACTION_MODE = {
  paymentEnabled: 0x80,
  paymentRequested: 0x40,
  passEnabled: 0x08,
  passRequested: 0x04,
} as const;

/** Bits of the capabilities that DF62 tells (protocol §3). */
export const CAPABILITY = { secondSelectMayBeSkipped: 0x01, vasSupported: 0x02 } as const;

/** What a handset with Smart Tap answers to SELECT OSE. */
export interface OseAnswer {
  readonly applicationVersion: number;
  /**
   * Bits of `TRANSACTION_MODE`. Google's sample terminal throws on a mode that requests what it does
   * not enable, or enables nothing.
   */
  readonly transactionMode: number;
  readonly minimumVersion: number;
  readonly maximumVersion: number;
  /** Bits of `CAPABILITY`; 0 as well on phones that tell none. */
  readonly capabilities: number;
  /** 32 bytes; null on phones that tell it after the second select. */
  readonly handsetNonce: Uint8Array | null;
  /** The handset's ephemeral key, 33 bytes; null on old phones. */
  readonly handsetPublicKey: Uint8Array | null;
}

const TAG = {
  fci: 0x6f,
  label: 0x50,
  applicationVersion: 0xc0,
  transactionMode: 0xc1,
  handsetNonce: 0xc2,
  handsetPublicKey: 0xc3,
  proprietary: 0xa5,
  discretionary: 0xbf0c,
  application: 0x61,
  aid: 0x4f,
  priority: 0x87,
  smartTap: 0x73,
  minimumVersion: 0xdf6d,
  maximumVersion: 0xdf4d,
  capabilities: 0xdf62,
  handsetNonceOfApplication: 0xdf6e,
  handsetPublicKeyOfApplication: 0xdf6b,
} as const;

const LABEL = 'AndroidPay';
const TRANSACTION_MODE_BYTES = 8;
/** Nobody knows what they say; every phone sends these (protocol §3). */
const TRANSACTION_MODE_TAIL = fromHex('00000000008080', 'fci/6f/c1');
const FIRST_PRIORITY = 1;

export function encodeOseAnswer(answer: OseAnswer): Uint8Array {
  const { handsetNonce: nonce, handsetPublicKey: key } = answer;
  return encodeTlv(
    TAG.fci,
    encodeTlv(TAG.label, ascii(LABEL, 'fci/6f/50')),
    encodeTlv(TAG.applicationVersion, uint16(answer.applicationVersion, 'fci/6f/c0')),
    encodeTlv(
      TAG.transactionMode,
      uint8(answer.transactionMode, 'fci/6f/c1'),
      TRANSACTION_MODE_TAIL,
    ),
    nonce
      ? encodeTlv(TAG.handsetNonce, ofLength(nonce, NONCE_BYTES, 'fci/6f/c2'))
      : Uint8Array.of(),
    key
      ? encodeTlv(TAG.handsetPublicKey, ofLength(key, PUBLIC_KEY_BYTES, 'fci/6f/c3'))
      : Uint8Array.of(),
    encodeTlv(TAG.proprietary, encodeTlv(TAG.discretionary, applicationTlv(answer))),
  );
}

function applicationTlv(answer: OseAnswer): Uint8Array {
  return encodeTlv(
    TAG.application,
    encodeTlv(TAG.aid, SMART_TAP_2_AID),
    encodeTlv(TAG.priority, Uint8Array.of(FIRST_PRIORITY)),
    encodeTlv(
      TAG.smartTap,
      encodeTlv(TAG.minimumVersion, uint16(answer.minimumVersion, 'fci/6f/df6d')),
      encodeTlv(TAG.maximumVersion, uint16(answer.maximumVersion, 'fci/6f/df4d')),
      encodeTlv(TAG.capabilities, uint8(answer.capabilities, 'fci/6f/df62')),
    ),
  );
}

/**
 * Reads the answer of a handset with Smart Tap.
 * @throws SmartTapError of field `fci/6f/50` if the label is another's: an iPhone answers too
 */
export function decodeOseAnswer(data: Uint8Array): OseAnswer {
  const fci = template(data);
  checkLabel(fci);
  const directory = fci.inside(TAG.proprietary).inside(TAG.discretionary);
  const entry = smartTapEntry(directory);
  const mode = ofLength(fci.one(TAG.transactionMode), TRANSACTION_MODE_BYTES, 'fci/6f/c1');
  return {
    applicationVersion: number(fci, TAG.applicationVersion, 2),
    transactionMode: mode[0] ?? 0,
    minimumVersion: number(entry, TAG.minimumVersion, 2),
    maximumVersion: number(entry, TAG.maximumVersion, 2),
    // Not every phone tells them; none then asks for nothing to be skipped.
    capabilities: optional(entry, TAG.capabilities, 1)?.[0] ?? 0,
    // Some phones tell nonce and key in the application's entry, which then wins (protocol §3).
    handsetNonce:
      optional(entry, TAG.handsetNonceOfApplication, NONCE_BYTES) ??
      optional(fci, TAG.handsetNonce, NONCE_BYTES),
    handsetPublicKey:
      optional(entry, TAG.handsetPublicKeyOfApplication, PUBLIC_KEY_BYTES) ??
      optional(fci, TAG.handsetPublicKey, PUBLIC_KEY_BYTES),
  };
}

function template(data: Uint8Array): TlvSet {
  const [fci, second] = decodeTlvs(data, 'fci');
  if (fci?.tag !== TAG.fci) {
    throw new SmartTapError('missing', 'fci/6f', 'is not what the answer begins with');
  }
  if (second) throw new SmartTapError('trailing-bytes', 'fci/6f', 'is followed by another object');
  return new TlvSet(fci.value, 'fci/6f');
}

function checkLabel(fci: TlvSet): void {
  const label = fci.one(TAG.label);
  if (equalBytes(label, ascii(LABEL, 'fci/6f/50'))) return;
  throw new SmartTapError('wrong-value', fci.path(TAG.label), `is not "${LABEL}"`);
}

/** The directory has one entry for each application; the rest are other wallets' protocols. */
function smartTapEntry(directory: TlvSet): TlvSet {
  const field = directory.path(TAG.application);
  const entries = directory.all(TAG.application).map((entry) => new TlvSet(entry, field));
  const ours = entries.filter((entry) => equalBytes(entry.one(TAG.aid), SMART_TAP_2_AID));
  const [entry, second] = ours;
  if (second) throw new SmartTapError('repeated', field, 'lists Smart Tap twice');
  if (!entry) throw new SmartTapError('missing', field, `lists no ${toHex(SMART_TAP_2_AID)}`);
  return entry.inside(TAG.smartTap);
}

function number(set: TlvSet, tag: number, size: number): number {
  const value = ofLength(set.one(tag), size, set.path(tag));
  return value.reduce((total, byte) => total * 0x100 + byte, 0);
}

function optional(set: TlvSet, tag: number, size: number): Uint8Array | null {
  const value = set.optional(tag);
  return value && new Uint8Array(ofLength(value, size, set.path(tag)));
}

/** What a handset answers to SELECT Smart Tap 2. */
export interface SmartTapAnswer {
  readonly minimumVersion: number;
  readonly maximumVersion: number;
  /** `mdn`, 32 bytes. */
  readonly mdn: Uint8Array;
}

export function encodeSmartTapAnswer(answer: SmartTapAnswer): Uint8Array {
  const mdn = binaryPayload(ofLength(answer.mdn, NONCE_BYTES, 'select/mdn'));
  return concatBytes(
    uint16(answer.minimumVersion, 'select/minimumVersion'),
    uint16(answer.maximumVersion, 'select/maximumVersion'),
    // The one record that has its name in type and id (protocol §4).
    encodeNdef([{ tnf: TNF.external, type: 'mdn', id: 'mdn', payload: mdn }]),
  );
}

export function decodeSmartTapAnswer(data: Uint8Array): SmartTapAnswer {
  const reader = new ByteReader(data, 'select');
  const minimumVersion = reader.uint16('minimumVersion');
  const maximumVersion = reader.uint16('maximumVersion');
  const part = new RecordSet(reader.rest(), 'select').one('mdn');
  return {
    minimumVersion,
    maximumVersion,
    mdn: ofLength(readBinary(part), NONCE_BYTES, part.field),
  };
}
