import { ByteReader, concatBytes, uint32 } from './bytes.ts';
import { SmartTapError } from './error.ts';

/** One data object of BER-TLV (ISO 7816-4 §5.2.2). The tag is its bytes as a number: 0xbf0c. */
export interface Tlv {
  readonly tag: number;
  readonly value: Uint8Array;
}

const CONSTRUCTED = 0x20;
const LONG_TAG = 0x1f;
const MORE_TAG_BYTES = 0x80;
const MAX_TAG_BYTES = 3;
const LONG_LENGTH = 0x80;
const MAX_LENGTH_BYTES = 4;

export function encodeTlv(tag: number, ...value: readonly Uint8Array[]): Uint8Array {
  const length = value.reduce((sum, part) => sum + part.length, 0);
  return concatBytes(tagBytes(tag), lengthBytes(length), ...value);
}

/** Reads data objects one after the other to the end of the input. Values are views of it. */
export function decodeTlvs(bytes: Uint8Array, field: string): Tlv[] {
  const reader = new ByteReader(bytes, field);
  const tlvs: Tlv[] = [];
  while (reader.remaining > 0) {
    const tag = readTag(reader);
    const name = tagName(tag);
    tlvs.push({ tag, value: reader.view(readLength(reader, name), name) });
  }
  return tlvs;
}

/** How a tag is written in a field's path: `fci/6f/a5`. */
export function tagName(tag: number): string {
  return tag.toString(16).padStart(2, '0');
}

/** Whether the value is data objects again, as the tag's first byte says. */
export function isConstructed(tag: number): boolean {
  return ((significant(tag, 'tlv/tag')[0] ?? 0) & CONSTRUCTED) !== 0;
}

function tagBytes(tag: number): Uint8Array {
  const bytes = significant(tag, 'tlv/tag');
  const reader = new ByteReader(bytes, `tlv/${tagName(tag)}`);
  readTag(reader);
  reader.end();
  return bytes;
}

/** A number in as few bytes as it needs. */
function significant(value: number, field: string): Uint8Array {
  const bytes = uint32(value, field);
  let start = 0;
  while (start < 3 && bytes[start] === 0) start++;
  return bytes.subarray(start);
}

function readTag(reader: ByteReader): number {
  let tag = reader.uint8('tag');
  if (tag === 0) throw new SmartTapError('wrong-value', `${reader.field}/tag`, 'is 00, no tag');
  if ((tag & LONG_TAG) !== LONG_TAG) return tag;
  for (let length = 2; length <= MAX_TAG_BYTES; length++) {
    const byte = reader.uint8('tag');
    tag = tag * 0x100 + byte;
    if ((byte & MORE_TAG_BYTES) === 0) return tag;
  }
  throw new SmartTapError('too-long', `${reader.field}/tag`, 'is longer than three bytes');
}

function lengthBytes(length: number): Uint8Array {
  if (length < LONG_LENGTH) return Uint8Array.of(length);
  const bytes = significant(length, 'tlv/length');
  return concatBytes(Uint8Array.of(LONG_LENGTH | bytes.length), bytes);
}

/** ISO 7816-4 allows more bytes than a length needs; an indefinite length it does not allow. */
function readLength(reader: ByteReader, name: string): number {
  const first = reader.uint8(`${name}/length`);
  if (first < LONG_LENGTH) return first;
  const size = first - LONG_LENGTH;
  if (size === 0 || size > MAX_LENGTH_BYTES) {
    const field = `${reader.field}/${name}/length`;
    throw new SmartTapError('wrong-value', field, 'is not of one to five bytes');
  }
  let length = 0;
  for (let i = 0; i < size; i++) length = length * 0x100 + reader.uint8(`${name}/length`);
  return length;
}

/** The data objects of one template, taken by tag; those that nobody takes are passed over. */
export class TlvSet {
  readonly #field: string;
  readonly #tlvs: readonly Tlv[];

  constructor(template: Uint8Array, field: string) {
    this.#field = field;
    this.#tlvs = decodeTlvs(template, field);
  }

  path(tag: number): string {
    return `${this.#field}/${tagName(tag)}`;
  }

  one(tag: number): Uint8Array {
    const value = this.optional(tag);
    if (value) return value;
    throw new SmartTapError('missing', this.path(tag), 'is missing');
  }

  optional(tag: number): Uint8Array | null {
    const [value, second] = this.all(tag);
    if (second) throw new SmartTapError('repeated', this.path(tag), 'comes twice');
    return value ?? null;
  }

  all(tag: number): Uint8Array[] {
    return this.#tlvs.filter((tlv) => tlv.tag === tag).map(({ value }) => value);
  }

  /** The set inside a template of this one. */
  inside(tag: number): TlvSet {
    return new TlvSet(this.one(tag), this.path(tag));
  }
}
