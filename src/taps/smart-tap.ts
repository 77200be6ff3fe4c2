import type { Vertical } from '../passes/model.ts';
import { type Bytes, fromBase64Url, toBase64Url, utf8 } from '../platform/bytes.ts';
import {
  fromHex,
  ISSUER_TYPE,
  type ObjectType,
  type PassRequest,
  type Primitives,
  SERVICE_TYPE,
  signedBlob,
  valueText,
  type WalletCustomer,
  type WalletPass,
} from '../smarttap/index.ts';
import type { SentCoupon, SentPass } from './model.ts';

// How Tapline's words and Smart Tap's stand for each other.

const OBJECT_TYPE: Readonly<Record<Vertical, ObjectType>> = {
  loyalty: 'ly',
  offer: 'of',
  giftCard: 'gc',
  eventTicket: 'et',
  transit: 'tr',
  flight: 'fl',
  generic: 'gr',
};

const VERTICAL_ASKED: Readonly<Record<number, Vertical>> = {
  [SERVICE_TYPE.loyalty]: 'loyalty',
  [SERVICE_TYPE.offer]: 'offer',
  [SERVICE_TYPE.giftCard]: 'giftCard',
  [SERVICE_TYPE.eventTicket]: 'eventTicket',
  [SERVICE_TYPE.transit]: 'transit',
  [SERVICE_TYPE.flight]: 'flight',
  [SERVICE_TYPE.generic]: 'generic',
};

const EVERYTHING: readonly number[] = [SERVICE_TYPE.all, SERVICE_TYPE.allExceptPpse];

/** The verticals that a terminal asks for; null when it asks for all. */
export function verticalsAsked(serviceTypes: readonly number[]): readonly Vertical[] | null {
  if (serviceTypes.some((type) => EVERYTHING.includes(type))) return null;
  return serviceTypes.flatMap((type) => VERTICAL_ASKED[type] ?? []);
}

const ISSUER_ID_BYTES = 4;
const OBJECT_ID_BYTES = 8;

export function passOnAir(
  primitives: Primitives,
  { objectId, issuerId, type, redemptionValue }: SentPass,
): WalletPass {
  return onAir(primitives, OBJECT_TYPE[type], objectId, issuerId, redemptionValue);
}

/** To a terminal a coupon is an offer. */
export function couponOnAir(
  primitives: Primitives,
  { id, issuerId, redemptionValue }: SentCoupon,
): WalletPass {
  return onAir(primitives, 'of', id, issuerId, redemptionValue);
}

function onAir(
  primitives: Primitives,
  type: ObjectType,
  id: string,
  issuerId: string,
  value: string,
): WalletPass {
  // Both ids are opaque on the air, and ours are longer than their room (protocol §9.2).
  const digest = (kind: string, text: string) => primitives.hmacSha256(utf8(kind), utf8(text));
  return {
    type,
    issuer: {
      type: ISSUER_TYPE.merchant,
      id: digest('issuer', issuerId).subarray(0, ISSUER_ID_BYTES),
    },
    objectId: digest('object', id).subarray(0, OBJECT_ID_BYTES),
    value,
  };
}

const PAIRWISE_REF = /^ref_([0-9a-f]{32})/;

/** The customer as this collector knows the wallet: `cid` is the first half of `walletRef`. */
export function customerOnAir(walletRef: string): WalletCustomer {
  const [, hex = ''] = PAIRWISE_REF.exec(walletRef) ?? [];
  const issuer = { type: ISSUER_TYPE.wallet, id: utf8('TAPL') };
  return { issuer, id: fromHex(hex, 'walletRef'), language: null };
}

/** What proves a tap of the binary protocol, read from its text. */
export interface Evidence {
  /** The 101 bytes that the terminal signed (protocol §7.1). */
  readonly signed: Bytes;
  /** DER. */
  readonly signature: Bytes;
  readonly collectorId: string;
  /** The handset's nonce, base64url. */
  readonly nonce: string;
}

/** The evidence as it is kept and reported. */
export function evidenceOf({
  negotiation,
  signature,
}: Pick<PassRequest, 'negotiation' | 'signature'>): string {
  return `smart-tap.${toBase64Url(signedBlob(negotiation))}.${toBase64Url(signature)}`;
}

const EVIDENCE = /^smart-tap\.([\w-]+)\.([\w-]+)$/;
const SIGNED_BYTES = 101;

/** Null for what is no evidence: both nonces have 32 bytes, the collector 4, the key 33. */
export function readEvidence(text: string): Evidence | null {
  const [, first = '', second = ''] = EVIDENCE.exec(text) ?? [];
  const [signed, signature] = [fromBase64Url(first), fromBase64Url(second)];
  if (signed?.length !== SIGNED_BYTES || signature === null) return null;
  const collectorId = String(new DataView(signed.buffer, signed.byteOffset).getUint32(64));
  return { signed, signature, collectorId, nonce: toBase64Url(signed.subarray(32, 64)) };
}

/** What keeps a tap from being recorded twice: its nonce; a further question in it has a turn. */
export function tapName(nonce: string, turn: number): string {
  return turn === 0 ? nonce : `${nonce}.${turn}`;
}

const TERMINAL_ID = /^[\x21-\x7e]{1,64}$/;

/** The terminal as it names itself; null when it does not, or in no form of ours. */
export function terminalOf({ merchant }: Pick<PassRequest, 'merchant'>): string | null {
  const text = merchant.tid && valueText(merchant.tid);
  return text && TERMINAL_ID.test(text) ? text : null;
}
