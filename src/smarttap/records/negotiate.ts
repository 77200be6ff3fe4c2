import { ByteReader, concatBytes, ofLength, uint16, uint32 } from '../bytes.ts';
import { SmartTapError } from '../error.ts';
import type { NdefRecord } from '../ndef.ts';
import { readCld, writeCld } from './collector.ts';
import { binaryPayload, readBinary } from './primitive.ts';
import { decodeOne, encodeOne, encodeRecords, external, type Part, RecordSet } from './record.ts';
import { readSes, type Ses, writeSes } from './session.ts';

/** Protocol 2.1 on the wire: the AID says 2, this says 1 (protocol §4). */
export const VERSION = 0x0001;

export const NONCE_BYTES = 32;
/** A point of P-256 in compressed form. */
export const PUBLIC_KEY_BYTES = 33;

const LIVE_AUTHENTICATION = 0x01;

/** `cpr`, the cryptography parameters: who the terminal is, and its half of the session key. */
export interface Cpr {
  /** 32 bytes. */
  readonly terminalNonce: Uint8Array;
  /** Whether the handset's nonce is signed; pre-signed otherwise (protocol §7.1). */
  readonly live: boolean;
  /** The ephemeral key, 33 bytes. Whether it is a point is for cryptography to say. */
  readonly terminalPublicKey: Uint8Array;
  /** Of the collector's long-term key. */
  readonly keyVersion: number;
  /** The ECDSA signature in DER. */
  readonly sig: Uint8Array;
  /** The collector ID as a number of four bytes. */
  readonly cld: number;
}

/** `ngr`, the data of NEGOTIATE. */
export interface Ngr {
  readonly version: number;
  readonly ses: Ses;
  readonly cpr: Cpr;
}

/** `nrs`, the answer to NEGOTIATE. */
export interface Nrs {
  readonly ses: Ses;
  /** The handset's ephemeral key, 33 bytes without a format byte (protocol §7.2). */
  readonly dpk: Uint8Array;
}

export function encodeNgr({ version, ses, cpr }: Ngr): Uint8Array {
  const records = encodeRecords([writeSes(ses), writeCpr(cpr)]);
  return encodeOne('ngr', uint16(version, 'ngr/version'), records);
}

export function decodeNgr(message: Uint8Array): Ngr {
  const { field, payload } = decodeOne(message, 'ngr');
  const reader = new ByteReader(payload, field);
  const version = reader.uint16('version');
  const records = new RecordSet(reader.rest(), field);
  return { version, ses: readSes(records.one('ses')), cpr: readCpr(records.one('cpr')) };
}

function writeCpr(cpr: Cpr): NdefRecord {
  return external(
    'cpr',
    ofLength(cpr.terminalNonce, NONCE_BYTES, 'cpr/terminalNonce'),
    Uint8Array.of(cpr.live ? LIVE_AUTHENTICATION : 0),
    ofLength(cpr.terminalPublicKey, PUBLIC_KEY_BYTES, 'cpr/terminalPublicKey'),
    uint32(cpr.keyVersion, 'cpr/keyVersion'),
    encodeRecords([external('sig', binaryPayload(cpr.sig)), writeCld(cpr.cld)]),
  );
}

function readCpr({ field, payload }: Part): Cpr {
  const reader = new ByteReader(payload, field);
  const terminalNonce = reader.bytes(NONCE_BYTES, 'terminalNonce');
  // The other bits of this byte are undefined (protocol §7) and say nothing.
  const live = (reader.uint8('authentication') & LIVE_AUTHENTICATION) !== 0;
  const terminalPublicKey = reader.bytes(PUBLIC_KEY_BYTES, 'terminalPublicKey');
  const keyVersion = reader.uint32('keyVersion');
  const records = new RecordSet(reader.rest(), field);
  const sig = readBinary(records.one('sig'));
  if (sig.length === 0) throw new SmartTapError('truncated', `${field}/sig`, 'is empty');
  return {
    terminalNonce,
    live,
    terminalPublicKey,
    keyVersion,
    sig,
    cld: readCld(records.one('cld')),
  };
}

export function encodeNrs({ ses, dpk }: Nrs): Uint8Array {
  const key = ofLength(dpk, PUBLIC_KEY_BYTES, 'nrs/dpk');
  return encodeOne('nrs', encodeRecords([writeSes(ses), external('dpk', concatBytes(key))]));
}

export function decodeNrs(message: Uint8Array): Nrs {
  const { field, payload } = decodeOne(message, 'nrs');
  const records = new RecordSet(payload, field);
  const dpk = records.one('dpk');
  const key = ofLength(new Uint8Array(dpk.payload), PUBLIC_KEY_BYTES, dpk.field);
  return { ses: readSes(records.one('ses')), dpk: key };
}
