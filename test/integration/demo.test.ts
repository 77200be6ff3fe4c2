import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeTestFolder, runOn } from '../support/postgres.ts';
import { startProgram } from '../support/program.ts';

let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await makeTestFolder();
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

interface Played {
  readonly code: number | null;
  readonly said: string;
  readonly complained: string;
}

/** `npm run demo -- --exit` on the database as it stands. */
async function playDemo(databaseUrl = database.url): Promise<Played> {
  const env = { PORT: '0', DATABASE_URL: databaseUrl, TAPLINE_DATA_DIR: folder };
  const demo = startProgram(['demo/main.ts', '--exit'], env);
  return { code: await demo.ended, said: demo.said(), complained: demo.complained() };
}

test('the story comes out as told, all 26 steps, and the demo leaves with 0', async () => {
  const { code, said, complained } = await playDemo();
  expect(complained).toBe('');
  expect(said).not.toContain('✗');
  expect(said.match(/^ ?\d+ ✓ /gm)).toHaveLength(26);
  expect(said).toContain('All 26 steps came out as told.');
  expect(code).toBe(0);
});

test('and again over what the first has left', async () => {
  expect(await playDemo()).toMatchObject({ code: 0, complained: '' });
});

test('in a world where the card lists nobody it stops at that step and leaves with 1', async () => {
  await runOn(
    database.url,
    `update pass_classes set redemption_issuers = '{}' where id = '123.r-basic'`,
  );
  const { code, said, complained } = await playDemo();
  expect(said).toMatch(/✗ Ana taps at Coffee-Foo: nothing, told was transferred 123\.r-basic/);
  expect(said).not.toContain('came out as told.');
  expect(complained).toMatch(/The demo failed: step \d+ did not come out as told/);
  expect(code).toBe(1);
});

test('without a database it says so and leaves with 1', async () => {
  const nowhere = database.url.replace(/[^/]*$/, 'no_such_database');
  const { code, complained } = await playDemo(nowhere);
  expect(complained).toContain('Tapline does not start');
  expect(code).toBe(1);
});
