import { asciiText, ByteReader, isAscii } from './bytes.ts';
import { SmartTapError } from './error.ts';

/** Type name formats (NFC Forum NDEF 1.0 §3.2.6). 6 is for chunks only and 7 for nobody. */
export const TNF = {
  empty: 0,
  wellKnown: 1,
  media: 2,
  absoluteUri: 3,
  external: 4,
  unknown: 5,
} as const;

export type Tnf = (typeof TNF)[keyof typeof TNF];

/** One NDEF record. Type and id are printable ASCII; `id` is null where the record has none. */
export interface NdefRecord {
  readonly tnf: Tnf;
  readonly type: string;
  readonly id: string | null;
  readonly payload: Uint8Array;
}

const MESSAGE_BEGIN = 0x80;
const MESSAGE_END = 0x40;
const CHUNK = 0x20;
const SHORT_RECORD = 0x10;
const ID_PRESENT = 0x08;
const TNF_BITS = 0x07;
const SHORT_PAYLOAD_END = 0x100;
const MAX_PAYLOAD_BYTES = 0xffffffff;

/** One message; at least one record. Short records exactly below 256 bytes (protocol §5). */
export function encodeNdef(records: readonly NdefRecord[]): Uint8Array {
  if (records.length === 0) throw new SmartTapError('missing', 'ndef', 'has no record');
  let length = 0;
  for (const record of records) length += checkedLength(record);
  const message = new Uint8Array(length);
  const last = records.length - 1;
  let offset = 0;
  records.forEach((record, index) => {
    const place = (index === 0 ? MESSAGE_BEGIN : 0) | (index === last ? MESSAGE_END : 0);
    offset = writeRecord(message, offset, record, place);
  });
  return message;
}

/** How long a record is that can be written. */
function checkedLength({ tnf, type, id, payload }: NdefRecord): number {
  const field = `ndef/${type}`;
  checkName(type, `${field}/type`);
  if (id !== null) checkName(id, `${field}/id`);
  checkShape(tnf, type.length, id === null ? null : id.length, payload.length, field);
  if (payload.length > MAX_PAYLOAD_BYTES) {
    throw new SmartTapError('too-long', `${field}/payload`, 'is longer than four bytes can say');
  }
  const lengths = 2 + (payload.length < SHORT_PAYLOAD_END ? 1 : 4) + (id === null ? 0 : 1);
  return lengths + type.length + (id?.length ?? 0) + payload.length;
}

function checkName(name: string, field: string): void {
  if (!isAscii(name)) throw new SmartTapError('not-text', field, 'is not printable ASCII');
  if (name.length > 0xff) throw new SmartTapError('too-long', field, 'is longer than 255 bytes');
}

function writeRecord(
  message: Uint8Array,
  start: number,
  { tnf, type, id, payload }: NdefRecord,
  place: number,
): number {
  const short = payload.length < SHORT_PAYLOAD_END;
  let offset = start;
  message[offset++] = place | (short ? SHORT_RECORD : 0) | (id === null ? 0 : ID_PRESENT) | tnf;
  message[offset++] = type.length;
  for (let shift = short ? 0 : 24; shift >= 0; shift -= 8)
    message[offset++] = payload.length >>> shift;
  if (id !== null) message[offset++] = id.length;
  for (const name of [type, id ?? '']) {
    for (let at = 0; at < name.length; at++) message[offset++] = name.charCodeAt(at);
  }
  message.set(payload, offset);
  return offset + payload.length;
}

/**
 * Reads one whole message. Payloads are views of the input. A long record may carry a short
 * payload: NDEF allows it, though nobody should send it (protocol §5).
 * @throws SmartTapError of `field`, with the number of the record: `srs[1]/type`
 */
export function decodeNdef(message: Uint8Array, field: string): NdefRecord[] {
  const reader = new ByteReader(message, field);
  const records: NdefRecord[] = [];
  for (let ended = false; !ended; ) {
    reader.field = `${field}[${records.length}]`;
    const header = reader.uint8('header');
    checkHeader(header, records.length === 0, reader.field);
    records.push(readRecord(reader, header));
    ended = (header & MESSAGE_END) !== 0;
  }
  reader.field = field;
  reader.end();
  return records;
}

function checkHeader(header: number, first: boolean, field: string): void {
  if (((header & MESSAGE_BEGIN) !== 0) !== first) {
    throw wrongHeader(field, first ? 'does not begin a message' : 'begins a second message');
  }
  if (header & CHUNK) throw wrongHeader(field, 'is of a chunked record');
  if ((header & TNF_BITS) > TNF.unknown) {
    throw wrongHeader(field, 'has a type name format that no record has');
  }
}

function wrongHeader(field: string, reason: string): SmartTapError {
  return new SmartTapError('wrong-value', `${field}/header`, reason);
}

function readRecord(reader: ByteReader, header: number): NdefRecord {
  const tnf = (header & TNF_BITS) as Tnf;
  const typeLength = reader.uint8('type length');
  const short = (header & SHORT_RECORD) !== 0;
  const payloadLength = short ? reader.uint8('payload length') : reader.uint32('payload length');
  const idLength = header & ID_PRESENT ? reader.uint8('id length') : null;
  checkShape(tnf, typeLength, idLength, payloadLength, reader.field);
  const type = asciiText(reader.view(typeLength, 'type'), `${reader.field}/type`);
  const idBytes = idLength === null ? null : reader.view(idLength, 'id');
  const id = idBytes && asciiText(idBytes, `${reader.field}/id`);
  return { tnf, type, id, payload: reader.view(payloadLength, 'payload') };
}

/** What each type name format demands of a record (NFC Forum NDEF 1.0 §3.2.6). */
function checkShape(
  tnf: Tnf,
  typeLength: number,
  idLength: number | null,
  payloadLength: number,
  field: string,
): void {
  const untyped = tnf === TNF.empty || tnf === TNF.unknown;
  if (untyped !== (typeLength === 0)) {
    const reason = untyped ? 'has a type that its format forbids' : 'has no type';
    throw new SmartTapError('wrong-length', field, reason);
  }
  if (tnf === TNF.empty && (idLength !== null || payloadLength > 0)) {
    throw new SmartTapError('wrong-length', field, 'is an empty record that is not empty');
  }
  // An id that is announced and empty would be a second spelling of no id.
  if (idLength === 0) throw new SmartTapError('wrong-length', field, 'has an empty id');
}
