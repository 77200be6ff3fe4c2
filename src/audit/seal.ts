import type { Database, Tx } from '../platform/database.ts';
import { sealAfter } from './chain.ts';
import { gapsIn } from './gap-rules.ts';
import type { ChainEntry } from './model.ts';
import {
  becomeSealer,
  chainEnd,
  type FreshEntry,
  freshEntries,
  type NewSeal,
  type OpenGap,
  openGaps,
  replaceGaps,
  saveSeals,
} from './seal-store.ts';

/** What else is done with entries in the transaction that seals them: each comes here once. */
export type Fold = (tx: Tx, entries: readonly ChainEntry[]) => Promise<void>;

/** Larger ones hold the lock for longer than they save round trips. */
const BATCH_SIZE = 5000;
/** So that a process that is told to stop does so soon, however much waits. */
const MOST_BATCHES = 10;

/**
 * Seals the entries that wait, batch by batch, until there are none, another process is the sealer,
 * or enough was done for one turn; gives how many.
 */
export async function sealWaiting(
  database: Database,
  fold: Fold,
  { size = BATCH_SIZE, batches = MOST_BATCHES } = {},
): Promise<number> {
  let sealed = 0;
  for (let batch = 0; batch < batches; batch++) {
    const count = await sealBatch(database, fold, size);
    sealed += count;
    if (count < size) break;
  }
  return sealed;
}

/**
 * Seals the next entries in one transaction. Entries commit in another order than that of their
 * numbers, so what is passed over is kept as a gap and looked at again.
 */
export function sealBatch(database: Database, fold: Fold, size = BATCH_SIZE): Promise<number> {
  return database.transact(async (tx) => {
    if (!(await becomeSealer(tx))) return 0;
    const { end, highest } = await chainEnd(tx);
    const gaps = await openGaps(tx, size);
    const late = gaps.flatMap((gap) => gap.late);
    const fresh = await freshEntries(tx, highest, size);
    const entries = [...late, ...fresh];
    await keepGaps(tx, gaps, highest, fresh, size);
    if (entries.length === 0) return 0;
    const seals: NewSeal[] = [];
    let last = end;
    for (const entry of entries) {
      last = sealAfter(last, entry);
      seals.push({ ...last, entry: entry.seq });
    }
    await saveSeals(tx, seals);
    await fold(tx, entries);
    return entries.length;
  });
}

/** Writes down what is still missing: in the old gaps, and among the fresh entries. */
async function keepGaps(
  tx: Tx,
  open: readonly OpenGap[],
  highest: number,
  fresh: readonly FreshEntry[],
  size: number,
): Promise<void> {
  const changed = open.filter(({ isOver, late }) => isOver || late.length > 0);
  const left = changed.flatMap(({ late, isOver, seenAt, ...gap }) => {
    const isDone = isOver && late.length < size;
    return isDone ? [] : gapsIn(gap, numbersOf(late)).map((rest) => ({ ...rest, seenAt }));
  });
  const passed = { first: highest + 1, last: fresh.at(-1)?.seq ?? highest };
  const old = new Set(numbersOf(fresh.filter(({ isOld }) => isOld)));
  const fillable = gapsIn(passed, numbersOf(fresh)).filter(({ last }) => !old.has(last + 1));
  await replaceGaps(tx, changed, [...left, ...fillable]);
}

function numbersOf(entries: readonly ChainEntry[]): number[] {
  return entries.map(({ seq }) => seq);
}
