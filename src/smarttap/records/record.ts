import { joinBytes } from '../bytes.ts';
import { SmartTapError } from '../error.ts';
import { decodeNdef, encodeNdef, type NdefRecord, TNF } from '../ndef.ts';

/** A payload on its way to its codec, with the path that an error names. */
export interface Part {
  readonly field: string;
  readonly payload: Uint8Array;
}

/** What a record of the dictionary looks like on the wire (protocol §5). */
export type RecordForm = 'external' | 'text' | 'uri';

const WELL_KNOWN_TYPES = { text: 'T', uri: 'U' } as const;

/** Makes a structure or PRIMITIVE record: external, its name in the type, no id. */
export function external(name: string, ...parts: readonly Uint8Array[]): NdefRecord {
  const [only, second] = parts;
  const payload = only && !second ? only : joinBytes(parts);
  return { tnf: TNF.external, type: name, id: null, payload };
}

/** Makes a text or URI record: well known, its name in the id. */
export function wellKnown(form: 'text' | 'uri', name: string, payload: Uint8Array): NdefRecord {
  return { tnf: TNF.wellKnown, type: WELL_KNOWN_TYPES[form], id: name, payload };
}

/**
 * The Smart Tap name of a record, or null. An external record has it in its type and may repeat it
 * as id, as `mdn` does (protocol §4); with another id, readers by id and by type would differ.
 */
export function recordName({ tnf, type, id }: NdefRecord): string | null {
  if (tnf === TNF.wellKnown) return id;
  if (tnf !== TNF.external) return null;
  return id === null || id === type ? type : null;
}

export function recordForm({ tnf, type }: NdefRecord): RecordForm | null {
  if (tnf === TNF.external) return 'external';
  if (tnf !== TNF.wellKnown) return null;
  if (type === WELL_KNOWN_TYPES.text) return 'text';
  return type === WELL_KNOWN_TYPES.uri ? 'uri' : null;
}

/** The message of one record with that name, as every command and answer is. */
export function encodeOne(name: string, ...payload: readonly Uint8Array[]): Uint8Array {
  return encodeNdef([external(name, ...payload)]);
}

export function decodeOne(message: Uint8Array, name: string): Part {
  const [record, second] = decodeNdef(message, name);
  if (record === undefined || recordName(record) !== name) {
    throw new SmartTapError('missing', name, 'is not what the message begins with');
  }
  if (second) throw new SmartTapError('trailing-bytes', name, 'is followed by another record');
  return partOf({ field: name, record }, 'external');
}

/** A record with the path to it, not yet asked for its form. */
export interface FoundRecord {
  readonly field: string;
  readonly record: NdefRecord;
}

/**
 * The records of one container, taken by name and in any order. What the dictionary does not have
 * is passed over, for newer terminals and phones may send it; only its framing is checked.
 */
export class RecordSet {
  readonly #field: string;
  readonly #records: readonly NdefRecord[];

  constructor(message: Uint8Array, field: string) {
    this.#field = field;
    // An empty payload holds no message at all; what has to be there is then missing.
    this.#records = message.length === 0 ? [] : decodeNdef(message, field);
  }

  get names(): string[] {
    const names = this.#records.map(recordName).filter((name) => name !== null);
    return [...new Set(names)];
  }

  one(name: string, form: RecordForm = 'external'): Part {
    return this.optional(name, form) ?? this.#missing(name);
  }

  optional(name: string, form: RecordForm = 'external'): Part | null {
    const found = this.find(name);
    return found && partOf(found, form);
  }

  /** The only record of that name, of whatever form; null if there is none. */
  find(name: string): FoundRecord | null {
    const field = `${this.#field}/${name}`;
    const [record, second] = this.#named(name);
    if (second) throw new SmartTapError('repeated', field, 'comes twice');
    return record ? { field, record } : null;
  }

  /** All of that name, in their order. */
  all(name: string): Part[] {
    return this.#named(name).map((record, index) =>
      partOf({ field: `${this.#field}/${name}[${index}]`, record }, 'external'),
    );
  }

  some(name: string): Part[] {
    const parts = this.all(name);
    return parts.length > 0 ? parts : [this.#missing(name)];
  }

  #named(name: string): NdefRecord[] {
    return this.#records.filter((record) => recordName(record) === name);
  }

  #missing(name: string): never {
    throw new SmartTapError('missing', `${this.#field}/${name}`, 'is missing');
  }
}

/** The payload of a record that has to have that form. */
export function partOf({ field, record }: FoundRecord, form: RecordForm): Part {
  if (recordForm(record) === form) return { field, payload: record.payload };
  throw new SmartTapError('wrong-form', field, `is not a record of form ${form}`);
}

/** Makes the message of a container's records, leaving out what is null. */
export function encodeRecords(records: readonly (NdefRecord | null)[]): Uint8Array {
  return encodeNdef(records.filter((record) => record !== null));
}
