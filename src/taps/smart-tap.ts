import type { Vertical } from '../passes/model.ts';
import { fromHex, toBase64Url, utf8 } from '../platform/bytes.ts';
import {
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
  return { issuer, id: fromHex(hex), language: null };
}

/**
 * What proves a tap of the binary protocol: the 101 bytes that the terminal signed and its DER
 * signature (protocol §7.1). The handset's nonce names the tap; a further question in it has a
 * name of its own.
 */
export function evidenceOf(
  { negotiation, signature }: Pick<PassRequest, 'negotiation' | 'signature'>,
  turn: number,
): { readonly compact: string; readonly jti: string } {
  const blob = toBase64Url(signedBlob(negotiation));
  const nonce = toBase64Url(negotiation.handsetNonce);
  return {
    compact: `smart-tap.${blob}.${toBase64Url(signature)}`,
    jti: turn === 0 ? nonce : `${nonce}.${turn}`,
  };
}

const TERMINAL_ID = /^[\x21-\x7e]{1,64}$/;

/** The terminal as it names itself; null when it does not, or in no form of ours. */
export function terminalOf({ merchant }: Pick<PassRequest, 'merchant'>): string | null {
  const text = merchant.tid && valueText(merchant.tid);
  return text && TERMINAL_ID.test(text) ? text : null;
}
