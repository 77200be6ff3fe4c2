import { joinBytes } from './bytes.ts';
import { SmartTapError } from './error.ts';
import type { Primitives } from './primitives.ts';
import { collectorIdBytes } from './records/collector.ts';
import { NONCE_BYTES } from './records/negotiate.ts';

/** What both ends know of a negotiation before they have a key in common. */
export interface Negotiation {
  /** 32 bytes. */
  readonly terminalNonce: Uint8Array;
  /** 32 bytes. */
  readonly handsetNonce: Uint8Array;
  readonly collectorId: number;
  /** The terminal's ephemeral key, 33 bytes. */
  readonly terminalPublicKey: Uint8Array;
}

const NO_NONCE: Uint8Array = new Uint8Array(NONCE_BYTES);

/** The 101 bytes that a terminal signs (protocol §7.1). */
export function signedBlob(negotiation: Negotiation): Uint8Array {
  return joinBytes(signedParts(negotiation));
}

export function signedParts(negotiation: Negotiation): readonly Uint8Array[] {
  const { terminalNonce, handsetNonce, collectorId, terminalPublicKey } = negotiation;
  return [terminalNonce, handsetNonce, collectorIdBytes(collectorId), terminalPublicKey];
}

/** A pre-signed negotiation was made before any handset was there: it knows no nonce of one. */
export function preSigned(negotiation: Negotiation): Negotiation {
  return { ...negotiation, handsetNonce: NO_NONCE };
}

/** Signs with a collector's long-term key. */
export function signNegotiation(
  primitives: Primitives,
  privateKey: Uint8Array,
  negotiation: Negotiation,
  live: boolean,
): Uint8Array {
  const blob = signedBlob(live ? negotiation : preSigned(negotiation));
  try {
    return primitives.sign(blob, privateKey);
  } catch {
    throw new SmartTapError('bad-key', 'collector/privateKey', 'is no private key of P-256');
  }
}

export function verifyNegotiation(
  primitives: Primitives,
  publicKey: Uint8Array,
  signature: Uint8Array,
  negotiation: Negotiation,
  live: boolean,
): boolean {
  const blob = signedBlob(live ? negotiation : preSigned(negotiation));
  return primitives.verify(signature, blob, publicKey);
}
