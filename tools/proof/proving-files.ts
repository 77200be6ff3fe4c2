import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A test file that says what it has shown, and of which promises. */
export interface ProvingFile {
  /** Absolute, as vitest names its modules. */
  readonly path: string;
  readonly promises: readonly string[];
}

const IMPORTS_PROOF = /from '[./]*\/support\/proof\.ts'/;
/** The name of a promise as it stands in a call of `proven` or `twinFailed`. */
const NAMED = /\b(?:proven|twinFailed)\(\s*[\w.]+,\s*'([A-Z]\d+)'/g;

/** The test files under a repository's root that import test/support/proof.ts. */
export function provingFiles(root: string): ProvingFile[] {
  return readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .sort()
    .map((name) => ({ path: join(root, 'test', name) }))
    .map(({ path }) => ({ path, text: readFileSync(path, 'utf8') }))
    .filter(({ text }) => IMPORTS_PROOF.test(text))
    .map(({ path, text }) => ({ path, promises: promisesIn(text) }));
}

function promisesIn(text: string): string[] {
  return [...new Set(Array.from(text.matchAll(NAMED), ([, name = '']) => name))];
}
