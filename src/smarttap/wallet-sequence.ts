import { equalBytes } from './bytes.ts';
import type { Ses } from './records/session.ts';
import type { Counter } from './wallet-tap.ts';

/**
 * A negotiation is taken with any number and sets where counting begins (protocol §13, point 1):
 * terminals that try key after key begin each time with the same. Sent once more as it was, it does
 * not set the count back, or all that followed it could be sent once more too.
 */
export function countNegotiation(
  counter: Counter | null,
  { sessionId, sequence }: Ses,
  terminalNonce: Uint8Array,
): Counter {
  const again =
    counter?.terminalNonce != null &&
    equalBytes(counter.sessionId, sessionId) &&
    equalBytes(counter.terminalNonce, terminalNonce);
  return {
    sessionId,
    terminalNonce,
    sequence: again ? Math.max(counter.sequence, sequence) : sequence,
  };
}

/**
 * Every further command of a session has a greater number than the one before; null if it has not.
 * That takes the streams of all known terminals, 0 1 2 and 1 3 5 and what leaves numbers out.
 */
export function countCommand(
  counter: Counter | null,
  { sessionId, sequence }: Ses,
): Counter | null {
  if (counter === null || !equalBytes(counter.sessionId, sessionId)) {
    return { sessionId, terminalNonce: null, sequence };
  }
  return sequence > counter.sequence ? { ...counter, sequence } : null;
}

/** The session record of an answer: the command's id, and its number and one (§6). */
export function answeringSes({ sessionId, sequence }: Ses, status: number): Ses {
  return { sessionId, sequence: (sequence + 1) % 256, status };
}
