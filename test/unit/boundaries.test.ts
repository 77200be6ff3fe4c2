import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CLEAN_TREE,
  CONFIG,
  HIDDEN_PLANTS,
  PLANTS,
  plantTree,
  RULES,
  WAYS,
} from '../support/planted-imports.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BINARY = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');

interface Cruise {
  readonly totalCruised: number;
  readonly violations: readonly {
    readonly rule: { readonly name: string };
    readonly from: string;
  }[];
}

/** Cruises as `npm run boundaries` does, so that the parser is the one that guards the tree. */
function cruise(directory: string): Cruise {
  const folders = ['src', 'workers', 'test'];
  const reader = ['--import', join(ROOT, 'tools/read-tsx.mjs')];
  const args = [...reader, BINARY, '--config', CONFIG, '--output-type', 'json', ...folders];
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: directory,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (stdout === '') throw new Error(stderr);
  return (JSON.parse(stdout) as { summary: Cruise }).summary;
}

const planted = mkdtempSync(join(tmpdir(), 'tapline-boundaries-'));
const clean = mkdtempSync(join(tmpdir(), 'tapline-boundaries-'));
let found: ReadonlySet<string>;

beforeAll(() => {
  plantTree(planted, [...PLANTS, ...HIDDEN_PLANTS, ...WAYS]);
  plantTree(clean, CLEAN_TREE);
  found = new Set(cruise(planted).violations.map(({ rule, from }) => `${rule.name}: ${from}`));
});
afterAll(() => {
  for (const folder of [planted, clean]) rmSync(folder, { recursive: true, force: true });
});

describe('the check of the boundaries', () => {
  it.each(PLANTS)('finds $rule in $from', ({ rule, from }) => {
    expect(found).toContain(`${rule}: ${from}`);
  });

  it.each(HIDDEN_PLANTS)('finds $rule in $from, imported $how', ({ rule, from }) => {
    expect(found).toContain(`${rule}: ${from}`);
  });

  it('has a planted breach of every rule', () => {
    expect(PLANTS.map(({ rule }) => rule).sort()).toEqual(RULES.toSorted());
  });

  it('finds nothing in a tree that keeps the rules', () => {
    const { violations, totalCruised } = cruise(clean);
    expect(violations.map(({ rule, from }) => `${rule.name}: ${from}`)).toEqual([]);
    expect(totalCruised).toBe(CLEAN_TREE.length);
  });

  it('reads the modules of the real tree', () => {
    // Without a parser for TypeScript there are none of them, and nothing to find.
    expect(cruise(ROOT).totalCruised).toBeGreaterThan(50);
  });
});
