import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { killBackends } from '../support/backend-killer.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { runOn } from '../support/postgres.ts';
import type { DriverName, LoadReport } from './pair-load.ts';

const LOAD = fileURLToPath(new URL('pair-load.ts', import.meta.url));
const KILLS = { like: 'tapline-%', everyMs: 25 };

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

describe.each<[driver: DriverName, twin: DriverName]>([
  ['pg', 'drizzle on postgres.js'],
  ['edge', 'bare postgres.js'],
])('transactions through %s while backends are killed', (driver, twin) => {
  it('are whole, answered and true to their answer', async () => {
    const { report, faults, kills } = await loadUnderKills(driver, 6);
    const { calls, unknown, failed } = report;
    const found = await pairsOf(unknown);
    const resolved = `${unknown.length} of unknown outcome, ${found.size} of them happened`;
    console.log(`${driver}: ${calls} calls, ${kills} kills, ${failed.length} failed, ${resolved}`);
    expect(faults).toEqual({ uncaught: [], hung: [], half: [], lost: [], undenied: [] });
    expect(kills).toBeGreaterThan(50);
    expect(report.done.length).toBeGreaterThan(200);
  }, 60_000);

  it(`are not with ${twin}`, async () => {
    const seen: Faults[] = [];
    do {
      seen.push((await loadUnderKills(twin, 4)).faults);
    } while (seen.every(isClean) && seen.length < 6);
    const last = Object.entries(seen.at(-1) ?? {});
    console.log(`${twin}:`, last.map(([fault, cases]) => `${cases.length} ${fault}`).join(', '));
    expect(seen.some(isClean) && seen.every(isClean)).toBe(false);
  }, 120_000);
});

function isClean(faults: Faults): boolean {
  return Object.values(faults).every((cases) => cases.length === 0);
}

async function loadUnderKills(driver: DriverName, seconds: number) {
  const killer = await killBackends(database.url, KILLS);
  const report = await load(driver, seconds).finally(() => killer.stop());
  const kills = await killer.stop();
  return { report, kills, faults: await faultsOf(report) };
}

async function load(driver: DriverName, seconds: number): Promise<LoadReport> {
  const args = ['--import', 'tsx', LOAD, driver, database.url, String(seconds)];
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
