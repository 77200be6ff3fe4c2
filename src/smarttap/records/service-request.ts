import { ByteReader, joinBytes, uint8, uint16 } from '../bytes.ts';
import { SmartTapError } from '../error.ts';
import type { NdefRecord } from '../ndef.ts';
import { type Pcr, readPcr, writePcr } from './capabilities.ts';
import { type Mer, readMer, writeMer } from './merchant.ts';
import { decodeOne, encodeOne, encodeRecords, external, type Part, RecordSet } from './record.ts';
import { readSes, type Ses, writeSes } from './session.ts';

/** What a terminal asks for, one byte (protocol §9). */
export const SERVICE_TYPE = {
  all: 0x00,
  allExceptPpse: 0x01,
  ppse: 0x02,
  loyalty: 0x03,
  offer: 0x04,
  giftCard: 0x05,
  privateLabelCard: 0x06,
  eventTicket: 0x07,
  flight: 0x08,
  transit: 0x09,
  cloudWallet: 0x10,
  mobileMarketing: 0x11,
  generic: 0x12,
  genericPrivate: 0x13,
  walletCustomer: 0x40,
} as const;

/** `srq`, the data of GET DATA. */
export interface Srq {
  readonly version: number;
  readonly ses: Ses;
  readonly mer: Mer;
  /** `slr`: at least one service type, of `SERVICE_TYPE` or one that is not listed. */
  readonly slr: readonly number[];
  /** What the terminal can do; absence means that nothing may be compressed. */
  readonly pcr: Pcr | null;
}

export function encodeSrq({ version, ses, mer, slr, pcr }: Srq): Uint8Array {
  const records = encodeRecords([
    writeSes(ses),
    writeMer(mer),
    writeSlr(slr),
    pcr && writePcr(pcr),
  ]);
  return encodeOne('srq', uint16(version, 'srq/version'), records);
}

/** An error of field `srq/mer` or `srq/mer/cld` and code `missing` is a request of no collector. */
export function decodeSrq(message: Uint8Array): Srq {
  const { field, payload } = decodeOne(message, 'srq');
  const reader = new ByteReader(payload, field);
  const version = reader.uint16('version');
  const records = new RecordSet(reader.rest(), field);
  const pcr = records.optional('pcr');
  return {
    version,
    ses: readSes(records.one('ses')),
    mer: readMer(records.one('mer')),
    slr: readSlr(records.one('slr')),
    pcr: pcr && readPcr(pcr),
  };
}

/** One `str` for each type, as Google documents it. */
function writeSlr(types: readonly number[]): NdefRecord {
  if (types.length === 0) throw new SmartTapError('missing', 'slr/str', 'is missing');
  const records = types.map((type) => external('str', uint8(type, 'slr/str')));
  return external('slr', encodeRecords(records));
}

/** A `str` may hold several types, one a byte (protocol §9, by K). */
function readSlr({ field, payload }: Part): number[] {
  const parts = new RecordSet(payload, field).some('str');
  for (const part of parts) {
    if (part.payload.length === 0) throw new SmartTapError('truncated', part.field, 'is empty');
  }
  return [...joinBytes(parts.map((part) => part.payload))];
}
