import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openDatabase } from '../../src/platform/database.node.ts';
import type { Database } from '../../src/platform/database.ts';
import { tell } from '../support/counter.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { openLine } from '../support/live-line.ts';
import { clientOf } from '../support/service-client.ts';
import { type ServiceProcess, startServiceProcess } from '../support/service-process.ts';
import { type Merchant, World } from '../support/world.ts';

// Processes start and stop, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const ROOT_KEY = 'root-key-of-the-tests';

let base: TestDatabase;
let database: Database;
let first: ServiceProcess;
let second: ServiceProcess | undefined;
let shop: Merchant;

const start = () => startServiceProcess({ DATABASE_URL: base.url, TAPLINE_ROOT_KEY: ROOT_KEY });

beforeAll(async () => {
  base = await createTestDatabase();
  database = openDatabase({ connectionString: base.url, max: 2 });
  first = await start();
  const as = (key: string | null) => clientOf(first.url, key);
  const world = new World({ root: as(ROOT_KEY), as });
  shop = await world.merchant();
  await world.store(shop, 'harbour');
});
afterAll(async () => {
  await first?.kill();
  await second?.kill();
  await database?.close();
  await base?.drop();
});

const open = ({ url }: ServiceProcess, after?: number) =>
  openLine(url, 'till-harbour', {
    headers: { authorization: `Bearer ${shop.apiKey}` },
    ...(after !== undefined && { after }),
  });
const tap = (note: number) => tell({ database }, shop, 'till-harbour', { detail: { note } });

test('a process that is killed and one that is stopped lose no tap, and none comes twice', async () => {
  const heard: unknown[] = [];
  const note = (reader: Awaited<ReturnType<typeof open>>) =>
    heard.push(...reader.events().map(({ detail }) => detail.note));
  const before = await open(first);
  await tap(1);
  await before.until(() => before.events().length === 1);
  await first.kill();
  await before.ended;
  note(before);
  await tap(2);
  await tap(3);

  second = await start();
  const after = await open(second, before.events().at(-1)?.number);
  await tap(4);
  await after.until(() => after.events().length === 3);
  // Graceful: a line without an end does not hold the stop up.
  const begun = performance.now();
  const stopped = second.stop();
  await after.ended;
  expect(performance.now() - begun).toBeLessThan(5000);
  expect(await stopped).toBe(0);
  note(after);
  await tap(5);

  second = await start();
  const last = await open(second, after.events().at(-1)?.number);
  await last.until(() => last.events().length === 1);
  await pause(300);
  note(last);
  last.close();
  expect(heard).toEqual([1, 2, 3, 4, 5]);
});

test('every connection to the database killed at once: the line comes back and has lost nothing', async () => {
  second = second?.isRunning() ? second : await start();
  const before = await open(second);
  const killer = new pg.Client({ connectionString: base.url });
  await killer.connect();
  await killer.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name like 'tapline-%'`,
  );
  await killer.end();
  await database.close();
  database = openDatabase({ connectionString: base.url, max: 2 });
  const numbers = [await tap(6), await tap(7)];
  const heard = () => before.events().map(({ number }) => number);
  await Promise.race([before.ended, before.until(() => heard().length === 2)]);
  const rest = await open(second, heard().at(-1) ?? before.hello.last);
  await rest.until(() => heard().length + rest.events().length >= 2);
  expect([...heard(), ...rest.events().map(({ number }) => number)]).toEqual(numbers);
  before.close();
  rest.close();
});
