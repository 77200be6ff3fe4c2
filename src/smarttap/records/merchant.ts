import type { NdefRecord } from '../ndef.ts';
import { readCld, writeCld } from './collector.ts';
import { type Primitive, primitivePayload, readPrimitive } from './primitive.ts';
import { encodeRecords, external, type Part, RecordSet, wellKnown } from './record.ts';
import { readText, type Text, textPayload } from './text.ts';

/** `mer`, the merchant (protocol §9). */
export interface Mer {
  /** The collector ID as a number of four bytes. */
  readonly cld: number;
  /** The store. */
  readonly lid: Primitive | null;
  readonly tid: Primitive | null;
  /** The merchant's name. */
  readonly mnr: Text | null;
  /** The category, four digits. */
  readonly mcr: Primitive | null;
}

export function writeMer({ cld, lid, tid, mnr, mcr }: Mer): NdefRecord {
  const records = encodeRecords([
    writeCld(cld),
    lid && external('lid', primitivePayload(lid)),
    tid && external('tid', primitivePayload(tid)),
    mnr && wellKnown('text', 'mnr', textPayload(mnr, 'mer/mnr')),
    mcr && external('mcr', primitivePayload(mcr)),
  ]);
  return external('mer', records);
}

export function readMer({ field, payload }: Part): Mer {
  const records = new RecordSet(payload, field);
  const mnr = records.optional('mnr', 'text');
  return {
    cld: readCld(records.one('cld')),
    lid: readOptional(records, 'lid'),
    tid: readOptional(records, 'tid'),
    mnr: mnr && readText(mnr),
    mcr: readOptional(records, 'mcr'),
  };
}

function readOptional(records: RecordSet, name: string): Primitive | null {
  const part = records.optional(name);
  return part && readPrimitive(part);
}
