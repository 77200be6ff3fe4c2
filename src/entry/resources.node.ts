import type { Config } from '../platform/config.ts';
import { startEmbeddedPostgres } from '../platform/embedded/start-embedded-postgres.node.ts';
import type { Log } from '../platform/log.ts';
import { migrateDatabase } from '../platform/migrate.node.ts';
import { readDatabaseSettings, readRedisSettings } from '../platform/safety.node.ts';
import { unsafeDatabaseSettings, unsafeRedisSettings } from '../platform/safety.ts';
import type { QueuePlace } from '../queue/queue.node.ts';

/** What a process stands on: a migrated, safely set PostgreSQL and a place for the queue. */
export interface Resources {
  readonly databaseUrl: string;
  readonly queuePlace: QueuePlace;
  release(): Promise<void>;
}

/** The start was refused for a reason the operator can mend. */
export class StartRefusedError extends Error {
  override readonly name = 'StartRefusedError';
}

/** Starts or finds the database, refuses unsafe settings, and migrates. */
export async function openResources(
  config: Config,
  log: Log,
  say: (line: string) => void,
): Promise<Resources> {
  const embedded =
    config.databaseUrl === null
      ? await startEmbeddedPostgres({
          dataDir: config.dataDir,
          log: say,
          // New tables grow fast; a plan follows when their statistics do.
          settings: { autovacuum_naptime: '10s' },
          onLost: () => log.error('another process took the data folder over'),
        })
      : null;
  const databaseUrl = embedded?.url ?? config.databaseUrl ?? '';
  try {
    await refuseUnsafe(databaseUrl, config.redisUrl);
    await migrateDatabase(databaseUrl, { log: say, queue: config.redisUrl === null });
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
  return {
    databaseUrl,
    queuePlace: queuePlace(databaseUrl, config.redisUrl),
    release: async () => void (await embedded?.stop()),
  };
}

async function refuseUnsafe(databaseUrl: string, redisUrl: string | null): Promise<void> {
  const reasons = unsafeDatabaseSettings(await readDatabaseSettings(databaseUrl));
  if (redisUrl !== null) reasons.push(...unsafeRedisSettings(await readRedisSettings(redisUrl)));
  if (reasons.length > 0) throw new StartRefusedError(reasons.join('\n'));
}

function queuePlace(databaseUrl: string, redisUrl: string | null): QueuePlace {
  if (redisUrl === null) return { kind: 'postgres', connectionString: databaseUrl };
  // Databases that share a Redis, such as a test beside a service, must not share queues.
  const name = decodeURIComponent(new URL(databaseUrl).pathname.slice(1));
  return { kind: 'redis', url: redisUrl, prefix: `{tapline:${name}}` };
}
