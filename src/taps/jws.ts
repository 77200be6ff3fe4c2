import { VERTICALS, type Vertical } from '../passes/model.ts';
import { type Bytes, decodeUtf8, fromBase64Url, utf8 } from '../platform/bytes.ts';

/** What a terminal signed, read but not yet believed: nothing here says who signed it. */
export interface TapPayload {
  readonly kid: string;
  readonly collectorId: string;
  readonly keyVersion: number;
  readonly jti: string;
  readonly iat: number;
  readonly aud: string;
  readonly presentation: string;
  readonly terminal: string | null;
  readonly types: readonly Vertical[] | null;
  readonly exp: number | null;
  readonly nbf: number | null;
  /** As it came, of any length. */
  readonly signature: Bytes;
  /** What the signature has to cover. */
  readonly signed: Bytes;
}

/** `pointer` is a JSON Pointer (RFC 6901) into `{ header, claims, signature }`. */
export type ParsedTapPayload =
  | { readonly ok: true; readonly payload: TapPayload }
  | { readonly ok: false; readonly pointer: string; readonly reason: string };

const MAX_LENGTH = 8192;
const MAX_INT64 = 9_223_372_036_854_775_807n;
const MAX_INT32 = 2_147_483_647;

/**
 * Reads a compact JWS (RFC 7515 §7.1) in the one form that a tap has, and never throws. One
 * payload has one spelling, and a text that two parsers could read differently is refused.
 */
export function parseTapPayload(compact: string): ParsedTapPayload {
  try {
    return { ok: true, payload: readPayload(compact) };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { ok: false, pointer: error.pointer, reason: error.message };
  }
}

/** Thrown and caught inside this file only, so that a reader can return what it read. */
class Malformed extends Error {
  readonly pointer: string;

  constructor(pointer: string, reason: string) {
    super(reason);
    this.pointer = pointer;
  }
}

function readPayload(compact: string): TapPayload {
  if (compact.length > MAX_LENGTH) throw new Malformed('', 'is longer than 8192 characters');
  const [header, claims, signature, ...rest] = compact.split('.');
  if (header === undefined || claims === undefined || signature === undefined || rest.length > 0) {
    throw new Malformed('', 'is not three parts with a dot between');
  }
  // Every tap comes through here, and of two spread objects V8 makes a slow one.
  return Object.assign(
    readHeader(readObject(header, '/header')),
    readClaims(readObject(claims, '/claims')),
    { signature: readBase64Url(signature, '/signature'), signed: utf8(`${header}.${claims}`) },
  );
}

function readHeader(header: Members): Pick<TapPayload, 'kid' | 'collectorId' | 'keyVersion'> {
  header.constant('alg', 'ES256');
  const kid = header.text('kid', 1, 64);
  const signer = parseKid(kid);
  if (!signer) throw new Malformed('/header/kid', 'is not <collectorId>.<keyVersion>');
  header.constant('typ', 'tap+jwt');
  // Among the rest are crit, b64, jwk, jku, x5c: each would let the sender change the rules.
  header.refuseRest();
  return { kid, ...signer };
}

function parseKid(kid: string): { collectorId: string; keyVersion: number } | null {
  const [, collectorId, version] = /^([1-9][0-9]{0,18})\.(0|[1-9][0-9]{0,9})$/.exec(kid) ?? [];
  if (collectorId === undefined || BigInt(collectorId) > MAX_INT64) return null;
  const keyVersion = Number(version);
  return keyVersion <= MAX_INT32 ? { collectorId, keyVersion } : null;
}

type Claims = Omit<TapPayload, 'kid' | 'collectorId' | 'keyVersion' | 'signature' | 'signed'>;

function readClaims(claims: Members): Claims {
  const read = {
    jti: claims.text('jti', 16, 128),
    iat: claims.seconds('iat'),
    aud: claims.text('aud', 1, MAX_LENGTH),
    presentation: claims.text('presentation', 1, 256),
    terminal: claims.has('terminal') ? claims.text('terminal', 1, 100) : null,
    types: claims.has('types') ? claims.verticals('types') : null,
    exp: claims.has('exp') ? claims.seconds('exp') : null,
    nbf: claims.has('nbf') ? claims.seconds('nbf') : null,
  };
  // Common JWT libraries add these by themselves; they mean nothing for a tap.
  for (const name of ['iss', 'sub']) if (claims.has(name)) claims.text(name, 0, MAX_LENGTH);
  claims.refuseRest();
  return read;
}

