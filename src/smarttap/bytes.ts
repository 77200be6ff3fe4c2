import { SmartTapError } from './error.ts';

/** Bytes over an ordinary buffer, as WebCrypto and the streams of the web want them. */
export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
// A byte order mark stays part of the text, so that a text is encoded to the bytes it came from.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function concatBytes(...parts: readonly Uint8Array[]): Bytes {
  return joinBytes(parts);
}

/** As `concatBytes`, of a list of any length. */
export function joinBytes(parts: readonly Uint8Array[]): Bytes {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** Not in constant time: for what is no secret. */
export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let at = 0; at < left.length; at++) if (left[at] !== right[at]) return false;
  return true;
}

export function toHex(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += HEX[byte];
  return hex;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Reads hex digits of either case, two a byte, with nothing between. */
export function fromHex(hex: string, field: string): Bytes {
  if (hex.length % 2 !== 0 || /[^0-9a-f]/i.test(hex)) {
    throw new SmartTapError('wrong-value', field, 'is not pairs of hex digits');
  }
  const bytes = new Uint8Array(hex.length / 2);
  for (let at = 0; at < bytes.length; at++) {
    bytes[at] = Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16);
  }
  return bytes;
}

export function utf8(text: string, field: string): Bytes {
  if (!text.isWellFormed()) throw new SmartTapError('not-text', field, 'has a lone surrogate');
  return encoder.encode(text) as Bytes;
}

export function utf8Text(bytes: Uint8Array, field: string): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new SmartTapError('not-text', field, 'is not UTF-8');
  }
}

/** Whether a text is printable ASCII and nothing else. */
export function isAscii(text: string): boolean {
  return !/[^\x20-\x7e]/.test(text);
}

export function ascii(text: string, field: string): Bytes {
  if (isAscii(text)) return encoder.encode(text) as Bytes;
  throw new SmartTapError('not-text', field, 'is not printable ASCII');
}

export function asciiText(bytes: Uint8Array, field: string): string {
  // A loop, for names have few letters and every record has one.
  let text = '';
  for (const byte of bytes) {
    if (byte < 0x20 || byte > 0x7e) {
      throw new SmartTapError('not-text', field, 'is not printable ASCII');
    }
    text += String.fromCharCode(byte);
  }
  return text;
}

export function uint8(value: number, field: string): Bytes {
  return Uint8Array.of(byte(value, field));
}

/** Gives the number back if it is one of a byte. */
export function byte(value: number, field: string): number {
  if (Number.isInteger(value) && value >= 0 && value <= 0xff) return value;
  throw new SmartTapError('wrong-value', field, 'is not a whole number of 1 bytes');
}

export function uint16(value: number, field: string): Bytes {
  return unsigned(value, 2, field);
}

export function uint32(value: number, field: string): Bytes {
  return unsigned(value, 4, field);
}

/** Big-endian, as every number of the protocol. */
function unsigned(value: number, size: number, field: string): Bytes {
  if (!Number.isInteger(value) || value < 0 || value >= 256 ** size) {
    throw new SmartTapError('wrong-value', field, `is not a whole number of ${size} bytes`);
  }
  const bytes = new Uint8Array(size);
  for (let at = size - 1, rest = value; at >= 0; at--, rest = Math.floor(rest / 256)) {
    bytes[at] = rest;
  }
  return bytes;
}

/** Gives the bytes back if they are as many as the field has. */
export function ofLength<T extends Uint8Array>(bytes: T, length: number, field: string): T {
  if (bytes.length === length) return bytes;
  throw new SmartTapError('wrong-length', field, `has length ${bytes.length}, not ${length}`);
}

/** Takes an input apart from its beginning; `end` refuses what nobody took. */
export class ByteReader {
  /** What is being read, as an error names it; of a list it moves from item to item. */
  field: string;
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array, field: string) {
    this.field = field;
    this.#bytes = bytes;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  uint8(name: string): number {
    return this.#unsigned(1, name);
  }

  uint16(name: string): number {
    return this.#unsigned(2, name);
  }

  uint32(name: string): number {
    return this.#unsigned(4, name);
  }

  /** A copy: what is kept after the parse must not change with the buffer it came in. */
  bytes(length: number, name: string): Bytes {
    return new Uint8Array(this.view(length, name));
  }

  /** A view of the input, to be parsed further. */
  view(length: number, name: string): Uint8Array {
    const start = this.#take(length, name);
    return this.#bytes.subarray(start, this.#offset);
  }

  /** A view of all that is left. */
  rest(): Uint8Array {
    return this.view(this.remaining, '');
  }

  end(): void {
    if (this.remaining === 0) return;
    const reason = `has ${this.remaining} bytes left over`;
    throw new SmartTapError('trailing-bytes', this.field, reason);
  }

  #unsigned(size: number, name: string): number {
    let value = 0;
    const start = this.#take(size, name);
    // No view: a message has many more numbers than anything else.
    for (let at = start; at < this.#offset; at++) value = value * 256 + (this.#bytes[at] ?? 0);
    return value;
  }

  /** Goes past some bytes, and gives where they start. */
  #take(length: number, name: string): number {
    if (length > this.remaining) {
      const reason = `is cut off: ${this.remaining} of ${length} bytes are left`;
      throw new SmartTapError('truncated', `${this.field}/${name}`, reason);
    }
    const start = this.#offset;
    this.#offset += length;
    return start;
  }
}
