import { VERSION } from './records/negotiate.ts';
import { CAPABILITY, encodeOseAnswer, encodeSmartTapAnswer } from './select.ts';
import { answer, type Step } from './wallet-answer.ts';
import type { WalletSettings } from './wallet-options.ts';
import type { WalletTap } from './wallet-tap.ts';

const MINIMUM_VERSION = 0x0000;
const APPLICATION_VERSION = 0x0001;

export function isSupportedVersion(version: number): boolean {
  return version >= MINIMUM_VERSION && version <= VERSION;
}

/** SELECT OSE: what the phone is, and its half of the session. A second one changes nothing. */
export function selectOse(wallet: WalletSettings, tap: WalletTap): Step {
  const skip = wallet.secondSelectMayBeSkipped ? CAPABILITY.secondSelectMayBeSkipped : 0;
  const data = encodeOseAnswer({
    applicationVersion: APPLICATION_VERSION,
    transactionMode: wallet.transactionMode,
    minimumVersion: MINIMUM_VERSION,
    maximumVersion: VERSION,
    capabilities: CAPABILITY.vasSupported | skip,
    handsetNonce: tap.handsetNonce,
    handsetPublicKey: tap.keyPair.publicKey,
  });
  return answer(tap, data);
}

/** SELECT Smart Tap 2. */
export function selectSmartTap(tap: WalletTap): Step {
  const data = encodeSmartTapAnswer({
    minimumVersion: MINIMUM_VERSION,
    maximumVersion: VERSION,
    mdn: tap.handsetNonce,
  });
  return answer(tap, data);
}
