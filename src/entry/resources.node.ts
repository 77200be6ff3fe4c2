import type { Config } from '../platform/config.ts';
import { startEmbeddedPostgres } from '../platform/embedded/start-embedded-postgres.node.ts';
import { migrateDatabase } from '../platform/migrate.node.ts';
import { readDatabaseSettings, readRedisSettings } from '../platform/safety.node.ts';
import { unsafeDatabaseSettings, unsafeRedisSettings } from '../platform/safety.ts';
import { type Sealer, sealerOf } from '../platform/sealing.ts';
import { readOrMakeSecretKey } from '../platform/secret-key.node.ts';
import type { QueuePlace } from '../queue/queue.node.ts';
import { type ProcessContext, StartRefusedError } from './start.ts';

/** What a process stands on: a migrated, safely set PostgreSQL and a place for the queue. */
export interface Resources {
  readonly databaseUrl: string;
  readonly queuePlace: QueuePlace;
  /** Null where no key is set and the database is not our own. */
  readonly sealer: Sealer | null;
  release(): Promise<void>;
}

/** Starts or finds the database, refuses unsafe settings, and migrates. */
export async function openResources(context: ProcessContext): Promise<Resources> {
  const { config, log, say, end, ending } = context;
  const embedded =
    config.databaseUrl === null
      ? await startEmbeddedPostgres({
          dataDir: config.dataDir,
          log: say,
          // New tables grow fast; a plan follows when their statistics do.
          settings: { autovacuum_naptime: '10s' },
          // Whoever watches over this process starts it again, and a start mends the data folder.
          onLost: (error) => {
            log.error(error.message);
            end(1);
          },
        })
      : null;
  const databaseUrl = embedded?.url ?? config.databaseUrl ?? '';
  let sealer: Sealer | null;
  try {
    ending.throwIfAborted();
    sealer = await openSealer(config);
    await refuseUnsafe(databaseUrl, config.redisUrl);
    await migrateDatabase(databaseUrl, { log: say, queue: config.redisUrl === null });
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
  return {
    databaseUrl,
    queuePlace: queuePlace(databaseUrl, config.redisUrl),
    sealer,
    release: async () => void (await embedded?.stop()),
  };
}

async function openSealer({ secretKey, databaseUrl, dataDir }: Config): Promise<Sealer | null> {
  if (secretKey !== null) return sealerOf(secretKey);
  return databaseUrl === null ? sealerOf(await readOrMakeSecretKey(dataDir)) : null;
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
