import { SmartTapError } from './error.ts';
import { type Cpr, decodeNgr, encodeNrs, type Ngr } from './records/negotiate.ts';
import { SES_STATUS, type Ses } from './records/session.ts';
import { deriveSessionKeys } from './session-keys.ts';
import { type Negotiation, verifyNegotiation } from './signature.ts';
import { SW } from './status-words.ts';
import { answer, type Refusal, readOrError, refuse, type Step } from './wallet-answer.ts';
import type { WalletSettings } from './wallet-options.ts';
import { isSupportedVersion } from './wallet-select.ts';
import { answeringSes, countNegotiation } from './wallet-sequence.ts';
import type { WalletSession, WalletTap } from './wallet-tap.ts';

/**
 * A terminal tries its key versions one after the other; whoever tries more is guessing. It also
 * bounds what a tap has to remember of those that were accepted.
 */
const MAX_NEGOTIATIONS = 16;

/**
 * NEGOTIATE: the terminal proves who it is, and both get keys in common. Once it has tried, what an
 * earlier proof gave is over.
 */
export async function negotiate(
  wallet: WalletSettings,
  before: WalletTap,
  message: Uint8Array,
): Promise<Step> {
  const ngr = readOrError(() => decodeNgr(message));
  if (ngr instanceof SmartTapError) return refuse(before, refusalOf(ngr));
  const refusal = refusalBeforeProof(before, ngr);
  if (refusal) return refuse(before, refusal);
  const tap = { ...before, session: null, negotiations: before.negotiations + 1 };
  const session = await prove(wallet, tap, ngr);
  return typeof session === 'string'
    ? refuse(tap, session)
    : accept(tap, message, ngr.ses, session);
}

function refusalOf({ code, field }: SmartTapError): Refusal {
  if (field === 'ngr/cpr/cld' && code === 'missing') return 'merchant-missing';
  return field.startsWith('ngr/cpr') ? 'crypto-malformed' : 'request-malformed';
}

function refusalBeforeProof(tap: WalletTap, { version, cpr }: Ngr): Refusal | null {
  if (!isSupportedVersion(version)) return 'version-unsupported';
  if (tap.collectorId !== null && tap.collectorId !== cpr.cld) return 'other-collector';
  return tap.negotiations >= MAX_NEGOTIATIONS ? 'too-many-negotiations' : null;
}

async function prove(
  { primitives, collectorKey }: WalletSettings,
  { handsetNonce, keyPair }: WalletTap,
  { ses, cpr }: Ngr,
): Promise<WalletSession | Refusal> {
  const publicKey = await collectorKey(cpr.cld, cpr.keyVersion);
  if (publicKey === null) return 'terminal-not-authenticated';
  const secret = primitives.sharedSecret(keyPair.privateKey, cpr.terminalPublicKey);
  if (secret === null) return 'crypto-malformed';
  const negotiation = negotiationOf(handsetNonce, cpr);
  if (!verifyNegotiation(primitives, publicKey, cpr.sig, negotiation, cpr.live)) {
    return 'terminal-not-authenticated';
  }
  // Pre-signed too with the real nonce, as all known terminals do (protocol §13, point 8).
  const context = { negotiation, signature: cpr.sig, handsetPublicKey: keyPair.publicKey };
  return {
    sessionId: ses.sessionId,
    negotiation,
    signature: cpr.sig,
    keyVersion: cpr.keyVersion,
    authentication: cpr.live ? 'live' : 'pre-signed',
    keys: deriveSessionKeys(primitives, secret, context),
  };
}

function negotiationOf(handsetNonce: Uint8Array, cpr: Cpr): Negotiation {
  const { terminalNonce, cld, terminalPublicKey } = cpr;
  return { terminalNonce, handsetNonce, collectorId: cld, terminalPublicKey };
}

function accept(before: WalletTap, message: Uint8Array, ses: Ses, session: WalletSession): Step {
  const tap = {
    ...before,
    session,
    collectorId: session.negotiation.collectorId,
    counters: countNegotiation(before.counters, message, ses),
  };
  const dpk = tap.keyPair.publicKey;
  const data = encodeNrs({ ses: answeringSes(ses, SES_STATUS.ok), dpk });
  return answer(tap, data, session.authentication === 'live' ? SW.ok : SW.okPreSigned);
}
