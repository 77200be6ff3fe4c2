import type { Tx } from '../platform/database.ts';
import { addCells, findKnown } from './fold-store.ts';
import type { Audited, Entry } from './model.ts';
import { added, auditedOf, cellsOf, idToLookUp } from './rules.ts';

/** Adds entries to the numbers, in the transaction that seals them. */
export async function foldEntries(tx: Tx, entries: readonly Entry[]): Promise<void> {
  const audited = entries.map(auditedOf);
  const complete = await completed(tx, audited);
  await addCells(tx, added(complete.flatMap(cellsOf)));
}

/** Entries of earlier releases do not tell their class: it is looked up in the row they name. */
async function completed(tx: Tx, entries: readonly Audited[]): Promise<readonly Audited[]> {
  const ids = entries.map(idToLookUp).filter((id) => id !== null);
  const known = await findKnown(tx, ids);
  if (known.size === 0) return entries;
  return entries.map((entry) => {
    const found = known.get(idToLookUp(entry) ?? '');
    return found === undefined ? entry : { ...entry, detail: { ...found, ...entry.detail } };
  });
}
