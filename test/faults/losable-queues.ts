import { migrateDatabase } from '../../src/platform/migrate.node.ts';
import { sqlState } from '../../src/platform/transact.ts';
import { queueName } from '../../src/queue/jobs.ts';
import type { QueuePlace } from '../../src/queue/queue.node.ts';
import { runOn } from '../support/postgres.ts';
import { startRedis } from '../support/redis-process.ts';

/** A place of the queue to which everything may happen. */
export interface LosableQueue {
  readonly place: QueuePlace;
  /** What a service needs to find it. */
  readonly env: Readonly<Record<string, string>>;
  /** How many jobs are in it. */
  jobs(): Promise<number>;
  /** Empties it; gives how many jobs were lost. */
  wipe(): Promise<number>;
  /** From now on nobody can reach it. */
  leave(): Promise<void>;
  /** Brings it back empty, as whoever starts it again would. */
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

/** BullMQ's tables in the database of the service. */
export async function queueInPostgres(databaseUrl: string): Promise<LosableQueue> {
  const run = (statement: string) => unlessDeadlocked(() => runOn(databaseUrl, statement));
  return {
    place: { kind: 'postgres', connectionString: databaseUrl },
    env: {},
    jobs: async () => (await run('select id from bullmq.job')).length,
    wipe: async () => {
      const lost = await run('delete from bullmq.job returning id');
      await run('delete from bullmq.dedup');
      await run('delete from bullmq.dedup_next');
      return lost.length;
    },
    leave: async () => void (await run('drop schema bullmq cascade')),
    comeBack: () => migrateDatabase(databaseUrl, { log: () => {}, queue: true }),
    close: async () => {},
  };
}

async function unlessDeadlocked<T>(run: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (sqlState(error) !== '40P01') throw error;
    }
  }
}

/** A Redis of the test's own, with the queues of the service on that database. */
export async function queueInRedis(server: string, databaseUrl: string): Promise<LosableQueue> {
  const { url, redis, kill, start, close } = await startRedis(server);
  const prefix = `{tapline:${new URL(databaseUrl).pathname.slice(1)}}`;
  const lists = Object.values(queueName).flatMap((name) =>
    ['wait', 'active'].map((state) => `${prefix}:${name}:${state}`),
  );
  const countAnd = async (wiping: boolean) => {
    const asked = redis.multi();
    for (const list of lists) asked.llen(list);
    if (wiping) asked.flushall();
    const answers = (await asked.exec()) ?? [];
    return lists.reduce((sum, _list, n) => sum + Number(answers[n]?.[1]), 0);
  };
  return {
    place: { kind: 'redis', url, prefix },
    env: { REDIS_URL: url },
    jobs: () => countAnd(false),
    wipe: () => countAnd(true),
    leave: kill,
    comeBack: start,
    close,
  };
}
