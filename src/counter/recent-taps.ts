import type { Caller } from '../access/model.ts';
import type { Db } from '../platform/database.ts';
import type { TerminalName } from '../terminals/model.ts';
import { readLastTaps } from './line-store.ts';
import type { CounterEvent } from './model.ts';
import { placeFor } from './place.ts';
import { counterEvent } from './visitor-rules.ts';

/** The last taps at a terminal, newest first; null when the caller has no such terminal. */
export async function readRecentTaps(
  db: Db,
  caller: Caller,
  terminal: TerminalName,
  limit: number,
): Promise<CounterEvent[] | null> {
  const place = await placeFor(db, caller, terminal);
  if (place === null) return null;
  const { events } = await readLastTaps(db, terminal, limit);
  return events.map((facts) => counterEvent(facts, place));
}
