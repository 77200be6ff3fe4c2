import { sha256Hex } from '../platform/hashes.ts';
import type { ChainEnd, ChainEntry } from './model.ts';

/** The seal of the entry that comes next in the chain (docs/audit.md). */
export function sealAfter(previous: ChainEnd, entry: ChainEntry): ChainEnd {
  const position = previous.position + 1;
  return { position, hash: sha256Hex(sealedText(previous.hash, position, entry)) };
}

/** The text whose UTF-8 is hashed: one JSON array, so that no two entries have the same. */
function sealedText(previousHash: string, position: number, entry: ChainEntry): string {
  const { seq, at, actor, action, subject, outcome, detail } = entry;
  const known = JSON.stringify([previousHash, position, seq, at, actor, action, subject, outcome]);
  return `${known.slice(0, -1)},${canonicalJson(detail)}]`;
}

/** Strings as a whole, punctuation, and what stands between: numbers, true, false and null. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:,]|[^\s{}[\]:,"]+/gs;

/**
 * JSON in its one canonical spelling (RFC 8785): no space, members in order of their names. Numbers
 * keep the digits they have. The text is PostgreSQL's own, whose strings are spelled so already.
 */
export function canonicalJson(text: string): string {
  return new Speller(text.match(TOKENS) ?? []).value();
}

/** Spells the tokens of a JSON text. */
class Speller {
  readonly #tokens: readonly string[];
  #next = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  value(): string {
    const token = this.#take();
    if (token === '{') return this.#object();
    return token === '[' ? this.#array() : token;
  }

  #object(): string {
    const members: Member[] = [];
    while (!this.#ends('}')) {
      const name = this.#take();
      this.#take();
      members.push({ key: unescaped(name), spelled: `${name}:${this.value()}` });
    }
    return `{${members.sort(byKey).map(spelling).join(',')}}`;
  }

  #array(): string {
    const items: string[] = [];
    while (!this.#ends(']')) items.push(this.value());
    return `[${items.join(',')}]`;
  }

  /** Takes a comma too: what PostgreSQL prints has them in their places. */
  #ends(end: string): boolean {
    const token = this.#tokens[this.#next] ?? end;
    if (token === end || token === ',') this.#next += 1;
    return token === end;
  }

  #take(): string {
    const token = this.#tokens[this.#next] ?? '';
    this.#next += 1;
    return token;
  }
}

interface Member {
  readonly key: string;
  readonly spelled: string;
}

/** Most names have no escapes, and are not parsed for each entry. */
function unescaped(name: string): string {
  return name.includes('\\') ? (JSON.parse(name) as string) : name.slice(1, -1);
}

/** By UTF-16 code units, as JavaScript compares. */
function byKey(left: Member, right: Member): number {
  return left.key < right.key ? -1 : 1;
}

function spelling({ spelled }: Member): string {
  return spelled;
}
