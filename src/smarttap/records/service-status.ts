import { ByteReader, uint8 } from '../bytes.ts';
import type { NdefRecord } from '../ndef.ts';
import { encodeRecords, external, type Part, RecordSet, wellKnown } from './record.ts';
import { readId, writeId } from './service-object.ts';
import { readText, type Text, textPayload } from './text.ts';

/** The first byte of `sug` (protocol §10). */
export const USAGE_STATUS = {
  undefined: 0x00,
  success: 0x01,
  invalidFormat: 0x02,
  invalidValue: 0x03,
  unknown: 0xff,
} as const;

/** The first byte of `sup` (protocol §10). */
export const UPDATE_OPERATION = {
  none: 0x00,
  remove: 0x01,
  setBalance: 0x02,
  add: 0x03,
  subtract: 0x04,
  free: 0x05,
  unknown: 0xff,
} as const;

/** `sug`, how the till used an object. */
export interface Sug {
  /** One of `USAGE_STATUS`, or a byte that is not listed. */
  readonly status: number;
  /** Title and description. */
  readonly sut: Text;
  readonly sud: Text;
}

/** `sup`, what becomes of an object. */
export interface Sup {
  /** One of `UPDATE_OPERATION`, or a byte that is not listed. */
  readonly operation: number;
  readonly value: Uint8Array;
}

/** `ssr`, the status of one object after the tap. */
export interface Ssr {
  readonly oid: Uint8Array;
  readonly sug: Sug | null;
  readonly sup: Sup | null;
}

export function writeSsr({ oid, sug, sup }: Ssr): NdefRecord {
  return external(
    'ssr',
    encodeRecords([writeId('oid', oid), sug && writeSug(sug), sup && writeSup(sup)]),
  );
}

export function readSsr({ field, payload }: Part): Ssr {
  const records = new RecordSet(payload, field);
  const sug = records.optional('sug');
  const sup = records.optional('sup');
  return { oid: readId(records.one('oid')), sug: sug && readSug(sug), sup: sup && readSup(sup) };
}

function writeSug({ status, sut, sud }: Sug): NdefRecord {
  const records = encodeRecords([
    wellKnown('text', 'sut', textPayload(sut, 'sug/sut')),
    wellKnown('text', 'sud', textPayload(sud, 'sug/sud')),
  ]);
  return external('sug', uint8(status, 'sug/status'), records);
}

function readSug({ field, payload }: Part): Sug {
  const reader = new ByteReader(payload, field);
  const status = reader.uint8('status');
  const records = new RecordSet(reader.rest(), field);
  const sut = readText(records.one('sut', 'text'));
  return { status, sut, sud: readText(records.one('sud', 'text')) };
}

function writeSup({ operation, value }: Sup): NdefRecord {
  return external('sup', uint8(operation, 'sup/operation'), value);
}

function readSup({ field, payload }: Part): Sup {
  const reader = new ByteReader(payload, field);
  return { operation: reader.uint8('operation'), value: reader.bytes(reader.remaining, 'value') };
}
