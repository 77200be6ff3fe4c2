import { equalBytes } from './bytes.ts';
import { SmartTapError } from './error.ts';
import { type Asv, encodeBundle } from './records/bundle.ts';
import { PCR_SYSTEM } from './records/capabilities.ts';
import { decodeSrq, type Srq } from './records/service-request.ts';
import { encodeSrs } from './records/service-response.ts';
import { SES_STATUS, type Ses } from './records/session.ts';
import { plainText } from './records/value.ts';
import { sealBundle } from './sealing.ts';
import { SW } from './status-words.ts';
import { answer, fail, type Refusal, readOrError, refuse, type Step } from './wallet-answer.ts';
import type {
  PassDecision,
  PassRequest,
  WalletCustomer,
  WalletPass,
  WalletSettings,
} from './wallet-options.ts';
import { isSupportedVersion } from './wallet-select.ts';
import { answeringSes, countCommand } from './wallet-sequence.ts';
import type { WalletSession, WalletTap } from './wallet-tap.ts';

/** How an answer ends, with a means of payment ready and without (protocol §9.3). */
const ENDINGS = {
  send: { ready: SW.ok, notReady: SW.okNotReadyToPay },
  none: { ready: SW.okNoPass, notReady: SW.okNoPassNotReadyToPay },
} as const;

/** GET DATA: the passes that this terminal may have, sealed for it. */
export async function getData(
  wallet: WalletSettings,
  before: WalletTap,
  message: Uint8Array,
): Promise<Step> {
  const srq = readOrError(() => decodeSrq(message));
  if (srq instanceof SmartTapError) return refuse(before, refusalOf(srq));
  const refusal = refusalOfRequest(wallet, before, srq);
  if (refusal) return refuse(before, refusal);
  if (before.session === null) return withoutSession(wallet, before);
  const counters = countCommand(before.counters, srq.ses);
  if (counters === null) return refuseSequence(before, srq.ses);
  const tap = { ...before, counters };
  const trusted = before.session.authentication === 'live' || wallet.trustPreSigned;
  return trusted ? release(wallet, tap, before.session, srq) : nothing(wallet, tap);
}

function refusalOf({ code, field }: SmartTapError): Refusal {
  const noMerchant = code === 'missing' && (field === 'srq/mer' || field === 'srq/mer/cld');
  return noMerchant ? 'merchant-missing' : 'request-malformed';
}

function refusalOfRequest(wallet: WalletSettings, tap: WalletTap, srq: Srq): Refusal | null {
  if (!isSupportedVersion(srq.version)) return 'version-unsupported';
  if (tap.collectorId !== null && tap.collectorId !== srq.mer.cld) return 'other-collector';
  if (wallet.locked()) return 'device-locked';
  const foreign = tap.session && !equalBytes(tap.session.sessionId, srq.ses.sessionId);
  return foreign ? 'session-foreign' : null;
}

/**
 * A terminal that has not negotiated is answered, with nothing (protocol §13, point 7). For one whose
 * session is over that would be a lie: it gets its passes when it negotiates anew.
 */
function withoutSession(wallet: WalletSettings, tap: WalletTap): Step {
  return tap.collectorId === null ? nothing(wallet, tap) : refuse(tap, 'session-over');
}

/** The status byte tells why; the session is over (§13, point 2). */
function refuseSequence(tap: WalletTap, command: Ses): Step {
  const ses = answeringSes(command, SES_STATUS.invalidSequenceNumber);
  return refuse({ ...tap, session: null }, 'sequence-not-rising', encodeSrs({ ses, reb: null }));
}

function nothing(wallet: WalletSettings, tap: WalletTap): Step {
  return answer(tap, new Uint8Array(), ending(wallet, 'none'));
}

function ending(wallet: WalletSettings, outcome: keyof typeof ENDINGS): number {
  const { ready, notReady } = ENDINGS[outcome];
  return wallet.readyToPay() ? ready : notReady;
}

async function release(
  wallet: WalletSettings,
  tap: WalletTap,
  session: WalletSession,
  srq: Srq,
): Promise<Step> {
  try {
    const decision = await wallet.decide(requestOf(session, srq));
    if (decision.outcome === 'choose') return refuse(tap, 'user-has-to-choose');
    if (decision.outcome === 'retry') return refuse(tap, 'try-again');
    if (decision.outcome === 'none' && !decision.customer) return nothing(wallet, tap);
    const data = await sealedAnswer(wallet, tap, session, srq, decision);
    return { tap, data, sw: ending(wallet, decision.outcome), inParts: true };
  } catch (fault) {
    return fail(wallet, tap, fault);
  }
}

function requestOf(session: WalletSession, { mer, slr, pcr }: Srq): PassRequest {
  const { negotiation, signature, keyVersion, authentication } = session;
  return {
    collectorId: negotiation.collectorId,
    keyVersion,
    authentication,
    serviceTypes: slr,
    merchant: mer,
    capabilities: pcr,
    negotiation,
    signature,
  };
}

type Told = Extract<PassDecision, { outcome: 'send' | 'none' }>;

/**
 * The passes, then the customer, as real handsets send them (§9.2). A terminal that sends no `pcr`
 * may be Google's sample, which reads one part and no more (§9.1): where the passes alone fit in one,
 * the customer is left out (§13, point 10).
 */
async function sealedAnswer(
  wallet: WalletSettings,
  tap: WalletTap,
  session: WalletSession,
  srq: Srq,
  told: Told,
): Promise<Uint8Array> {
  const passes = told.outcome === 'send' ? told.passes.map(passAsv) : [];
  const customer = told.customer ? [customerAsv(tap, told.customer)] : [];
  const whole = await seal(wallet, session, srq, [...passes, ...customer]);
  const fits = (data: Uint8Array) => data.length <= wallet.maxResponseBytes;
  if (fits(whole) || srq.pcr !== null || passes.length === 0) return whole;
  const passesAlone = await seal(wallet, session, srq, passes);
  return fits(passesAlone) ? passesAlone : whole;
}

async function seal(
  { primitives }: WalletSettings,
  { keys }: WalletSession,
  { ses, pcr }: Srq,
  objects: readonly Asv[],
): Promise<Uint8Array> {
  const compressed = ((pcr?.system ?? 0) & PCR_SYSTEM.zlib) !== 0;
  const reb = await sealBundle(primitives, keys, encodeBundle(objects), compressed);
  return encodeSrs({ ses: answeringSes(ses, SES_STATUS.ok), reb });
}

function passAsv({ issuer, type, objectId, value, fields }: WalletPass): Asv {
  return { i: issuer, object: { type, oid: objectId, n: plainText(value), fields: fields ?? {} } };
}

function customerAsv(tap: WalletTap, { issuer, id, language }: WalletCustomer): Asv {
  const cpl = language === null ? null : plainText(language);
  return { i: issuer, object: { type: 'cus', cid: id, cpl, cut: tap.customerTapId, cud: null } };
}
