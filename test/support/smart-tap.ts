import { readFileSync } from 'node:fs';
import { fromHex } from '../../src/smarttap/bytes.ts';
import { SmartTapError } from '../../src/smarttap/error.ts';

/** One published or separately computed example of test/vectors/smart-tap.json. */
interface SmartTapVector {
  readonly id: string;
  /** Hex, unless the name says otherwise. */
  readonly data: Readonly<Record<string, unknown>>;
}

export interface SmartTapExchange {
  readonly name: string;
  readonly command: string;
  readonly response: string;
}

const { vectors } = JSON.parse(
  readFileSync(new URL('../vectors/smart-tap.json', import.meta.url), 'utf8'),
) as { readonly vectors: readonly SmartTapVector[] };

/** A text of the vector, most often hex. */
export function vectorText(id: string, name: string): string {
  const value = vectorData(id)[name];
  if (typeof value !== 'string') throw new Error(`vector ${id} has no text "${name}"`);
  return value;
}

/** The bytes of a vector that stand there as hex. */
export function vectorBytes(id: string, name: string): Uint8Array {
  return hex(vectorText(id, name));
}

/** The commands and responses of the vector that is a whole tap. */
export function vectorExchanges(id: string): readonly SmartTapExchange[] {
  return vectorData(id).apdus as readonly SmartTapExchange[];
}

export function vectorData(id: string): Readonly<Record<string, unknown>> {
  const vector = vectors.find((one) => one.id === id);
  if (!vector) throw new Error(`there is no vector ${id}`);
  return vector.data;
}

/** Bytes of hex digits; white space is for the reader. */
export function hex(text: string): Uint8Array {
  return fromHex(text.replace(/\s/g, ''), 'test');
}

/** What a parser says against an input, as `code field`; `accepted` if it says nothing. */
export function refusalOf(parse: () => unknown): string {
  try {
    parse();
  } catch (error) {
    if (error instanceof SmartTapError) return `${error.code} ${error.field}`;
    throw error;
  }
  return 'accepted';
}
