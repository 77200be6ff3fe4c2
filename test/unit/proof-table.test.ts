import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PROMISES } from '../../tools/proof/promises.ts';
import { provingFiles } from '../../tools/proof/proving-files.ts';
import { type ProofEntry, proofTable, shortcomings } from '../../tools/proof/table.ts';
import { ROOT } from '../support/source-tree.ts';

const entry = (promise: string, by: ProofEntry['by'], more: Partial<ProofEntry> = {}) => ({
  promise,
  by,
  faults: '40 keys × 20',
  figure: by === 'ours' ? '40 effects' : '61 effects',
  file: 'test/a.test.ts',
  ...more,
});
const both = (promise: string) => [entry(promise, 'ours'), entry(promise, 'twin')];

describe('the table', () => {
  const rows = (entries: readonly ProofEntry[]) => proofTable(entries).split('\n').slice(2);

  test('has a figure beside that of its twin, by promise', () => {
    expect(rows([...both('C4'), ...both('C1')])).toEqual([
      `| C1 | ${PROMISES.C1} | 40 keys × 20 | 40 effects | 61 effects |`,
      `| C4 | ${PROMISES.C4} | 40 keys × 20 | 40 effects | 61 effects |`,
    ]);
  });

  test('tells the twin’s faults where they are others', () => {
    const twin = entry('C4', 'twin', { faults: '1 key × 20' });
    expect(rows([entry('C4', 'ours'), twin])[0]).toContain('| 1 key × 20: 61 effects |');
  });

  test('pairs what one file said of the same faults, then in its order, and keeps files apart', () => {
    const other = { file: 'test/b.test.ts' };
    const lines = [
      entry('C1', 'ours', { ...other, figure: 'fourth' }),
      entry('C1', 'ours', { faults: 'clocks', figure: 'first' }),
      entry('C1', 'ours', { faults: 'kills', figure: 'second' }),
      entry('C1', 'ours', { faults: 'delays', figure: 'third' }),
      entry('C1', 'twin', { faults: 'delays', figure: 'beside third' }),
      entry('C1', 'twin', { faults: 'jumps', figure: 'beside first' }),
      entry('C1', 'twin', { ...other, figure: 'beside fourth' }),
      entry('C1', 'twin', { ...other, faults: 'losses', figure: 'alone' }),
    ];
    expect(rows(lines)).toEqual([
      `| C1 | ${PROMISES.C1} | clocks | first | jumps: beside first |`,
      '|  |  | kills | second |  |',
      '|  |  | delays | third | beside third |',
      '|  |  | 40 keys × 20 | fourth | beside fourth |',
      '|  |  |  |  | losses: alone |',
    ]);
  });

  test('keeps its columns, whatever is said', () => {
    const odd = { faults: 'a|b', figure: 'two\nlines' };
    expect(rows([entry('C1', 'ours', odd)])).toEqual([
      `| C1 | ${PROMISES.C1} | a\\|b | two lines |  |`,
    ]);
  });
});

describe('a run', () => {
  const entries = [...both('C1'), ...both('C4')];

  test('with both lines of each promise lacks nothing', () => {
    expect(shortcomings({ entries, failed: [] }, ['C1', 'C4'])).toEqual([]);
    expect(shortcomings({ entries: [], failed: [] }, [])).toEqual([]);
  });

  test('without a line of ours', () => {
    const [, twin] = both('C8') as [ProofEntry, ProofEntry];
    expect(shortcomings({ entries: [...entries, twin], failed: [] }, ['C1', 'C8'])).toEqual([
      `C8: no test has shown it (${PROMISES.C8})`,
    ]);
  });

  test('without its twin', () => {
    const [ours] = both('C8') as [ProofEntry, ProofEntry];
    expect(shortcomings({ entries: [...entries, ours], failed: [] }, ['C1', 'C8'])).toEqual([
      'C8: no naive twin has failed',
    ]);
  });

  test('with a failed test, though every line is there', () => {
    expect(shortcomings({ entries, failed: ['test/a.test.ts'] }, ['C1', 'C4'])).toEqual([
      'failed: test/a.test.ts',
    ]);
  });

  test('that shows what nobody promised', () => {
    const stray = entry('C99', 'ours');
    expect(shortcomings({ entries: [...entries, stray], failed: [] }, ['C1', 'C4'])).toEqual([
      'C99: test/a.test.ts shows what is not promised',
    ]);
  });
});

test('the page explains each promise in the words of the table', () => {
  const page = readFileSync(join(ROOT, 'docs/proof.md'), 'utf8');
  const rows = Object.entries(PROMISES).map(([name, words]) => `\n| ${name} ${words} | `);
  expect(rows.filter((row) => !page.includes(row))).toEqual([]);
});

describe('the files that prove something', () => {
  const files = provingFiles(ROOT.replace(/\/$/, ''));

  test('are found by what they import, with the promises they name', () => {
    const herd = files.find(({ path }) => path.endsWith('races/claims-herd.test.ts'));
    expect(herd?.promises).toEqual(['C1']);
  });

  test('name each promise once at least, so that each can be run alone', () => {
    const named = new Set(files.flatMap(({ promises }) => promises));
    expect(Object.keys(PROMISES).filter((name) => !named.has(name))).toEqual([]);
  });
});
