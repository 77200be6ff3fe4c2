import { SmartTapError } from './error.ts';
import { VERSION } from './records/negotiate.ts';
import { CAPABILITY, decodeOseAnswer, decodeSmartTapAnswer, type OseAnswer } from './select.ts';
import type { Link } from './terminal-link.ts';
import type { TerminalSettings } from './terminal-options.ts';
import { type Ended, ended, endedBy, isSuccess } from './terminal-result.ts';

/** A handset that speaks Smart Tap: what a negotiation needs of it. */
export interface Selected {
  readonly ok: true;
  readonly handsetNonce: Uint8Array;
}

/** SELECT OSE, and SELECT Smart Tap 2 where it is needed. */
export async function select(
  { secondSelect }: TerminalSettings,
  link: Link,
): Promise<Selected | Ended> {
  const ose = await link.ask(() => ({ name: 'select-ose' }));
  if (!isSuccess(ose.sw)) return endedBy(ose.sw);
  const answer = readOse(ose.data);
  if (answer === null) return ended({ status: 'no-smart-tap', statusWord: ose.sw });
  if (!spansOurs(answer)) return ended({ status: 'version-unsupported', statusWord: ose.sw });
  const skips = (answer.capabilities & CAPABILITY.secondSelectMayBeSkipped) !== 0;
  if (secondSelect === 'when-needed' && skips && answer.handsetNonce !== null) {
    return { ok: true, handsetNonce: answer.handsetNonce };
  }
  return selectSmartTap(link);
}

/** Its nonce is the one that counts, though handsets tell the same twice (protocol §4, §12). */
async function selectSmartTap(link: Link): Promise<Selected | Ended> {
  const { data, sw } = await link.ask(() => ({ name: 'select-smart-tap' }));
  if (!isSuccess(sw)) return endedBy(sw);
  const answer = decodeSmartTapAnswer(data);
  if (!spansOurs(answer)) return ended({ status: 'version-unsupported', statusWord: sw });
  return { ok: true, handsetNonce: answer.mdn };
}

/** Null for another wallet: Apple's answers as well, and a directory may list no Smart Tap. */
function readOse(data: Uint8Array): OseAnswer | null {
  try {
    return decodeOseAnswer(data);
  } catch (error) {
    if (error instanceof SmartTapError && isOfAnotherWallet(error)) return null;
    throw error;
  }
}

function isOfAnotherWallet({ code, field }: SmartTapError): boolean {
  if (field === 'fci/6f/50') return code === 'wrong-value';
  return field.endsWith('/61') && code === 'missing';
}

function spansOurs(range: Pick<OseAnswer, 'minimumVersion' | 'maximumVersion'>): boolean {
  return range.minimumVersion <= VERSION && VERSION <= range.maximumVersion;
}
