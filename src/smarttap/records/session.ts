import { ByteReader, byte, ofLength } from '../bytes.ts';
import type { NdefRecord } from '../ndef.ts';
import { external, type Part } from './record.ts';

/** The status byte of a session record (protocol §6). Terminals send `ok`. */
export const SES_STATUS = {
  unknown: 0x00,
  ok: 0x01,
  ndefInvalid: 0x02,
  versionUnsupported: 0x03,
  invalidSequenceNumber: 0x04,
  unknownMerchant: 0x05,
  merchantInfoMissing: 0x06,
  serviceDataMissing: 0x07,
  resendRequest: 0x08,
  dataNotAvailableYet: 0x09,
} as const;

/** `ses`, the session: one id for a tap, and a number that rises with every command. */
export interface Ses {
  /** 8 bytes, chosen by the terminal. */
  readonly sessionId: Uint8Array;
  /** 0 to 255. The handset answers with the command's number and one. */
  readonly sequence: number;
  /** One of `SES_STATUS`, or a byte that is not listed. */
  readonly status: number;
}

const SESSION_ID_BYTES = 8;

export function writeSes({ sessionId, sequence, status }: Ses): NdefRecord {
  return external(
    'ses',
    ofLength(sessionId, SESSION_ID_BYTES, 'ses/sessionId'),
    Uint8Array.of(byte(sequence, 'ses/sequence'), byte(status, 'ses/status')),
  );
}

export function readSes({ field, payload }: Part): Ses {
  const reader = new ByteReader(payload, field);
  const sessionId = reader.bytes(SESSION_ID_BYTES, 'sessionId');
  const ses = { sessionId, sequence: reader.uint8('sequence'), status: reader.uint8('status') };
  reader.end();
  return ses;
}
