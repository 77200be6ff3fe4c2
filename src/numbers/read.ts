import { type Caller, mayActFor } from '../access/model.ts';
import type { Db } from '../platform/database.ts';
import { localDate } from './day-rules.ts';
import type { Cell, Division, Entry, Numbers, Range } from './model.ts';
import { auditedOf, cellsOf, hourOf, numbersOf } from './rules.ts';
import { gatherNumbers, gatherTotals, type PartialSum } from './store.ts';

/** Numbers of a part: an hour, a day, a store or a redemption issuer; empty where none is known. */
export interface PartNumbers extends Numbers {
  readonly part: string;
}

export interface ClassNumbers {
  readonly parts: readonly PartNumbers[];
  readonly total: Numbers;
}

/**
 * The numbers of a class with everything that is committed. Null when there is no such class for
 * the caller.
 */
export async function readNumbers(
  db: Db,
  caller: Caller,
  classId: string,
  by: Division,
  asked: Range,
): Promise<ClassNumbers | null> {
  const range = { from: beginningOf(asked.from), to: asked.to };
  const gathered = await gatherNumbers(db, classId, by, range);
  if (gathered === null || !mayActFor(caller, gathered.issuerId)) return null;
  const { folded, unsealed, timeZone } = gathered;
  const fresh = unsealed.flatMap(cellsIn).filter((cell) => cell.classId === classId);
  const sums = [...folded, ...fresh.filter(isWithin(range)).map(partialSum(by))];
  const parts = by === 'day' ? sums.map(onItsDay(timeZone)) : sums;
  return { parts: divided(parts), total: numbersOf(sums) };
}

/** The counters of classes over their whole lives, for each that something happened to. */
export async function readTotals(
  db: Db,
  classIds: readonly string[],
): Promise<ReadonlyMap<string, Numbers>> {
  const { folded, unsealed } = await gatherTotals(db, classIds);
  const sums = [...folded, ...unsealed.flatMap(cellsIn)];
  const byClass = grouped(sums, ({ classId }) => classId);
  return new Map(classIds.map((id) => [id, numbersOf(byClass.get(id) ?? [])]));
}

function cellsIn(entry: Entry): readonly Cell[] {
  return cellsOf(auditedOf(entry));
}

/** An hour counts when it begins in the range, so the range begins with the hour it begins in. */
function beginningOf(from: Date | null): Date | null {
  return from === null ? null : new Date(hourOf(from.toISOString()));
}

function isWithin({ from, to }: Range): (cell: Cell) => boolean {
  return ({ hour }) => {
    const begins = new Date(hour);
    return (from === null || begins >= from) && (to === null || begins < to);
  };
}

const PART: Readonly<Record<Division, (cell: Cell) => string>> = {
  total: () => '',
  hour: ({ hour }) => hour,
  day: ({ hour }) => hour,
  store: ({ storeId }) => storeId,
  redemptionIssuer: ({ redemptionIssuerId }) => redemptionIssuerId,
};

function partialSum(by: Division): (cell: Cell) => PartialSum {
  return (cell) => ({ ...cell, part: PART[by](cell) });
}

/** An hour that a day ends within counts for the day that it begins on. */
function onItsDay(timeZone: string): (sum: PartialSum) => PartialSum {
  return (sum) => ({ ...sum, part: localDate(new Date(sum.part), timeZone) });
}

function divided(sums: readonly PartialSum[]): PartNumbers[] {
  return [...grouped(sums, ({ part }) => part)]
    .map(([part, some]) => ({ part, ...numbersOf(some) }))
    .sort((left, right) => (left.part < right.part ? -1 : 1));
}

function grouped(
  sums: readonly (PartialSum | Cell)[],
  key: (sum: PartialSum) => string,
): Map<string, PartialSum[]> {
  const groups = new Map<string, PartialSum[]>();
  for (const sum of sums as readonly PartialSum[]) {
    const group = groups.get(key(sum));
    if (group) group.push(sum);
    else groups.set(key(sum), [sum]);
  }
  return groups;
}
