import type { StandTag } from './model.ts';
import { encodeUriMessage, fittingTags, type2Image } from './ndef-rules.ts';

/** Where an NTAG 424 DNA mirrors its message into its file, counted from the file's first byte. */
export interface SdmOffsets {
  readonly piccDataOffset: number;
  /** Equal to `macOffset`: the code covers nothing but who the tag is and its counter. */
  readonly macInputOffset: number;
  readonly macOffset: number;
}

/** What is to be written on a stand's tag. */
export interface TagContent {
  readonly url: string;
  /** The NDEF message. */
  readonly message: Uint8Array;
  /** How much of the tag's memory it takes, with what wraps it. */
  readonly bytes: number;
  /** The tags that it fits. */
  readonly fits: readonly string[];
  readonly sdm: SdmOffsets | null;
}

const NTAG424 = { name: 'NTAG 424 DNA', bytes: 256 };
/** Its file begins with the length of the message. */
const FILE_LENGTH_BYTES = 2;
const PICC_DIGITS = 32;
const MAC_DIGITS = 16;

export function standUrl(origin: string, code: string): string {
  return `${origin}/t/${code}`;
}

/** The address of the code that is printed beside the tag. */
export function printedUrl(origin: string, code: string): string {
  return `${standUrl(origin, code)}?q=1`;
}

export function tagContent(origin: string, code: string, tag: StandTag): TagContent {
  const url = standUrl(origin, code);
  return tag === 'static' ? plainContent(url) : signingContent(url);
}

function plainContent(url: string): TagContent {
  const message = encodeUriMessage(url);
  const bytes = type2Image(message).length;
  return { url, message, bytes, fits: fittingTags(bytes), sdm: null };
}

/** The tag writes digits over the zeros at each reading. */
function signingContent(base: string): TagContent {
  const url = `${base}?e=${'0'.repeat(PICC_DIGITS)}&c=${'0'.repeat(MAC_DIGITS)}`;
  const message = encodeUriMessage(url);
  const bytes = FILE_LENGTH_BYTES + message.length;
  const macOffset = bytes - MAC_DIGITS;
  const piccDataOffset = macOffset - '&c='.length - PICC_DIGITS;
  const fits = bytes <= NTAG424.bytes ? [NTAG424.name] : [];
  return {
    url,
    message,
    bytes,
    fits,
    sdm: { piccDataOffset, macInputOffset: macOffset, macOffset },
  };
}
