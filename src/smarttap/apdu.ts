import { ByteReader, byte, concatBytes, joinBytes, uint16 } from './bytes.ts';
import { SmartTapError } from './error.ts';

/** A command in the short form of ISO 7816-4 §5.1; Smart Tap has no other (protocol §2). */
export interface CommandApdu {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  /** At most 255 bytes. */
  readonly data: Uint8Array;
  /** The most bytes that the answer may have, 1 to 256; null if the command states none. */
  readonly le: number | null;
}

export interface ResponseApdu {
  /** At most 256 bytes. */
  readonly data: Uint8Array;
  readonly sw: number;
}

const MAX_DATA_BYTES = 255;
/** What Le 00 stands for: as much as a short answer can have. */
export const MAX_LE = 256;

export function encodeCommand({ cla, ins, p1, p2, data, le }: CommandApdu): Uint8Array {
  if (data.length > MAX_DATA_BYTES) {
    throw new SmartTapError(
      'too-long',
      'command/data',
      `has length ${data.length}, not at most 255`,
    );
  }
  if (le !== null && !(Number.isInteger(le) && le >= 1 && le <= MAX_LE)) {
    throw new SmartTapError('wrong-value', 'command/le', 'is not 1 to 256');
  }
  const header = Uint8Array.of(
    byte(cla, 'command/cla'),
    byte(ins, 'command/ins'),
    byte(p1, 'command/p1'),
    byte(p2, 'command/p2'),
  );
  const body = data.length === 0 ? [] : [Uint8Array.of(data.length), data];
  return joinBytes([header, ...body, ...(le === null ? [] : [Uint8Array.of(le % MAX_LE)])]);
}

/** Reads the four cases of ISO 7816-4: with and without data, with and without Le. */
export function decodeCommand(apdu: Uint8Array): CommandApdu {
  const reader = new ByteReader(apdu, 'command');
  const header = {
    cla: reader.uint8('cla'),
    ins: reader.uint8('ins'),
    p1: reader.uint8('p1'),
    p2: reader.uint8('p2'),
  };
  const hasData = reader.remaining > 1;
  const data = hasData ? readData(reader) : new Uint8Array();
  const le = reader.remaining > 0 ? reader.uint8('le') || MAX_LE : null;
  reader.end();
  return { ...header, data, le };
}

function readData(reader: ByteReader): Uint8Array {
  const length = reader.uint8('lc');
  // Lc 00 before further bytes is the extended form, which no handset takes.
  if (length === 0) throw new SmartTapError('wrong-value', 'command/lc', 'is 0 before data');
  return reader.bytes(length, 'data');
}

export function encodeResponse({ data, sw }: ResponseApdu): Uint8Array {
  if (data.length > MAX_LE) {
    throw new SmartTapError(
      'too-long',
      'response/data',
      `has length ${data.length}, not at most 256`,
    );
  }
  return concatBytes(data, uint16(sw, 'response/sw'));
}

export function decodeResponse(apdu: Uint8Array): ResponseApdu {
  const reader = new ByteReader(apdu, 'response');
  const data = reader.bytes(Math.max(0, apdu.length - 2), 'data');
  if (data.length > MAX_LE) {
    throw new SmartTapError(
      'too-long',
      'response/data',
      `has length ${data.length}, not at most 256`,
    );
  }
  return { data, sw: reader.uint16('sw') };
}
