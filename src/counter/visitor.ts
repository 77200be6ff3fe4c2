import type { Caller } from '../access/model.ts';
import type { Db } from '../platform/database.ts';
import type { TerminalName } from '../terminals/model.ts';
import type { Visitor } from './model.ts';
import { placeFor } from './place.ts';
import { visitorCard, visitorName } from './visitor-rules.ts';
import { findVisitorOfTap } from './visitor-store.ts';

/** Who tapped, with cards; null where there is no such tap at the terminal, or nobody is known. */
export async function readVisitor(
  db: Db,
  caller: Caller,
  terminal: TerminalName,
  tapId: string,
): Promise<Visitor | null> {
  const place = await placeFor(db, caller, terminal);
  const found = place === null ? null : await findVisitorOfTap(db, terminal, tapId);
  if (place === null || found === null) return null;
  return {
    ...visitorName(found.facts, place),
    tapId,
    cards: found.cards.map(visitorCard),
    lastVisit: found.lastVisit?.toISOString() ?? null,
  };
}
