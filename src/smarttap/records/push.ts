import { ByteReader, uint16 } from '../bytes.ts';
import type { NdefRecord } from '../ndef.ts';
import { type Nsr, readNsr, writeNsr } from './new-service.ts';
import {
  decodeOne,
  encodeOne,
  encodeRecords,
  external,
  type Part,
  RecordSet,
  wellKnown,
} from './record.ts';
import { readSsr, type Ssr, writeSsr } from './service-status.ts';
import { readSes, type Ses, writeSes } from './session.ts';
import { readText, type Text, textPayload } from './text.ts';

/** `bpr`, the basket's price. */
export interface Bpr {
  /** Nobody has said how the number is written (protocol §13, point 11). */
  readonly mon: Uint8Array;
  readonly ccd: Text;
}

/** `spr`, the data of PUSH DATA. */
export interface Spr {
  readonly version: number;
  readonly ses: Ses;
  readonly bpr: Bpr | null;
  readonly nsr: readonly Nsr[];
  readonly ssr: readonly Ssr[];
}

/** `psr`, the answer to PUSH DATA. */
export interface Psr {
  readonly ses: Ses;
}

export function encodeSpr({ version, ses, bpr, nsr, ssr }: Spr): Uint8Array {
  const records = encodeRecords([
    writeSes(ses),
    bpr && writeBpr(bpr),
    ...nsr.map(writeNsr),
    ...ssr.map(writeSsr),
  ]);
  return encodeOne('spr', uint16(version, 'spr/version'), records);
}

export function decodeSpr(message: Uint8Array): Spr {
  const { field, payload } = decodeOne(message, 'spr');
  const reader = new ByteReader(payload, field);
  const version = reader.uint16('version');
  const records = new RecordSet(reader.rest(), field);
  const bpr = records.optional('bpr');
  return {
    version,
    ses: readSes(records.one('ses')),
    bpr: bpr && readBpr(bpr),
    nsr: records.all('nsr').map(readNsr),
    ssr: records.all('ssr').map(readSsr),
  };
}

export function encodePsr({ ses }: Psr): Uint8Array {
  return encodeOne('psr', encodeRecords([writeSes(ses)]));
}

export function decodePsr(message: Uint8Array): Psr {
  const { field, payload } = decodeOne(message, 'psr');
  return { ses: readSes(new RecordSet(payload, field).one('ses')) };
}

function writeBpr({ mon, ccd }: Bpr): NdefRecord {
  const currency = wellKnown('text', 'ccd', textPayload(ccd, 'bpr/ccd'));
  return external('bpr', encodeRecords([external('mon', mon), currency]));
}

function readBpr({ field, payload }: Part): Bpr {
  const records = new RecordSet(payload, field);
  const mon = new Uint8Array(records.one('mon').payload);
  return { mon, ccd: readCurrency(records.one('ccd', 'text')) };
}

function readCurrency(part: Part): Text {
  const letters = bareCurrency(part.payload);
  return letters === null ? readText(part) : { language: '', text: letters };
}

/**
 * The published example holds the three letters alone, without the status byte of a text (protocol
 * §10). No text begins with a capital letter: it has the reserved bit of the status byte.
 */
export function bareCurrency(payload: Uint8Array): string | null {
  if (payload.length !== 3) return null;
  const letters = String.fromCharCode(...payload);
  return /^[A-Z]{3}$/.test(letters) ? letters : null;
}
