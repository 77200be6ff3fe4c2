import { equalBytes } from './bytes.ts';
import type { Ses } from './records/session.ts';
import type { Counter } from './wallet-tap.ts';

type Counters = readonly Counter[];

/**
 * A negotiation is taken with any number and sets where counting begins (protocol §13, point 1):
 * terminals that try key after key begin each time with the same. One that comes again byte for byte,
 * however late, goes on where its own counting ended, or all that followed it could be sent once more
 * too.
 */
export function countNegotiation(
  counters: Counters,
  message: Uint8Array,
  { sessionId, sequence }: Ses,
): Counters {
  const again = counters.find((known) => known.message && equalBytes(known.message, message));
  const current = again ?? { sessionId, message: new Uint8Array(message), sequence };
  return [...counters.filter((counter) => counter !== again), current];
}

/**
 * Every further command of a session has a greater number than the one before; null if it has not.
 * That takes the streams of all known terminals, 0 1 2 and 1 3 5 and what leaves numbers out.
 */
export function countCommand(counters: Counters, { sessionId, sequence }: Ses): Counters | null {
  const current = counters.at(-1);
  if (current === undefined || !equalBytes(current.sessionId, sessionId)) {
    // Without a session anybody may push; of those the last alone is counted.
    const negotiated = counters.filter(({ message }) => message !== null);
    return [...negotiated, { sessionId, message: null, sequence }];
  }
  return sequence > current.sequence ? [...counters.slice(0, -1), { ...current, sequence }] : null;
}

/** The session record of an answer: the command's id, and its number and one (§6). */
export function answeringSes({ sessionId, sequence }: Ses, status: number): Ses {
  return { sessionId, sequence: (sequence + 1) % 256, status };
}
