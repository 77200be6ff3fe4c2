import { ByteReader, concatBytes, ofLength } from '../bytes.ts';
import { SmartTapError } from '../error.ts';
import type { NdefRecord } from '../ndef.ts';
import { external, type Part } from './record.ts';

/** `reb`, the framing of a bundle (protocol §8); what is inside is sealed and opened elsewhere. */
export type Reb =
  | {
      readonly encrypted: true;
      readonly compressed: boolean;
      /** 12 bytes, the head of the first counter block. */
      readonly iv: Uint8Array;
      readonly ciphertext: Uint8Array;
      /** HMAC-SHA256 over `iv` and `ciphertext`, 32 bytes. */
      readonly mac: Uint8Array;
    }
  | { readonly encrypted: false; readonly compressed: boolean; readonly content: Uint8Array };

const ENCRYPTED = 0x01;
const COMPRESSED = 0x02;
const IV_BYTES = 12;
const MAC_BYTES = 32;

export function writeReb(reb: Reb): NdefRecord {
  const flags = (reb.encrypted ? ENCRYPTED : 0) | (reb.compressed ? COMPRESSED : 0);
  return external('reb', Uint8Array.of(flags), reb.encrypted ? sealedBytes(reb) : reb.content);
}

function sealedBytes({ iv, ciphertext, mac }: Extract<Reb, { encrypted: true }>): Uint8Array {
  return concatBytes(
    ofLength(iv, IV_BYTES, 'reb/iv'),
    ciphertext,
    ofLength(mac, MAC_BYTES, 'reb/mac'),
  );
}

export function readReb({ field, payload }: Part): Reb {
  const reader = new ByteReader(payload, field);
  const flags = reader.uint8('flags');
  if ((flags & ~(ENCRYPTED | COMPRESSED)) !== 0) {
    throw new SmartTapError('wrong-value', `${field}/flags`, 'has bits that mean nothing known');
  }
  const compressed = (flags & COMPRESSED) !== 0;
  if ((flags & ENCRYPTED) === 0) {
    return { encrypted: false, compressed, content: reader.bytes(reader.remaining, 'content') };
  }
  const iv = reader.bytes(IV_BYTES, 'iv');
  const ciphertext = reader.bytes(Math.max(0, reader.remaining - MAC_BYTES), 'ciphertext');
  return { encrypted: true, compressed, iv, ciphertext, mac: reader.bytes(MAC_BYTES, 'mac') };
}
