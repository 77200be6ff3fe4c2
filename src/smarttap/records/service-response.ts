import { SmartTapError } from '../error.ts';
import { decodeOne, encodeOne, encodeRecords, RecordSet } from './record.ts';
import { type Reb, readReb, writeReb } from './record-bundle.ts';
import { readSes, type Ses, writeSes } from './session.ts';

/** `srs`, the answer to GET DATA. */
export interface Srs {
  readonly ses: Ses;
  /** Null in an answer without data, as 9001 may be (protocol §13, point 12). */
  readonly reb: Reb | null;
}

export function encodeSrs({ ses, reb }: Srs): Uint8Array {
  return encodeOne('srs', encodeRecords([writeSes(ses), reb && writeReb(reb)]));
}

/** Reads the data of all parts, put together. */
export function decodeSrs(message: Uint8Array): Srs {
  const { field, payload } = decodeOne(message, 'srs');
  const records = new RecordSet(payload, field);
  const reb = records.optional('reb');
  return { ses: readSes(records.one('ses')), reb: reb && readReb(reb) };
}

/**
 * Reads the answer of status 9001, which has one of three bodies: none, a session alone, or a bundle
 * with the customer record only (protocol §13, point 12). Null stands for none.
 */
export function decodeSrsOrNothing(message: Uint8Array): Srs | null {
  return message.length === 0 ? null : decodeSrs(message);
}

/** Reads the answer of every other success, in which the bundle has to be (protocol §9.1). */
export function decodeWholeSrs(message: Uint8Array): Srs {
  const srs = decodeSrs(message);
  if (srs.reb) return srs;
  throw new SmartTapError('missing', 'srs/reb', 'is missing');
}
