import { ascii, asciiText, ByteReader, concatBytes, utf8, utf8Text } from '../bytes.ts';
import { SmartTapError } from '../error.ts';
import type { Part } from './record.ts';
import { utf16Text } from './utf16.ts';

/** A text record's payload (NFC Forum RTD Text 1.0 §3.2). Real handsets leave the language empty. */
export interface Text {
  readonly language: string;
  readonly text: string;
}

const UTF16 = 0x80;
const RESERVED = 0x40;
const LANGUAGE_LENGTH = 0x3f;

/** Written as UTF-8, whatever it was read from. */
export function textPayload({ language, text }: Text, field: string): Uint8Array {
  const code = ascii(language, `${field}/language`);
  if (code.length > LANGUAGE_LENGTH) {
    throw new SmartTapError('too-long', `${field}/language`, 'is longer than 63 bytes');
  }
  return concatBytes(Uint8Array.of(code.length), code, utf8(text, `${field}/text`));
}

export function readText({ field, payload }: Part): Text {
  const reader = new ByteReader(payload, field);
  const status = reader.uint8('status');
  if (status & RESERVED) {
    throw new SmartTapError('wrong-value', `${field}/status`, 'has a reserved bit');
  }
  const code = reader.view(status & LANGUAGE_LENGTH, 'language');
  const language = asciiText(code, `${field}/language`);
  const decode = status & UTF16 ? utf16Text : utf8Text;
  return { language, text: decode(reader.rest(), `${field}/text`) };
}
