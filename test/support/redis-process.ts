import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';
import { makeTestFolder } from './postgres.ts';

/** Where this machine has a Redis server; null when it has none. */
export const REDIS_SERVER =
  (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'redis-server'))
    .find((path) => existsSync(path)) ?? null;

/** A Redis of the test's own that keeps nothing when it dies. */
export interface RedisProcess {
  readonly url: string;
  readonly redis: Redis;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again, empty. */
  start(): Promise<void>;
  close(): Promise<void>;
}

export async function startRedis(server: string): Promise<RedisProcess> {
  const folder = await makeTestFolder();
  const port = await freePort();
  const redis = new Redis({ port, host: '127.0.0.1', retryStrategy: () => 50 });
  redis.on('error', () => {});
  let running: ChildProcess | null = null;
  const kill = async () => {
    if (running === null) return;
    const exited = once(running, 'exit');
    running.kill('SIGKILL');
    await exited;
    running = null;
  };
  const start = async () => {
    const settings = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
    const forgetful = ['--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'];
    running = spawn(server, [...settings, ...forgetful], { stdio: 'ignore' });
    while ((await redis.ping().catch(() => '')) !== 'PONG') await pause(20);
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    redis,
    kill,
    start,
    close: async () => {
      redis.disconnect();
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
