import { sealAfter } from '../../../src/audit/chain.ts';
import { chainEnd, freshEntries, type NewSeal, saveSeals } from '../../../src/audit/seal-store.ts';
import type { Database } from '../../../src/platform/database.ts';

/** Takes no turns, and takes every number below the highest for sealed. */
export function sealNaively(database: Database, size: number): Promise<number> {
  return database.transact(async (tx) => {
    const { end, highest } = await chainEnd(tx);
    const entries = await freshEntries(tx, highest, size);
    const seals: NewSeal[] = [];
    let last = end;
    for (const entry of entries) {
      last = sealAfter(last, entry);
      seals.push({ ...last, entry: entry.seq });
    }
    await saveSeals(tx, seals);
    return seals.length;
  });
}
