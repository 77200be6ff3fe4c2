import { Redis } from 'ioredis';
import pg from 'pg';
import { type DatabaseSettings, parseRedisInfo, type RedisSettings } from './safety.ts';

/** The settings that a session of this user in this database gets when it asks for none. */
export async function readDatabaseSettings(connectionString: string): Promise<DatabaseSettings> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows } = await client.query<DatabaseSettings>(
      `select current_setting('fsync') as fsync,
         current_setting('synchronous_commit') as synchronous_commit,
         current_setting('full_page_writes') as full_page_writes`,
    );
    const [settings] = rows;
    if (settings === undefined) throw new Error('the database did not tell its settings');
    return settings;
  } finally {
    await client.end();
  }
}

/** Asks by INFO, because hosted servers forbid CONFIG. */
export async function readRedisSettings(url: string): Promise<RedisSettings> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 10_000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  // The failed call below says what went wrong; without a listener ioredis writes it to stderr too.
  redis.on('error', () => {});
  try {
    await redis.connect();
    return parseRedisInfo(await redis.info('memory'));
  } finally {
    redis.disconnect();
  }
}
