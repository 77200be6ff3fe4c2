import type { NdefRecord } from '../ndef.ts';
import { type Primitive, primitivePayload, primitiveText, readPrimitive } from './primitive.ts';
import { external, type FoundRecord, partOf, recordForm, wellKnown } from './record.ts';
import { readText, type Text, textPayload } from './text.ts';

/** A field that may be coded either way: a service number, a PIN, a track (protocol §9.2). */
export type Value = Primitive | Text;

/** The form in which every terminal finds a value: a text without a language code (protocol §5.1). */
export function plainText(text: string): Text {
  return { language: '', text };
}

/** What a value says; null if it is a PRIMITIVE that is not text. */
export function valueText(value: Value): string | null {
  return 'format' in value ? primitiveText(value) : value.text;
}

export function valueRecord(name: string, value: Value): NdefRecord {
  if ('format' in value) return external(name, primitivePayload(value));
  return wellKnown('text', name, textPayload(value, name));
}

/** PRIMITIVE if the record is external, text if it is well known: both are sent (protocol §9.2). */
export function readValue(found: FoundRecord): Value {
  if (recordForm(found.record) === 'external') return readPrimitive(partOf(found, 'external'));
  return readText(partOf(found, 'text'));
}
