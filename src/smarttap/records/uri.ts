import { ByteReader, concatBytes, utf8, utf8Text } from '../bytes.ts';
import { SmartTapError } from '../error.ts';
import type { Part } from './record.ts';

/** What the first byte of a URI record stands for (NFC Forum RTD URI 1.0 §3.2.2). */
const PREFIXES: readonly string[] = [
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
];

/** The longest prefix that fits, and the rest in UTF-8. */
export function uriPayload(uri: string, field: string): Uint8Array {
  const prefix = PREFIXES.reduce(
    (best, next) => (next.length > best.length && uri.startsWith(next) ? next : best),
    '',
  );
  const code = PREFIXES.indexOf(prefix);
  return concatBytes(Uint8Array.of(code), utf8(uri.slice(prefix.length), field));
}

export function readUri({ field, payload }: Part): string {
  const reader = new ByteReader(payload, field);
  const prefix = PREFIXES[reader.uint8('prefix')];
  if (prefix === undefined) {
    throw new SmartTapError('wrong-value', `${field}/prefix`, 'is not a prefix of a URI');
  }
  return prefix + utf8Text(reader.rest(), field);
}
