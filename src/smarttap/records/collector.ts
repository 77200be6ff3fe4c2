import { ByteReader, ofLength, uint32 } from '../bytes.ts';
import { SmartTapError } from '../error.ts';
import type { NdefRecord } from '../ndef.ts';
import { binaryPayload, readBinary } from './primitive.ts';
import { external, type Part } from './record.ts';

const COLLECTOR_ID_BYTES = 4;

/** The wire's number of a collector ID in decimal digits: its last four bytes (protocol §7.1). */
export function collectorNumber(collectorId: string): number {
  if (/^[0-9]{1,20}$/.test(collectorId)) return Number(BigInt.asUintN(32, BigInt(collectorId)));
  throw new SmartTapError('wrong-value', 'cld/collectorId', 'is not 1 to 20 decimal digits');
}

/** The four bytes of a collector ID that are signed, and sent in `cld`. */
export function collectorIdBytes(collectorId: number): Uint8Array {
  return uint32(collectorId, 'cld/collectorId');
}

/** `cld`, the collector ID: always a format byte and four bytes (protocol §12). */
export function writeCld(collectorId: number): NdefRecord {
  return external('cld', binaryPayload(collectorIdBytes(collectorId)));
}

export function readCld(part: Part): number {
  const bytes = ofLength(readBinary(part), COLLECTOR_ID_BYTES, `${part.field}/collectorId`);
  return new ByteReader(bytes, part.field).uint32('collectorId');
}
