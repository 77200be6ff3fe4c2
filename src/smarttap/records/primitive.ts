import {
  ascii,
  asciiText,
  ByteReader,
  concatBytes,
  isAscii,
  toHex,
  utf8,
  utf8Text,
} from '../bytes.ts';
import { SmartTapError } from '../error.ts';
import type { Part } from './record.ts';
import { utf16Text } from './utf16.ts';

/** The first byte of a PRIMITIVE payload (protocol §5.1). */
export const PRIMITIVE_FORMAT = {
  unspecified: 0,
  ascii: 1,
  utf8: 2,
  utf16: 3,
  binary: 4,
  bcd: 5,
} as const;

export type PrimitiveFormat = (typeof PRIMITIVE_FORMAT)[keyof typeof PRIMITIVE_FORMAT];

/** A PRIMITIVE value: bytes, and what they are meant to be. */
export interface Primitive {
  readonly format: PrimitiveFormat;
  readonly value: Uint8Array;
}

export function primitivePayload({ format, value }: Primitive): Uint8Array {
  return concatBytes(Uint8Array.of(format), value);
}

export function readPrimitive({ field, payload }: Part): Primitive {
  const reader = new ByteReader(payload, field);
  const format = reader.uint8('format');
  if (format > PRIMITIVE_FORMAT.bcd) {
    throw new SmartTapError('wrong-value', `${field}/format`, 'is not a format of PRIMITIVE');
  }
  return { format: format as PrimitiveFormat, value: reader.bytes(reader.remaining, 'value') };
}

/** The binary PRIMITIVE that ids, nonces and signatures are. */
export function binaryPayload(value: Uint8Array): Uint8Array {
  return primitivePayload({ format: PRIMITIVE_FORMAT.binary, value });
}

export function readBinary(part: Part): Uint8Array {
  const { format, value } = readPrimitive(part);
  if (format === PRIMITIVE_FORMAT.binary) return value;
  throw new SmartTapError('wrong-value', `${part.field}/format`, 'is not binary');
}

/** The shortest spelling of a text: ASCII where it is, UTF-8 where not. */
export function textPrimitive(text: string): Primitive {
  if (isAscii(text)) {
    return { format: PRIMITIVE_FORMAT.ascii, value: ascii(text, 'primitive') };
  }
  return { format: PRIMITIVE_FORMAT.utf8, value: utf8(text, 'primitive') };
}

/** What the bytes say; null if they are not what the format claims, or not text at all. */
export function primitiveText({ format, value }: Primitive): string | null {
  try {
    return READERS[format](value);
  } catch (error) {
    if (error instanceof SmartTapError) return null;
    throw error;
  }
}

const READERS: Readonly<Record<PrimitiveFormat, (value: Uint8Array) => string>> = {
  // Nothing says what these are; Google's sample terminal takes them for text (protocol §5.1).
  [PRIMITIVE_FORMAT.unspecified]: (value) => utf8Text(value, 'primitive'),
  [PRIMITIVE_FORMAT.binary]: (value) => utf8Text(value, 'primitive'),
  [PRIMITIVE_FORMAT.ascii]: (value) => asciiText(value, 'primitive'),
  [PRIMITIVE_FORMAT.utf8]: (value) => utf8Text(value, 'primitive'),
  [PRIMITIVE_FORMAT.utf16]: (value) => utf16Text(value, 'primitive'),
  [PRIMITIVE_FORMAT.bcd]: bcdText,
};

function bcdText(value: Uint8Array): string {
  const digits = toHex(value);
  if (/^[0-9]*$/.test(digits)) return digits;
  throw new SmartTapError('not-text', 'primitive', 'is not BCD');
}
