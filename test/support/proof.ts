import { inject, type TestContext } from 'vitest';

/** One line of the table that `npm run proof` prints. */
export interface ProofLine {
  /** The promise's name, as docs/proof.md numbers it: C1, D2, E3. */
  readonly promise: string;
  readonly by: 'ours' | 'twin';
  /** What was done to it, in a few words and numbers. */
  readonly faults: string;
  /** What was counted: acknowledged, lost, doubled. */
  readonly figure: string;
}

declare module 'vitest' {
  interface TaskMeta {
    proof?: ProofLine[];
  }
  interface ProvidedContext {
    /** How long a proof may take; absent in an ordinary run of the tests. */
    proof: 'short' | 'long';
  }
}

/** The size of a proof: in an ordinary run, and under `npm run proof`. */
export function sized(short: number, long: number): number {
  return inject('proof') === 'long' ? long : short;
}

/** Says what a test has shown of a promise. To be called when it has held. */
export function proven(
  { task }: TestContext,
  promise: string,
  faults: string,
  figure: string,
): void {
  note(task, { promise, by: 'ours', faults, figure });
}

/** Says how the naive twin failed the same. To be called when it has failed, as it must. */
export function twinFailed(
  { task }: TestContext,
  promise: string,
  faults: string,
  figure: string,
): void {
  note(task, { promise, by: 'twin', faults, figure });
}

function note(task: TestContext['task'], line: ProofLine): void {
  task.meta.proof = [...(task.meta.proof ?? []), line];
}
