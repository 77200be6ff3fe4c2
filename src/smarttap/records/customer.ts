import type { NdefRecord } from '../ndef.ts';
import { encodeRecords, external, type Part, RecordSet, wellKnown } from './record.ts';
import { readId, writeId } from './service-object.ts';
import { readText, type Text, textPayload } from './text.ts';

/** `cus`, the customer (protocol §9.2). */
export interface Cus {
  readonly type: 'cus';
  /** Stable for one person and one collector, another for another collector; 16 bytes in the field. */
  readonly cid: Uint8Array;
  /** The preferred language. */
  readonly cpl: Text | null;
  /** New for every tap. */
  readonly cut: Uint8Array | null;
  /** The device. */
  readonly cud: Uint8Array | null;
}

export function writeCus({ cid, cpl, cut, cud }: Cus): NdefRecord {
  const records = encodeRecords([
    writeId('cid', cid),
    cpl && wellKnown('text', 'cpl', textPayload(cpl, 'cus/cpl')),
    cut && writeId('cut', cut),
    cud && writeId('cud', cud),
  ]);
  return external('cus', records);
}

export function readCus({ field, payload }: Part): Cus {
  const records = new RecordSet(payload, field);
  const cpl = records.optional('cpl', 'text');
  return {
    type: 'cus',
    cid: readId(records.one('cid')),
    cpl: cpl && readText(cpl),
    cut: readOptionalId(records, 'cut'),
    cud: readOptionalId(records, 'cud'),
  };
}

function readOptionalId(records: RecordSet, name: string): Uint8Array | null {
  const part = records.optional(name);
  return part && readId(part);
}