/** The members of one JSON object, taken one by one, so that what nobody takes can be refused. */
class Members {
  readonly #values: Map<string, unknown>;
  /** How each value begins in the text; null when `JSON.stringify` would have written it so. */
  readonly #written: ReadonlyMap<string, string> | null;
  readonly #pointer: string;

  constructor(json: string, pointer: string) {
    const object = parseJsonObject(json, pointer);
    this.#pointer = pointer;
    this.#values = new Map(Object.entries(object));
    // Most libraries write such a text, and it hides nothing: neither a name twice nor a fraction.
    this.#written = JSON.stringify(object) === json ? null : this.#firstTokens(json);
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  constant(name: string, expected: string): void {
    if (this.#take(name) !== expected) this.#fail(`is not "${expected}"`, name);
  }

  /** A string of `min` to `max` characters, all of them characters and none a control. */
  text(name: string, min = 0, max = MAX_LENGTH): string {
    const value = this.#take(name);
    if (typeof value !== 'string') return this.#fail('is not a string', name);
    if (/[\p{Cc}\p{Cs}]/u.test(value)) this.#fail('has a control or a lone surrogate', name);
    const { length } = [...value];
    if (length < min || length > max) this.#fail(`is not of ${min} to ${max} characters`, name);
    return value;
  }

  /** Whole seconds since 1970 in digits alone: a fraction or an exponent is rounded unseen. */
  seconds(name: string): number {
    const value = this.#take(name);
    const written = this.#written?.get(name) ?? String(value);
    if (typeof value !== 'number' || !/^[0-9]+$/.test(written) || !Number.isSafeInteger(value)) {
      return this.#fail('is not a whole number of seconds in plain digits', name);
    }
    return value;
  }

  verticals(name: string): Vertical[] {
    const value = this.#take(name);
    if (!Array.isArray(value) || value.length === 0) return this.#fail('is not a list', name);
    const types = value.map((item: unknown, index) => {
      const type = VERTICALS.find((vertical) => vertical === item);
      return type ?? this.#fail('is not a type of pass', name, String(index));
    });
    if (new Set(types).size < types.length) this.#fail('names a type twice', name);
    return types;
  }

  refuseRest(): void {
    for (const name of this.#values.keys()) this.#fail('is not known', name);
  }

  #take(name: string): unknown {
    const value = this.#values.get(name);
    if (!this.#values.delete(name)) this.#fail('is missing', name);
    return value;
  }

  /** How each value begins in the text; `JSON.parse` hides it, and that a name came twice. */
  #firstTokens(json: string): Map<string, string> {
    const first = new Map<string, string>();
    let depth = 0;
    let previous = '';
    let name: string | null = null;
    for (const [token] of json.matchAll(JSON_TOKEN)) {
      if (name !== null) first.set(name, token);
      name = depth === 1 && token === ':' ? (JSON.parse(previous) as string) : null;
      if (name !== null && first.has(name)) this.#fail('comes twice', name);
      if (token === '{' || token === '[') depth++;
      if (token === '}' || token === ']') depth--;
      previous = token;
    }
    return first;
  }

  #fail(reason: string, ...path: string[]): never {
    // A name no pointer can show safely is not repeated.
    const shown = path.every((name) => /^[\x20-\x7e]{1,100}$/.test(name)) ? path : [];
    const escaped = shown.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
    throw new Malformed(this.#pointer + escaped.join(''), reason);
  }
}

/** Strings, punctuation, and the rest; of a text that `JSON.parse` took it misses nothing. */
const JSON_TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

function parseJsonObject(json: string, pointer: string): object {
  const value = attempt(() => JSON.parse(json) as unknown);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new Malformed(pointer, 'is not a JSON object');
}

function readObject(part: string, pointer: string): Members {
  const bytes = readBase64Url(part, pointer);
  const json = attempt(() => decodeUtf8(bytes));
  if (json === null) throw new Malformed(pointer, 'is not UTF-8');
  return new Members(json, pointer);
}

function readBase64Url(part: string, pointer: string): Bytes {
  const bytes = fromBase64Url(part);
  if (!bytes) throw new Malformed(pointer, 'is not canonical base64url without padding');
  return bytes;
}

function attempt<T>(parse: () => T): T | null {
  try {
    return parse();
  } catch {
    return null;
  }
}
