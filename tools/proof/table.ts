import type { TaskMeta } from 'vitest';
import { PROMISES } from './promises.ts';

/** What a test that passed has said of a promise, and the file it stands in. */
export type ProofEntry = NonNullable<TaskMeta['proof']>[number] & { readonly file: string };

export interface ProofRun {
  readonly entries: readonly ProofEntry[];
  /** The names of tests and files that failed. */
  readonly failed: readonly string[];
}

/** A Markdown table of what was shown, by promise, each figure beside that of its twin. */
export function proofTable(entries: readonly ProofEntry[]): string {
  const head = [
    '| promise | what we promise | faults | figure | the naive twin |',
    '|---|---|---|---|---|',
  ];
  const named = [...new Set(entries.map(({ promise }) => promise))].sort();
  return [...head, ...named.flatMap((name) => rowsOf(name, entries))].join('\n');
}

function rowsOf(name: string, entries: readonly ProofEntry[]): string[] {
  const files = [...new Set(entries.map(({ file }) => file))].sort();
  const pairs = files.flatMap((file) =>
    pairsOf(entries.filter((entry) => entry.promise === name && entry.file === file)),
  );
  return pairs.map(({ ours, twin }, index) => {
    const first = index === 0 ? [name, PROMISES[name] ?? ''] : ['', ''];
    return row([...first, ours?.faults ?? '', ours?.figure ?? '', twinCell(twin, ours)]);
  });
}

interface Pair {
  readonly ours: ProofEntry | undefined;
  readonly twin: ProofEntry | undefined;
}

/** A figure of one file with that of the twin under the same faults, or with the next that is left. */
function pairsOf(entries: readonly ProofEntry[]): Pair[] {
  const twins = entries.filter(({ by }) => by === 'twin');
  const alike = entries
    .filter(({ by }) => by === 'ours')
    .map((ours) => ({ ours, twin: twins.find(({ faults }) => faults === ours.faults) }));
  const left = twins.filter((entry) => alike.every(({ twin }) => twin !== entry));
  const pairs = alike.map(({ ours, twin }) => ({ ours, twin: twin ?? left.shift() }));
  return [...pairs, ...left.map((twin) => ({ ours: undefined, twin }))];
}

/** The twin's figure; with its own faults where they are not those beside it. */
function twinCell(twin: ProofEntry | undefined, ours: ProofEntry | undefined): string {
  if (twin === undefined) return '';
  return twin.faults === ours?.faults ? twin.figure : `${twin.faults}: ${twin.figure}`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}

/** Why a run does not prove these promises; empty when it does. */
export function shortcomings({ entries, failed }: ProofRun, wanted: readonly string[]): string[] {
  const has = (name: string, by: ProofEntry['by']) =>
    entries.some((entry) => entry.promise === name && entry.by === by);
  return [
    ...failed.map((name) => `failed: ${name}`),
    ...entries
      .filter(({ promise }) => !(promise in PROMISES))
      .map(({ promise, file }) => `${promise}: ${file} shows what is not promised`),
    ...wanted
      .filter((name) => !has(name, 'ours'))
      .map((name) => `${name}: no test has shown it (${PROMISES[name]})`),
    ...wanted
      .filter((name) => !has(name, 'twin'))
      .map((name) => `${name}: no naive twin has failed`),
  ];
}
