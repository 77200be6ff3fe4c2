import { SmartTapError } from './error.ts';

/** One line of an explanation; the bytes of all lines, in order, are the input. */
export interface DescribedLine {
  /** How deep the bytes are nested. */
  readonly depth: number;
  readonly text: string;
  readonly bytes: Uint8Array;
  /** A strict reader would refuse these bytes, or the ones before. */
  readonly refused: boolean;
}

/** A part of fixed size and what its bytes say. */
export interface DescribedField {
  readonly name: string;
  readonly size: number;
  readonly say?: (bytes: Uint8Array) => string;
}

export function line(depth: number, text: string, bytes: Uint8Array): DescribedLine {
  return { depth, text, bytes, refused: false };
}

/** Bytes that no strict reader takes, and why. */
export function refusedLine(depth: number, text: string, bytes: Uint8Array): DescribedLine {
  return { depth, text, bytes, refused: true };
}

/** What a strict reader says against the lines before; it explains no bytes. */
export function remark(depth: number, text: string): DescribedLine {
  return refusedLine(depth, `! ${text}`, new Uint8Array());
}

export interface DescribedHead {
  readonly lines: readonly DescribedLine[];
  readonly rest: Uint8Array;
}

/** Explains fields of fixed size; where the bytes end too early it says so and takes what is left. */
export function describeHead(
  bytes: Uint8Array,
  fields: readonly DescribedField[],
  depth: number,
): DescribedHead {
  const lines: DescribedLine[] = [];
  let offset = 0;
  for (const { name, size, say } of fields) {
    const value = bytes.subarray(offset, offset + size);
    offset += value.length;
    if (value.length < size) {
      const text = `${name}: ${value.length} of ${size} bytes are here`;
      lines.push(line(depth, text, value));
      break;
    }
    lines.push(line(depth, say ? `${name}: ${say(value)}` : name, value));
  }
  return { lines, rest: bytes.subarray(offset) };
}

export function describeRest(bytes: Uint8Array, text: string, depth: number): DescribedLine[] {
  return bytes.length === 0 ? [] : [line(depth, text, bytes)];
}

/** The value, or what a strict reader says against it. */
export function attempt<T>(read: () => T): { readonly value: T } | { readonly refusal: string } {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof SmartTapError) return { refusal: error.message };
    throw error;
  }
}

/** A text in quotes, with nothing in it that could command a screen. */
export function quoted(text: string): string {
  const escaped = text.replace(/["\\\p{C}\p{Zl}\p{Zp}]/gu, (char) =>
    char === '"' || char === '\\' ? `\\${char}` : `\\u{${char.codePointAt(0)?.toString(16)}}`,
  );
  return `"${escaped}"`;
}

/** How many bytes there are, in words. */
export function count(size: number): string {
  return size === 1 ? '1 byte' : `${size} bytes`;
}

export function decimal(bytes: Uint8Array): string {
  return String(bytes.reduce((total, byte) => total * 0x100 + byte, 0));
}

/** Says a byte by the table it comes from. */
export function listed(table: Readonly<Record<string, number>>): (bytes: Uint8Array) => string {
  return ([byte]) => {
    const name = Object.keys(table).find((key) => table[key] === byte);
    return name === undefined ? 'not listed' : words(name);
  };
}

/** Says a byte of bits by the table they come from. */
export function bits(table: Readonly<Record<string, number>>): (bytes: Uint8Array) => string {
  return ([byte = 0]) => {
    const names = Object.keys(table).filter((key) => (byte & (table[key] ?? 0)) !== 0);
    return names.length === 0 ? 'nothing' : names.map(words).join(', ');
  };
}

/** The AID says that the protocol is 2, the wire carries the rest (protocol §4). */
export function version(bytes: Uint8Array): string {
  return `2.${decimal(bytes)}`;
}

function words(name: string): string {
  return name.replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`);
}
