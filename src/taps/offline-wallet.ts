import type { Vertical } from '../passes/model.ts';
import { toBase64Url } from '../platform/bytes.ts';
import {
  noblePrimitives,
  type PassDecision,
  type PassRequest,
  type Primitives,
  type WalletOptions,
} from '../smarttap/index.ts';
import { decideTap } from './decide.ts';
import type { HeldPass, Screen, TapOutcome } from './model.ts';
import { evidenceOf, passOnAir, terminalOf, verticalsAsked } from './smart-tap.ts';

/** The body of `GET /v1/wallets/{id}/sync`, as a phone has stored it. */
export interface StoredBundle {
  readonly passes: readonly StoredPass[];
  readonly redemptionIssuers: readonly {
    readonly issuerId: string;
    readonly collectorId: string;
    readonly keys: readonly { readonly version: number; readonly publicKeyPem: string }[];
  }[];
}

export interface StoredPass {
  readonly objectId: string;
  readonly classId: string;
  readonly issuerId: string;
  readonly type: Vertical;
  readonly state: string;
  readonly enableSmartTap: boolean;
  readonly redemptionValue: string | null;
  /** RFC 3339. */
  readonly validFrom: string | null;
  readonly validUntil: string | null;
  readonly redemptionIssuers: readonly string[];
}

/** A tap that was decided on the phone, in the form that `POST /v1/wallets/{id}/offline-taps` takes. */
export interface OfflineTap {
  /** What the terminal signed and its signature; the nonces in it name the tap. */
  readonly evidence: string;
  readonly keyVersion: number;
  /** 0 for the first question of a tap, 1 for the next. */
  readonly turn: number;
  readonly terminalId: string | null;
  readonly outcome: TapOutcome;
  /** The passes that were handed over. */
  readonly objectIds: readonly string[];
  /** By the phone's clock, RFC 3339. */
  readonly tappedAt: string;
}

export interface OfflineOptions {
  /** Asked at every tap, because the phone may have synced in between. */
  readonly bundle: () => StoredBundle;
  readonly screen: () => Screen;
  readonly now?: () => Date;
  /** To be kept until it is reported. */
  readonly onTap: (tap: OfflineTap) => void;
  /**
   * A terminal stated a collector or a key version that the bundle does not have: perhaps a new
   * one, and the phone should go online once. The terminal was refused.
   */
  readonly onUnknownKey?: (collectorId: string, version: number) => void;
  readonly primitives?: Primitives;
}

/**
 * The wallet's side of a tap without a network: the bundle stands for the database, and the same
 * decision is taken. Coupons are not in the bundle: whether one is still good, only the service
 * knows.
 */
export function offlineWallet(options: OfflineOptions): WalletOptions {
  const { primitives = noblePrimitives } = options;
  let tap = { nonce: '', turns: 0 };
  return {
    primitives,
    collectorKey: (collectorId, version) => keyIn(options, String(collectorId), version),
    decide: (request) => {
      const nonce = toBase64Url(request.negotiation.handsetNonce);
      tap = { nonce, turns: tap.nonce === nonce ? tap.turns + 1 : 0 };
      return decide(options, primitives, request, tap.turns);
    },
  };
}

function keyIn(
  { bundle, onUnknownKey }: OfflineOptions,
  collectorId: string,
  version: number,
): Uint8Array | null {
  const issuer = bundle().redemptionIssuers.find((known) => known.collectorId === collectorId);
  const key = issuer?.keys.find((known) => known.version === version);
  if (key !== undefined) return pointOf(key.publicKeyPem);
  onUnknownKey?.(collectorId, version);
  return null;
}

const POINT_BYTES = 65;

/** The service gives canonical keys only: they end with the uncompressed point (RFC 5480 §2.2). */
function pointOf(pem: string): Uint8Array {
  const body = pem.replaceAll(/-----[A-Z ]+-----|\s/g, '');
  const der = Uint8Array.from(atob(body), (character) => character.charCodeAt(0));
  return der.subarray(der.length - POINT_BYTES);
}

function decide(
  { bundle, screen, now = () => new Date(), onTap }: OfflineOptions,
  primitives: Primitives,
  request: PassRequest,
  turn: number,
): PassDecision {
  const collectorId = String(request.collectorId);
  const { passes, redemptionIssuers } = bundle();
  const issuer = redemptionIssuers.find((known) => known.collectorId === collectorId);
  if (issuer === undefined) return { outcome: 'none', customer: null };
  const at = now();
  const facts = {
    redemptionIssuerId: issuer.issuerId,
    storeId: null,
    types: verticalsAsked(request.serviceTypes),
    screen: screen(),
    plus: false,
    passes: passes.map(heldPass),
    coupons: [],
  };
  const { outcome, passes: sent } = decideTap(facts, at);
  onTap({
    evidence: evidenceOf(request),
    keyVersion: request.keyVersion,
    turn,
    terminalId: terminalOf(request),
    outcome,
    objectIds: sent.map(({ objectId }) => objectId),
    tappedAt: at.toISOString(),
  });
  const [first, ...others] = sent.map((pass) => passOnAir(primitives, pass));
  if (outcome === 'choose') return { outcome };
  // The pairwise secret stays with the service, so the customer is not told.
  if (first === undefined) return { outcome: 'none', customer: null };
  return { outcome: 'send', passes: [first, ...others], customer: null };
}

/** The bundle says of a pass that Smart Tap is on only when its class is approved. */
function heldPass({ validFrom, validUntil, ...pass }: StoredPass): HeldPass {
  return {
    ...pass,
    classApproved: true,
    validFrom: validFrom === null ? null : new Date(validFrom),
    validUntil: validUntil === null ? null : new Date(validUntil),
  };
}
