import { ByteReader, uint8 } from '../bytes.ts';
import type { NdefRecord } from '../ndef.ts';
import { encodeRecords, external, type Part, RecordSet, wellKnown } from './record.ts';
import { readText, type Text, textPayload } from './text.ts';
import { readUri, uriPayload } from './uri.ts';

/** The first byte of `nsr` (protocol §10). */
export const SERVICE_KIND = {
  unspecified: 0,
  valuable: 1,
  receipt: 2,
  survey: 3,
  goods: 4,
  signUp: 5,
} as const;

/** `nsr`, a new service that the terminal offers to the phone. */
export interface Nsr {
  /** One of `SERVICE_KIND`, or a byte that is not listed. */
  readonly kind: number;
  /** The title. */
  readonly nst: Text;
  /** The whole URI. */
  readonly nsu: string;
}

export function writeNsr({ kind, nst, nsu }: Nsr): NdefRecord {
  const records = encodeRecords([
    wellKnown('text', 'nst', textPayload(nst, 'nsr/nst')),
    wellKnown('uri', 'nsu', uriPayload(nsu, 'nsr/nsu')),
  ]);
  return external('nsr', uint8(kind, 'nsr/kind'), records);
}

export function readNsr({ field, payload }: Part): Nsr {
  const reader = new ByteReader(payload, field);
  const kind = reader.uint8('kind');
  const records = new RecordSet(reader.rest(), field);
  const nst = readText(records.one('nst', 'text'));
  return { kind, nst, nsu: readUri(records.one('nsu', 'uri')) };
}
