import { ByteReader, uint8 } from '../bytes.ts';
import type { NdefRecord } from '../ndef.ts';
import { external, type Part } from './record.ts';

/** `pcr`, what the terminal can do: five bytes of bits, each from the table of its name below. */
export interface Pcr {
  readonly system: number;
  readonly userInterface: number;
  readonly checkout: number;
  readonly cardholderVerification: number;
  readonly tapMode: number;
}

/** Only `zlib` and the tap mode have a known effect (protocol §9). */
export const PCR_SYSTEM = {
  standalone: 0x01,
  semiIntegrated: 0x02,
  unattended: 0x04,
  online: 0x08,
  offline: 0x10,
  mmp: 0x20,
  zlib: 0x40,
} as const;

export const PCR_USER_INTERFACE = {
  printer: 0x01,
  printerGraphics: 0x02,
  display: 0x04,
  images: 0x08,
  audio: 0x10,
  animation: 0x20,
  video: 0x40,
} as const;

export const PCR_CHECKOUT = {
  payment: 0x01,
  digitalReceipt: 0x02,
  serviceIssuance: 0x04,
  otaPosData: 0x08,
} as const;

export const PCR_CARDHOLDER_VERIFICATION = {
  onlinePin: 0x01,
  offlinePin: 0x02,
  signature: 0x04,
  none: 0x08,
  deviceCode: 0x10,
  spCode: 0x20,
  identityDocument: 0x40,
  biometric: 0x80,
} as const;

export const PCR_TAP_MODE = {
  passOnly: 0x01,
  paymentOnly: 0x02,
  passAndPayment: 0x04,
  passOverPayment: 0x08,
} as const;

export function writePcr(pcr: Pcr): NdefRecord {
  return external(
    'pcr',
    uint8(pcr.system, 'pcr/system'),
    uint8(pcr.userInterface, 'pcr/userInterface'),
    uint8(pcr.checkout, 'pcr/checkout'),
    uint8(pcr.cardholderVerification, 'pcr/cardholderVerification'),
    uint8(pcr.tapMode, 'pcr/tapMode'),
  );
}

export function readPcr({ field, payload }: Part): Pcr {
  const reader = new ByteReader(payload, field);
  const pcr = {
    system: reader.uint8('system'),
    userInterface: reader.uint8('userInterface'),
    checkout: reader.uint8('checkout'),
    cardholderVerification: reader.uint8('cardholderVerification'),
    tapMode: reader.uint8('tapMode'),
  };
  reader.end();
  return pcr;
}
