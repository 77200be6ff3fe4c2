import type { Caller } from '../access/model.ts';
import type { Db } from '../platform/database.ts';
import type { TerminalName } from '../terminals/model.ts';
import { findLineStart } from './line-store.ts';
import { mayLookOn } from './place-rules.ts';
import type { Place } from './visitor-rules.ts';

/** Where a terminal stands, and now; null when the caller may not look on there. */
export async function placeFor(
  db: Db,
  caller: Caller,
  terminal: TerminalName,
): Promise<Place | null> {
  if (!mayLookOn(caller, terminal)) return null;
  return (await findLineStart(db, terminal))?.place ?? null;
}
