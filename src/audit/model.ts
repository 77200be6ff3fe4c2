/** An entry as the chain covers it: every column of it, as the database holds it. */
export interface ChainEntry {
  readonly seq: number;
  /** RFC 3339 in UTC, to the millisecond. */
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly outcome: string;
  /** The JSON text of an object. Not parsed, because a double holds fewer digits than a jsonb. */
  readonly detail: string;
}

/** A place in the chain and the hash that covers everything up to it. */
export interface ChainEnd {
  readonly position: number;
  /** SHA-256 in lower-case hexadecimal. */
  readonly hash: string;
}

/** What the first seal follows: position 0, and a hash of zeros that is none. */
export const GENESIS: ChainEnd = { position: 0, hash: '0'.repeat(64) };

/** A head as an operator states it: `position:hash`; null when it is none. */
export function parseHead(text: string): ChainEnd | null {
  const [, position, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  return position === undefined || hash === undefined ? null : { position: Number(position), hash };
}
