import { relative } from 'node:path';
import type { Reporter, TestCase, TestModule, TestRunEndReason, Vitest } from 'vitest/node';
import { heading } from './heading.ts';
import { PROMISES } from './promises.ts';
import { type ProvingFile, provingFiles } from './proving-files.ts';
import { type ProofEntry, proofTable, shortcomings } from './table.ts';

export interface ProofOptions {
  /** The promises that must be shown; by default all of them, once every file that proves one ran. */
  readonly wanted?: readonly string[];
  /** Says what has been shown as soon as it is. */
  readonly progress?: boolean;
}

/** Prints what the tests have shown of each promise, and fails a run that has not shown it. */
export default class ProofReporter implements Reporter {
  readonly #options: ProofOptions;
  #vitest: Vitest | null = null;
  #table = '';
  #isProven = false;

  constructor(options: ProofOptions = {}) {
    this.#options = options;
  }

  /** The table of the run that has ended, under its date, commit and machine. */
  get table(): string {
    return this.#table;
  }

  get isProven(): boolean {
    return this.#isProven;
  }

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestModuleStart({ moduleId }: TestModule): void {
    if (this.#options.progress) this.#say(`… ${this.#pathOf(moduleId)}`);
  }

  onTestCaseResult(test: TestCase): void {
    if (!this.#options.progress) return;
    for (const { promise, by, faults, figure } of this.#entriesOf(test)) {
      this.#say(
        `  ${promise} ${by === 'ours' ? 'holds' : 'fails in the twin'}: ${faults}: ${figure}`,
      );
    }
  }

  onTestRunEnd(
    modules: readonly TestModule[],
    _errors: readonly unknown[],
    reason: TestRunEndReason,
  ): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const entries = tests.flatMap((test) => this.#entriesOf(test));
    const wanted = this.#wanted(modules);
    if (entries.length === 0 && wanted.length === 0) return;
    const failed = modules
      .filter((module) => module.state() === 'failed')
      .map(({ moduleId }) => this.#pathOf(moduleId));
    const missing = shortcomings({ entries, failed }, wanted);
    this.#isProven = missing.length === 0 && reason === 'passed';
    this.#table = `${heading(this.#root)}\n\n${proofTable(entries)}`;
    this.#say(`\n${this.#table}\n`);
    for (const line of missing) this.#say(line);
    if (!this.#isProven) process.exitCode = 1;
  }

  /** A run of some files or tests owes only what it was asked for. */
  #wanted(modules: readonly TestModule[]): readonly string[] {
    if (this.#options.wanted !== undefined) return this.#options.wanted;
    const ran = new Set(modules.map(({ moduleId }) => moduleId));
    const isComplete =
      this.#vitest?.config.testNamePattern === undefined &&
      provingFiles(this.#root).every(({ path }: ProvingFile) => ran.has(path));
    return isComplete ? Object.keys(PROMISES) : [];
  }

  /** What a test said counts only when the whole of it has passed. */
  #entriesOf(test: TestCase): ProofEntry[] {
    if (test.result().state !== 'passed') return [];
    const file = this.#pathOf(test.module.moduleId);
    return (test.meta().proof ?? []).map((line) => ({ ...line, file }));
  }

  get #root(): string {
    return this.#vitest?.config.root ?? process.cwd();
  }

  #pathOf(moduleId: string): string {
    return relative(this.#root, moduleId);
  }

  #say(text: string): void {
    this.#vitest?.logger.log(text);
  }
}
