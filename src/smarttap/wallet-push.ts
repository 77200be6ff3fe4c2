import { equalBytes } from './bytes.ts';
import { SmartTapError } from './error.ts';
import { decodeSpr, encodePsr, type Spr } from './records/push.ts';
import { SES_STATUS } from './records/session.ts';
import { answer, fail, type Refusal, readOrError, refuse, type Step } from './wallet-answer.ts';
import type { WalletSettings } from './wallet-options.ts';
import { isSupportedVersion } from './wallet-select.ts';
import { answeringSes, countCommand } from './wallet-sequence.ts';
import type { WalletTap } from './wallet-tap.ts';

/** PUSH DATA: told on, and acknowledged; it may come before a session or without (protocol §10). */
export async function pushData(
  wallet: WalletSettings,
  before: WalletTap,
  message: Uint8Array,
): Promise<Step> {
  const spr = readOrError(() => decodeSpr(message));
  if (spr instanceof SmartTapError) return refuse(before, refusalOf(spr));
  const refusal = refusalOfPush(wallet, before, spr);
  if (refusal) return refuse(before, refusal);
  const counters = countCommand(before.counters, spr.ses);
  if (counters === null) return refuseSequence(before, spr);
  const tap = { ...before, counters };
  const { bpr, nsr, ssr } = spr;
  try {
    await wallet.onPush({ collectorId: tap.collectorId, bpr, nsr, ssr });
  } catch (fault) {
    return fail(wallet, tap, fault);
  }
  return answer(tap, encodePsr({ ses: answeringSes(spr.ses, SES_STATUS.ok) }));
}

function refusalOf({ field }: SmartTapError): Refusal {
  return /\/nsu(?:\/|$)/.test(field) ? 'push-uri-invalid' : 'request-malformed';
}

function refusalOfPush(wallet: WalletSettings, tap: WalletTap, spr: Spr): Refusal | null {
  if (!isSupportedVersion(spr.version)) return 'version-unsupported';
  if (wallet.locked()) return 'device-locked';
  const foreign = tap.session && !equalBytes(tap.session.sessionId, spr.ses.sessionId);
  if (foreign) return 'session-foreign';
  return spr.nsr.every(({ nsu }) => URL.canParse(nsu)) ? null : 'push-uri-invalid';
}

function refuseSequence(tap: WalletTap, { ses }: Spr): Step {
  const data = encodePsr({ ses: answeringSes(ses, SES_STATUS.invalidSequenceNumber) });
  return refuse({ ...tap, session: null }, 'sequence-not-rising', data);
}
