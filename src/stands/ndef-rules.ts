/**
 * What lies on a tag: one NDEF message of one URI record (NFC Forum NDEF 1.0, URI RTD 1.0), on
 * Type 2 tags wrapped in a TLV (Type 2 Tag 1.0 §2.3).
 */

/** The beginnings that a URI record tells in one byte, by that byte (URI RTD 1.0, table 3). */
export const URI_PREFIXES = [
  '',
  'http://www.',
  'https://www.',
  'http://',
  'https://',
  'tel:',
  'mailto:',
  'ftp://anonymous:anonymous@',
  'ftp://ftp.',
  'ftps://',
  'sftp://',
  'smb://',
  'nfs://',
  'ftp://',
  'dav://',
  'news:',
  'telnet://',
  'imap:',
  'rtsp://',
  'urn:',
  'pop:',
  'sip:',
  'sips:',
  'tftp:',
  'btspp://',
  'btl2cap://',
  'btgoep://',
  'tcpobex://',
  'irdaobex://',
  'file://',
  'urn:epc:id:',
  'urn:epc:tag:',
  'urn:epc:pat:',
  'urn:epc:raw:',
  'urn:epc:',
  'urn:nfc:',
] as const;

const MESSAGE_BEGIN_AND_END = 0xc0;
const SHORT_RECORD = 0x10;
const WELL_KNOWN = 0x01;
const URI_TYPE = 0x55;
const SHORT_PAYLOAD_END = 0x100;

const NDEF_TLV = 0x03;
const TERMINATOR_TLV = 0xfe;
const LONG_LENGTH = 0xff;

/** The longest prefix that fits leaves the least to write. */
function prefixOf(uri: string): number {
  let best = 0;
  URI_PREFIXES.forEach((prefix, code) => {
    if (uri.startsWith(prefix) && prefix.length > (URI_PREFIXES[best] ?? '').length) best = code;
  });
  return best;
}

/** The message of one URI record. */
export function encodeUriMessage(uri: string): Uint8Array {
  const code = prefixOf(uri);
  const rest = new TextEncoder().encode(uri.slice((URI_PREFIXES[code] ?? '').length));
  const length = 1 + rest.length;
  const isShort = length < SHORT_PAYLOAD_END;
  const header = MESSAGE_BEGIN_AND_END | (isShort ? SHORT_RECORD : 0) | WELL_KNOWN;
  const lengths = isShort
    ? [length]
    : [(length >>> 24) & 0xff, (length >>> 16) & 0xff, (length >>> 8) & 0xff, length & 0xff];
  return Uint8Array.from([header, 1, ...lengths, URI_TYPE, code, ...rest]);
}

/** What lies in the memory of a Type 2 tag. */
export function type2Image(message: Uint8Array): Uint8Array {
  const { length } = message;
  const lengths = length < LONG_LENGTH ? [length] : [LONG_LENGTH, length >>> 8, length & 0xff];
  return Uint8Array.from([NDEF_TLV, ...lengths, ...message, TERMINATOR_TLV]);
}

/** Tags that are bought for stands, by the bytes that a user may write. */
export const TYPE2_TAGS = [
  { name: 'NTAG213', bytes: 144 },
  { name: 'NTAG215', bytes: 504 },
  { name: 'NTAG216', bytes: 888 },
] as const;

/** The names of the tags that hold so many bytes. */
export function fittingTags(bytes: number): string[] {
  return TYPE2_TAGS.filter((tag) => bytes <= tag.bytes).map(({ name }) => name);
}
