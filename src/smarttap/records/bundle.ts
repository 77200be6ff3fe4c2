import { ByteReader, concatBytes, ofLength, uint8 } from '../bytes.ts';
import { SmartTapError } from '../error.ts';
import type { NdefRecord } from '../ndef.ts';
import { type Cus, readCus, writeCus } from './customer.ts';
import { binaryPayload, readBinary } from './primitive.ts';
import { encodeRecords, external, type Part, RecordSet } from './record.ts';
import {
  isObjectType,
  OBJECT_TYPES,
  readServiceObject,
  type ServiceObject,
  writeServiceObject,
} from './service-object.ts';

/** The first byte of `i` (protocol §9.2). */
export const ISSUER_TYPE = { unspecified: 0, merchant: 1, wallet: 2, manufacturer: 3 } as const;

/** `i`, whose object it is. */
export interface I {
  /** One of `ISSUER_TYPE`, or a byte that is not listed. */
  readonly type: number;
  /** 4 bytes, opaque. */
  readonly id: Uint8Array;
}

/** An object of a type that the dictionary does not have yet. */
export interface UnknownObject {
  readonly type: 'unknown';
  readonly name: string;
  readonly payload: Uint8Array;
}

/** `asv`, one object of the bundle with its issuer. */
export interface Asv {
  readonly i: I;
  readonly object: ServiceObject | Cus | UnknownObject;
}

const ISSUER_ID_BYTES = 4;

/** What is inside a record bundle: one `asv` for each pass, and one for the customer. */
export function encodeBundle(bundle: readonly Asv[]): Uint8Array {
  return encodeRecords(bundle.map(writeAsv));
}

/** @throws SmartTapError of a field such as `bundle/asv[0]/ly/n` */
export function decodeBundle(message: Uint8Array): Asv[] {
  return new RecordSet(message, 'bundle').some('asv').map(readAsv);
}

/** What could be read of a bundle, and what is wrong with the rest. */
export interface ReadBundle {
  readonly objects: readonly Asv[];
  readonly unreadable: readonly SmartTapError[];
}

/**
 * As `decodeBundle`, but one object that is wrong does not cost a terminal the others (protocol §9.2).
 * @throws SmartTapError of `bundle` when it is no message of objects
 */
export function readBundle(message: Uint8Array): ReadBundle {
  const objects: Asv[] = [];
  const unreadable: SmartTapError[] = [];
  for (const part of new RecordSet(message, 'bundle').some('asv')) {
    try {
      objects.push(readAsv(part));
    } catch (error) {
      if (!(error instanceof SmartTapError)) throw error;
      unreadable.push(error);
    }
  }
  return { objects, unreadable };
}

function writeAsv({ i, object }: Asv): NdefRecord {
  return external('asv', encodeRecords([writeI(i), writeObject(object)]));
}

function writeObject(object: Asv['object']): NdefRecord {
  if (object.type === 'unknown') return writeUnknown(object);
  return object.type === 'cus' ? writeCus(object) : writeServiceObject(object);
}

function writeUnknown({ name, payload }: UnknownObject): NdefRecord {
  if (name !== 'i' && !isObject(name)) return external(name, payload);
  throw new SmartTapError('wrong-value', `asv/${name}`, 'is the name of a known record');
}

function isObject(name: string): boolean {
  return name === 'cus' || isObjectType(name);
}

function readAsv({ field, payload }: Part): Asv {
  const records = new RecordSet(payload, field);
  const i = readI(records.one('i'));
  const known = records.names.filter(isObject);
  const [name, second] = known.length > 0 ? known : records.names.filter((other) => other !== 'i');
  if (name === undefined) {
    throw new SmartTapError('missing', `${field}/${OBJECT_TYPES.join('|')}|cus`, 'is missing');
  }
  if (second !== undefined) {
    throw new SmartTapError('repeated', `${field}/${second}`, `is an object beside ${name}`);
  }
  const object = records.one(name);
  if (name === 'cus') return { i, object: readCus(object) };
  if (isObjectType(name)) return { i, object: readServiceObject(name, object) };
  return { i, object: { type: 'unknown', name, payload: new Uint8Array(object.payload) } };
}

function writeI({ type, id }: I): NdefRecord {
  const issuerId = ofLength(id, ISSUER_ID_BYTES, 'i/id');
  return external('i', binaryPayload(concatBytes(uint8(type, 'i/type'), issuerId)));
}

function readI(part: Part): I {
  const reader = new ByteReader(readBinary(part), part.field);
  const i = { type: reader.uint8('type'), id: reader.bytes(ISSUER_ID_BYTES, 'id') };
  reader.end();
  return i;
}
