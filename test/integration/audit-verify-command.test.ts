import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { publishHead } from '../../src/audit/head-store.ts';
import type { ChainEnd } from '../../src/audit/model.ts';
import { findRunningPostgres } from '../../src/platform/embedded/running-postgres.node.ts';
import { startEmbeddedPostgres } from '../../src/platform/embedded/start-embedded-postgres.node.ts';
import {
  type AuditStage,
  anyEntries,
  openAuditStage,
  settle,
  writeEntries,
} from '../support/audit-chain.ts';
import { makeTestFolder } from '../support/postgres.ts';
import { startProgram } from '../support/program.ts';

let stage: AuditStage;
let head: ChainEnd;

beforeAll(async () => {
  stage = await openAuditStage();
  const [entries = []] = fc.sample(anyEntries(40), { numRuns: 1, seed: 1 });
  await writeEntries(stage, entries);
  await settle(stage);
  head = (await publishHead(stage.database.single, 0)) ?? { position: 0, hash: '' };
});
afterAll(() => stage?.close());

async function tapline(...args: string[]) {
  const program = startProgram(['src/cli.ts', ...args], { DATABASE_URL: stage.url });
  const code = await program.ended;
  return { code, said: program.said(), complained: program.complained() };
}

const headText = () => `${head.position}:${head.hash}`;

describe('audit verify', () => {
  test('ends with 0 and the end of the chain when it holds', async () => {
    const { code, said } = await tapline('audit', 'verify', '--head', headText());
    expect(said).toBe(`the audit holds up to position 40, hash ${head.hash}\n`);
    expect(code).toBe(0);
  });

  test('reminds of the head that only its reader can have', async () => {
    const { code, said } = await tapline('audit', 'verify');
    expect(said).toMatch(/^the audit holds up to position 40.*\nno head was given/);
    expect(code).toBe(0);
  });

  test.each([
    ['another head', () => `40:${'0'.repeat(64)}`, 'rewritten at position 40'],
    ['a head after the end', () => `41:${head.hash}`, 'truncated at position 41'],
  ])('ends with 1 for %s', async (_what, given, found) => {
    const { code, said } = await tapline('audit', 'verify', '--head', given());
    expect(said).toContain(`the audit was tampered with: ${found}`);
    expect(code).toBe(1);
  });

  test.each(['verify --head x', 'repair'])(
    'tells how it is used when it is asked to %s',
    async (words) => {
      const { code, complained } = await tapline('audit', ...words.split(' '));
      expect(complained).toContain('usage: ');
      expect(code).toBe(2);
    },
  );

  test('ends with 1 when there is no server', async () => {
    const unreachable = startProgram(['src/cli.ts', 'audit', 'verify'], {
      DATABASE_URL: 'postgres://tapline@127.0.0.1:1/tapline',
    });
    expect(await unreachable.ended).toBe(1);
  });
});

test('who has nothing of Tapline computes the same from the page that tells how', async () => {
  const page = readFileSync(new URL('../../docs/audit.md', import.meta.url), 'utf8');
  const [, script = ''] = /```js\n(.*?)```/s.exec(page) ?? [];
  const [, statement = ''] = /-At -c "(.*?)" > chain/s.exec(page) ?? [];
  const [, intruders = ''] = /```sql\n(.*?)```/s.exec(page) ?? [];
  const rows = await stage.ask<{ json_build_object: object }>(statement.replaceAll('\\"', '"'));
  expect(await stage.ask(intruders)).toEqual([]);
  const folder = await mkdtemp(join(tmpdir(), 'tapline-audit-'));
  const compute = async (lines: readonly object[]) => {
    await writeFile(
      join(folder, 'chain.jsonl'),
      lines.map((line) => JSON.stringify(line)).join('\n'),
    );
    const options = { cwd: folder, encoding: 'utf8' } as const;
    return spawnSync(process.execPath, ['--input-type=module', '--eval', script], options);
  };
  const exported = rows.map(({ json_build_object: line }) => line);
  expect((await compute(exported)).stdout).toBe(`${headText()}\n`);
  const broken = await compute(exported.toSpliced(7, 1));
  expect(broken.stderr).toContain('broken: 8');
  await rm(folder, { recursive: true });
});

test('the embedded database of a running service is found', async () => {
  const folder = await makeTestFolder();
  expect(await findRunningPostgres(folder)).toBeNull();
  const { url, stop } = await startEmbeddedPostgres({ dataDir: folder, log: () => {} });
  expect(await findRunningPostgres(folder)).toBe(url);
  await stop();
  expect(await findRunningPostgres(folder)).toBeNull();
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}, 60_000);
