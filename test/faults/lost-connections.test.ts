import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../src/platform/log.ts';
import { listen } from '../../src/platform/wake-channel.node.ts';
import { openQueues, type Queues } from '../../src/queue/queue.node.ts';
import { killBackends } from '../support/backend-killer.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { runOn } from '../support/postgres.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

const CHILD = fileURLToPath(new URL('queue-child.ts', import.meta.url));

let database: TestDatabase;
let proxy: TcpProxy;

beforeEach(async () => {
  database = await createTestDatabase();
  proxy = await startTcpProxy(database.url);
});
afterEach(async () => {
  await proxy.close();
  await database.drop();
});

describe('a listener', () => {
  const listeners = () =>
    runOn(
      database.url,
      `select from pg_stat_activity
        where datname = current_database() and application_name = 'tapline-listen'`,
    );
  const notify = () => runOn(database.url, `notify claims_decided`);

  it('is told what was said, and to look whatever it was after it connected', async () => {
    const told: (string | null)[] = [];
    const stop = await listen(database.url, 'a_channel', (said) => told.push(said), silentLog);
    await expect.poll(() => told).toEqual([null]);
    await runOn(database.url, `notify a_channel, '1990/till-7'`);
    await expect.poll(() => told).toEqual([null, '1990/till-7']);
    await stop();
  });

  it('listens again, over one connection, however often that was lost', async () => {
    let calls = 0;
    const stop = await listen(proxy.url, 'claims_decided', () => void calls++, silentLog);
    for (let loss = 0; loss < 3; loss++) {
      proxy.refuse(true);
      await runOn(
        database.url,
        `select pg_terminate_backend(pid) from pg_stat_activity
          where application_name = 'tapline-listen' and datname = current_database()`,
      );
      await pause(400);
      const before = calls;
      proxy.refuse(false);
      // It is called once when it listens again, for what it may have missed.
      await expect.poll(() => calls, { timeout: 5000 }).toBeGreaterThan(before);
    }
    await pause(500);
    expect(await listeners()).toHaveLength(1);
    const before = calls;
    await notify();
    await expect.poll(() => calls).toBe(before + 1);
    await stop();
    await expect.poll(listeners).toHaveLength(0);
  });

  it('can be stopped while its connection is lost', async () => {
    const stop = await listen(proxy.url, 'claims_decided', () => {}, silentLog);
    await proxy.close();
    await pause(50);
    const begun = Date.now();
    await stop();
    expect(Date.now() - begun).toBeLessThan(3000);
    proxy = await startTcpProxy(database.url);
  });
});

describe('a worker whose first connections fail', () => {
  let queues: Queues;
  let child: ChildProcess;
  let lines: string[];

  beforeEach(() => {
    queues = openQueues({ kind: 'postgres', connectionString: database.url });
    lines = [];
    proxy.refuse(true);
  });
  afterEach(async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
    await queues.close();
  });

  async function startWhileRefused(kind: 'ours' | 'bare'): Promise<void> {
    child = spawn(process.execPath, ['--import', 'tsx', CHILD, kind, proxy.url], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (child.stdout === null) throw new Error('the child has no output');
    createInterface({ input: child.stdout }).on('line', (line) => void lines.push(line));
    await expect.poll(() => proxy.refused, { timeout: 20_000 }).toBeGreaterThan(0);
    await pause(500);
    proxy.refuse(false);
    await queues.send([{ name: 'clones.make', data: { n: 1 }, jobId: 'job-1' }]);
  }

  it('works as soon as it can', async () => {
    await startWhileRefused('ours');
    await expect.poll(() => lines, { timeout: 10_000 }).toContain('job {"n":1}');
  });

  it('would block its whole process for good if it were run at once', async () => {
    await startWhileRefused('bare');
    const before = lines.length;
    await pause(4000);
    expect(lines).toHaveLength(before);
  });
});

describe('queues whose first connections fail', () => {
  it('take jobs as soon as they can, and fail in time until then', async () => {
    proxy.refuse(true);
    const queues = openQueues({ kind: 'postgres', connectionString: proxy.url });
    await expect(queues.ringClaims(1)).rejects.toThrow();
    expect(await queues.ready()).toBe(false);
    proxy.refuse(false);
    await expect.poll(() => queues.ready(), { timeout: 15_000 }).toBe(true);
    await queues.ringClaims(1);
    await queues.close();
  });
});

it('a process dies of it whose pool nobody listens to', async () => {
  const script = `
    const { default: pg } = await import('pg');
    const pool = new pg.Pool({ connectionString: process.argv[1], application_name: 'naive' });
    for (;;) await pool.query('select 1').catch(() => {});`;
  const flags = ['--input-type=module', '--eval', script, database.url];
  const child = spawn(process.execPath, flags, { stdio: 'ignore' });
  const exited = once(child, 'exit');
  const killer = await killBackends(database.url, { like: 'naive', everyMs: 20 });
  const [code] = await Promise.race([exited, pause(20_000, ['lives on'])]);
  await killer.stop();
  child.kill('SIGKILL');
  expect(code).toBe(1);
});
