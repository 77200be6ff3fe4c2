import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openResources } from '../../src/entry/resources.node.ts';
import { StartRefusedError } from '../../src/entry/start.ts';
import { readConfig } from '../../src/platform/config.ts';
import { silentLog } from '../../src/platform/log.ts';
import { readDatabaseSettings, readRedisSettings } from '../../src/platform/safety.node.ts';
import { unsafeDatabaseSettings, unsafeRedisSettings } from '../../src/platform/safety.ts';
import { createTestDatabase } from '../support/database.ts';
import { type MortalPostgres, startMortalPostgres } from '../support/mortal-postgres.ts';
import { runOn } from '../support/postgres.ts';
import { proven, twinFailed } from '../support/proof.ts';
import { REDIS_SERVER, type RedisProcess, startRedis } from '../support/redis-process.ts';

/** Why a start refuses these servers; that it does not when it does not. */
async function refusalOf(env: Readonly<Record<string, string>>): Promise<string> {
  const ending = new AbortController().signal;
  const quiet = { log: silentLog, say: () => {}, end: () => {}, ending };
  try {
    const resources = await openResources({ config: readConfig(env), ...quiet });
    await resources.release();
    return 'it starts';
  } catch (error) {
    if (!(error instanceof StartRefusedError)) throw error;
    return error.message;
  }
}

describe('a database', () => {
  it('is safe as PostgreSQL comes', async () => {
    const database = await createTestDatabase();
    expect(unsafeDatabaseSettings(await readDatabaseSettings(database.url))).toEqual([]);
    await database.drop();
  });

  it('is unsafe when it alone has synchronous_commit off', async () => {
    const database = await createTestDatabase();
    const name = new URL(database.url).pathname.slice(1);
    await runOn(database.url, `alter database ${name} set synchronous_commit = off`);
    const reasons = unsafeDatabaseSettings(await readDatabaseSettings(database.url));
    expect(reasons).toEqual([expect.stringContaining('synchronous_commit is off')]);
    await database.drop();
  });
});

const withoutRedis = REDIS_SERVER === null ? ' (this machine has no redis-server)' : '';

describe('a start on a PostgreSQL that may lose', () => {
  const SETTINGS = ['fsync', 'full_page_writes', 'synchronous_commit'] as const;
  let postgres: MortalPostgres;

  beforeEach(async () => {
    postgres = await startMortalPostgres();
  });
  afterEach(() => postgres?.close());

  /** As the server tells every new session from now on. */
  async function setTo(name: (typeof SETTINGS)[number], value: 'on' | 'off'): Promise<void> {
    await runOn(postgres.url, `alter system set ${name} = ${value}`);
    await runOn(postgres.url, 'select pg_reload_conf()');
    const told = async () => (await readDatabaseSettings(postgres.url))[name];
    await expect.poll(told, { timeout: 20_000 }).toBe(value);
  }

  it('is refused with the reason', async (context) => {
    const refused: string[] = [];
    for (const name of SETTINGS) {
      await setTo(name, 'off');
      const reason = await refusalOf({ DATABASE_URL: postgres.url });
      expect(reason).toContain(`${name} is off`);
      refused.push(name);
      await setTo(name, 'on');
    }
    expect(await refusalOf({ DATABASE_URL: postgres.url })).toBe('it starts');
    const faults = `starts on PostgreSQL with ${SETTINGS.join(', ')} off${withoutRedis}`;
    proven(context, 'D4', faults, `${refused.length} of ${SETTINGS.length} refused`);
  }, 120_000);

  it('loses what it has acknowledged in its naive twin, which does not look', async (context) => {
    await runOn(postgres.url, 'create table acknowledged (n int)');
    await setTo('synchronous_commit', 'off');
    let [written, lost] = [0, 0];
    for (let crashes = 0; crashes < 10 && lost === 0; crashes++) {
      for (let n = 0; n < 20; n++) {
        await runOn(postgres.url, 'insert into acknowledged values (1)');
        written += 1;
      }
      await postgres.die('SIGQUIT');
      await postgres.startAgain();
      const [kept] = await runOn<{ n: number }>(
        postgres.url,
        'select count(*)::int as n from acknowledged',
      );
      lost = written - (kept?.n ?? 0);
    }
    expect(lost).toBeGreaterThan(0);
    const faults = 'writes with synchronous_commit off, and a crash';
    twinFailed(context, 'D4', faults, `${written} acknowledged, ${lost} lost`);
  }, 120_000);
});

describe.skipIf(REDIS_SERVER === null)('a Redis', () => {
  let server: RedisProcess;

  beforeEach(async () => {
    server = await startRedis(REDIS_SERVER ?? '');
  });
  afterEach(() => server?.close());

  async function keepTo(megabytes: number, policy: string): Promise<void> {
    await server.redis.config('SET', 'maxmemory', `${megabytes}mb`);
    await server.redis.config('SET', 'maxmemory-policy', policy);
  }

  it.each([
    ['noeviction', []],
    ['allkeys-lru', [expect.stringContaining('allkeys-lru')]],
  ])('with maxmemory-policy %s', async (policy, reasons) => {
    await keepTo(64, policy);
    const settings = await readRedisSettings(server.url);
    expect(settings).toEqual({ maxmemoryPolicy: policy, maxmemory: 64 * 1024 * 1024 });
    expect(unsafeRedisSettings(settings)).toEqual(reasons);
  });

  it('that is not there is an error, not a wait', async () => {
    await server.kill();
    await expect(readRedisSettings(server.url)).rejects.toThrow();
  });

  it('that evicts is no place to start on', async (context) => {
    const database = await createTestDatabase();
    const policies = ['allkeys-lru', 'volatile-ttl'];
    const refused: string[] = [];
    for (const policy of policies) {
      await keepTo(64, policy);
      const reason = await refusalOf({ DATABASE_URL: database.url, REDIS_URL: server.url });
      expect(reason).toContain(`maxmemory-policy is ${policy}`);
      refused.push(policy);
    }
    await database.drop();
    const faults = `starts on Redis with ${policies.join(', ')}`;
    proven(context, 'D4', faults, `${refused.length} of ${policies.length} refused`);
  }, 120_000);

  it('that evicts loses jobs in the naive twin, which does not look', async (context) => {
    await keepTo(4, 'allkeys-lru');
    const jobs = Array.from({ length: 8000 }, (_, n) => ['set', `job:${n}`, 'x'.repeat(1000)]);
    const answers = (await server.redis.pipeline(jobs).exec()) ?? [];
    const taken = answers.filter(([, answer]) => answer === 'OK').length;
    const lost = taken - (await server.redis.dbsize());
    expect(lost).toBeGreaterThan(0);
    twinFailed(context, 'D4', 'jobs in 4 MB with allkeys-lru', `${taken} taken, ${lost} lost`);
  });
});
