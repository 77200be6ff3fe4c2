import { type RunningWorkers, startWorkers } from '../../workers/start.ts';
import type { Config } from '../platform/config.ts';
import { openDatabase } from '../platform/database.node.ts';
import type { Log } from '../platform/log.ts';
import { openMetrics } from '../platform/metrics.node.ts';
import { startApi } from './api.node.ts';
import { openResources } from './resources.node.ts';

export interface RunningService {
  readonly url: string;
  readonly origin: string;
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly config: Config;
  readonly log: Log;
  /** Progress in plain words, for a person. */
  readonly say: (line: string) => void;
  /** Without workers, other processes must run them on the same database. */
  readonly workers: boolean;
}

/** Starts the whole service in this process: API and workers on one PostgreSQL. */
export async function startService(options: StartOptions): Promise<RunningService> {
  const { config, log, say } = options;
  const resources = await openResources(config, log, say);
  const metrics = openMetrics();
  const workerDatabase = openDatabase({
    connectionString: resources.databaseUrl,
    max: 8,
    applicationName: 'tapline-worker',
  });
  let workers: RunningWorkers | null = null;
  const stopWorkers = async () => {
    await workers?.stop();
    await workerDatabase.close();
  };
  try {
    const context = { database: workerDatabase, log, metrics };
    if (options.workers) workers = await startWorkers(context, resources.queuePlace);
    const outboxRang = () => workers?.relayNow();
    const api = await startApi({ config, resources, log, metrics, outboxRang });
    return {
      url: api.url,
      origin: api.origin,
      stop: async () => {
        await api.stop();
        await stopWorkers();
        await resources.release();
      },
    };
  } catch (error) {
    await stopWorkers();
    await resources.release();
    throw error;
  }
}
