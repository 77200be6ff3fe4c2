import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startVitest } from 'vitest/node';
import { PROMISES } from './promises.ts';
import { provingFiles } from './proving-files.ts';
import ProofReporter from './reporter.ts';

// `npm run proof`: the tests that prove something, in their long form; `-- C1 D2`: only these
// promises; `-- --write`: puts the table into docs/proof.md when all holds.
const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const PAGE = new URL('../../docs/proof.md', import.meta.url);
/** Longer than any test needs, also on a slow machine. */
const TEST_TIMEOUT_MS = 30 * 60_000;

const args = process.argv.slice(2);
const chosen = args.filter((arg) => !arg.startsWith('--'));
const unknown = chosen.filter((name) => !(name in PROMISES));
if (unknown.length > 0) {
  console.error(`no such promise: ${unknown.join(', ')}; there are ${Object.keys(PROMISES)}`);
  process.exitCode = 1;
} else {
  await prove(chosen);
}

/** Runs what proves these promises; none named: all. */
async function prove(names: readonly string[]): Promise<void> {
  const files = provingFiles(ROOT).filter(
    ({ promises }) => names.length === 0 || promises.some((name) => names.includes(name)),
  );
  const wanted = names.length === 0 ? Object.keys(PROMISES) : names;
  const proof = new ProofReporter({ wanted, progress: true });
  const paths = files.map(({ path }) => path);
  // Without a filter vitest would run everything.
  if (paths.length === 0) throw new Error(`no test names ${wanted}`);
  const vitest = await startVitest('test', paths, {
    root: ROOT,
    watch: false,
    reporters: ['default', proof],
    provide: { proof: 'long' },
    fileParallelism: false,
    testTimeout: TEST_TIMEOUT_MS,
  });
  await vitest.close();
  // The page holds all promises or none.
  if (args.includes('--write') && names.length === 0 && proof.isProven) write(proof.table);
}

function write(table: string): void {
  const [intro = ''] = readFileSync(PAGE, 'utf8').split('<!-- figures -->');
  writeFileSync(PAGE, `${intro}<!-- figures -->\n\n${table}\n`);
}
