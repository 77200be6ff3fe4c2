import { SmartTapError } from '../error.ts';
import type { NdefRecord } from '../ndef.ts';
import { binaryPayload, readBinary } from './primitive.ts';
import { encodeRecords, external, type Part, RecordSet } from './record.ts';
import { readValue, type Value, valueRecord } from './value.ts';

/**
 * The records that are a pass: loyalty, offer, gift card, private label card, event ticket, flight,
 * transit, generic, generic private (protocol §9.2).
 */
export const OBJECT_TYPES = ['ly', 'of', 'gc', 'pl', 'et', 'fl', 'tr', 'gr', 'gp'] as const;

export type ObjectType = (typeof OBJECT_TYPES)[number];

/** PIN, tracks, transaction counter, expiry, card verification code, service id. */
const FIELDS = ['p', 'tr1', 'tr2', 'tcr', 'ex', 'c1', 'sid'] as const;

export type ObjectField = (typeof FIELDS)[number];

/** One pass as it goes over the air. */
export interface ServiceObject {
  readonly type: ObjectType;
  /** Opaque to a terminal, 8 bytes in the field; what PUSH DATA refers to. */
  readonly oid: Uint8Array;
  /** The service number: the pass's `smartTapRedemptionValue`. */
  readonly n: Value;
  /** The further fields that are there. */
  readonly fields: Readonly<Partial<Record<ObjectField, Value>>>;
}

export function isObjectType(name: string): name is ObjectType {
  return OBJECT_TYPES.some((type) => type === name);
}

export function writeServiceObject({ type, oid, n, fields }: ServiceObject): NdefRecord {
  const further = FIELDS.map((name) => {
    const value = fields[name];
    return value ? valueRecord(name, value) : null;
  });
  return external(type, encodeRecords([writeId('oid', oid), valueRecord('n', n), ...further]));
}

export function readServiceObject(type: ObjectType, { field, payload }: Part): ServiceObject {
  const records = new RecordSet(payload, field);
  const fields: Partial<Record<ObjectField, Value>> = {};
  for (const name of FIELDS) {
    const found = records.find(name);
    if (found) fields[name] = readValue(found);
  }
  const n = records.find('n');
  if (!n) throw new SmartTapError('missing', `${field}/n`, 'is missing');
  return { type, oid: readId(records.one('oid')), n: readValue(n), fields };
}

/** An id that only its maker understands: of any length but none (protocol §9.2). */
export function writeId(name: string, id: Uint8Array): NdefRecord {
  if (id.length === 0) throw new SmartTapError('truncated', name, 'is empty');
  return external(name, binaryPayload(id));
}

export function readId(part: Part): Uint8Array {
  const id = readBinary(part);
  if (id.length === 0) throw new SmartTapError('truncated', part.field, 'is empty');
  return id;
}
