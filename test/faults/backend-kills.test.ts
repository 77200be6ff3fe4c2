import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { killBackends } from '../support/backend-killer.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { runOn } from '../support/postgres.ts';
import type { DriverName, LoadReport } from './pair-load.ts';

const LOAD = fileURLToPath(new URL('pair-load.ts', import.meta.url));
const KILLS = { like: 'tapline-%', everyMs: 40 };

/** What went wrong in a run; each list is empty for a driver that can be trusted. */
interface Faults {
  readonly uncaught: readonly string[];
  readonly hung: readonly string[];
  /** One of the two rows without the other. */
  readonly half: readonly string[];
  /** Acknowledged, and not there. */
  readonly lost: readonly string[];
  /** Said to have failed with nothing changed, and there. */
  readonly undenied: readonly string[];
}

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await runOn(database.url, 'create table pairs (id text, half text, primary key (id, half))');
});
beforeEach(() => runOn(database.url, 'truncate pairs'));
afterAll(() => database.drop());

describe.each<[driver: DriverName, twin: DriverName, fault: (faults: Faults) => number]>([
  ['pg', 'drizzle on postgres.js', countOf],
  ['edge', 'bare postgres.js', ({ half }) => half.length],
])('transactions through %s while backends are killed', (driver, twin, faultOf) => {
  it('are whole, answered and true to their answer', async () => {
    const { report, faults, kills } = await loadUnderKills(driver, { seconds: 6, patience: 12 });
    const { calls, done, unknown, failed } = report;
    const found = await pairsOf(unknown);
    const resolved = `${unknown.length} of unknown outcome, ${found.size} of them happened`;
    console.log(`${driver}: ${calls} calls, ${kills} kills, ${failed.length} failed, ${resolved}`);
    expect(faults).toEqual({ uncaught: [], hung: [], half: [], lost: [], undenied: [] });
    expect(kills).toBeGreaterThan(50);
    expect(done.length).toBeGreaterThan(50);
  }, 60_000);

  it(`are not with ${twin}`, async () => {
    let faults: Faults;
    let runs = 0;
    do {
      runs += 1;
      faults = (await loadUnderKills(twin, { seconds: 4, patience: 2 })).faults;
    } while (faultOf(faults) === 0 && runs < 8);
    const counts = Object.entries(faults).map(([fault, cases]) => `${cases.length} ${fault}`);
    console.log(`${twin}, run ${runs}: ${counts.join(', ')}`);
    expect(faultOf(faults)).toBeGreaterThan(0);
  }, 120_000);
});

function countOf(faults: Faults): number {
  return Object.values(faults).flat().length;
}

interface LoadOptions {
  readonly seconds: number;
  readonly patience: number;
}

async function loadUnderKills(driver: DriverName, options: LoadOptions) {
  const killer = await killBackends(database.url, KILLS);
  const report = await load(driver, options).finally(() => killer.stop());
  return { report, kills: await killer.stop(), faults: await faultsOf(report) };
}

async function load(driver: DriverName, { seconds, patience }: LoadOptions): Promise<LoadReport> {
  const args = ['--import', 'tsx', LOAD, driver, database.url, String(seconds), String(patience)];
  const options = { maxBuffer: 1e8, timeout: 40_000, killSignal: 'SIGKILL' } as const;
  const { stdout } = await promisify(execFile)(process.execPath, args, options);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as LoadReport;
}

async function faultsOf({ uncaught, hung, done, failed }: LoadReport): Promise<Faults> {
  const half = await runOn<{ id: string }>(
    database.url,
    'select id from pairs group by id having count(*) <> 2',
  );
  const [acknowledged, denied] = [await pairsOf(done), await pairsOf(failed)];
  return {
    uncaught,
    hung,
    half: half.map(({ id }) => id),
    lost: done.filter((id) => !acknowledged.has(id)),
    undenied: [...denied],
  };
}

/** Those of these pairs that are there whole. */
async function pairsOf(ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await runOn<{ id: string }>(
    database.url,
    'select id from pairs where id = any ($1) group by id having count(*) = 2',
    [ids],
  );
  return new Set(rows.map(({ id }) => id));
}
