import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { readDatabaseSettings, readRedisSettings } from '../../src/platform/safety.node.ts';
import { unsafeDatabaseSettings, unsafeRedisSettings } from '../../src/platform/safety.ts';
import { createTestDatabase } from '../support/database.ts';
import { runOn } from '../support/postgres.ts';

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

describe.skipIf(!hasRedis())('a Redis', () => {
  let redis: ChildProcess | undefined;
  afterEach(async () => {
    redis?.kill('SIGKILL');
    if (redis) await once(redis, 'exit');
  });

  it.each([
    ['noeviction', []],
    ['allkeys-lru', [expect.stringContaining('allkeys-lru')]],
  ])('with maxmemory-policy %s', async (policy, reasons) => {
    const port = await freePort();
    const limits = ['--maxmemory', '64mb', '--maxmemory-policy', policy];
    const server = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', tmpdir()];
    redis = spawn('redis-server', [...server, ...limits], { stdio: 'ignore' });
    await expect
      .poll(() => readRedisSettings(`redis://127.0.0.1:${port}`).catch(() => null), {
        timeout: 5_000,
      })
      .toEqual({ maxmemoryPolicy: policy, maxmemory: 64 * 1024 * 1024 });
    const settings = await readRedisSettings(`redis://127.0.0.1:${port}`);
    expect(unsafeRedisSettings(settings)).toEqual(reasons);
  });

  it('that is not there is an error, not a wait', async () => {
    redis = undefined;
    await expect(readRedisSettings(`redis://127.0.0.1:${await freePort()}`)).rejects.toThrow();
  });
});

function hasRedis(): boolean {
  try {
    execFileSync('redis-server', ['--version']);
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}
