import { SmartTapError } from './error.ts';
import { VERSION } from './records/negotiate.ts';
import { decodePsr, encodeSpr } from './records/push.ts';
import type { Ses } from './records/session.ts';
import { FieldLost, type Link } from './terminal-link.ts';
import type { TerminalPush } from './terminal-options.ts';
import { isSuccess, type PushResult } from './terminal-result.ts';
import type { Sequence } from './terminal-sequence.ts';

/** PUSH DATA. Whatever becomes of it, what was read before stays read: it never rejects. */
export async function pushData(
  link: Link,
  sequence: Sequence,
  push: TerminalPush,
): Promise<PushResult> {
  try {
    const { data, sw } = await link.ask(() => ({
      name: 'push-data',
      message: messageOf(push, sequence.ses()),
    }));
    if (!isSuccess(sw)) return { acknowledged: false, statusWord: sw, fault: null };
    sequence.heard(decodePsr(data).ses);
    return { acknowledged: true, statusWord: sw, fault: null };
  } catch (fault) {
    if (!(fault instanceof SmartTapError || fault instanceof FieldLost)) throw fault;
    return { acknowledged: false, statusWord: null, fault };
  }
}

function messageOf({ bpr, nsr, ssr }: TerminalPush, ses: Ses): Uint8Array {
  return encodeSpr({ version: VERSION, ses, bpr: bpr ?? null, nsr: nsr ?? [], ssr: ssr ?? [] });
}
